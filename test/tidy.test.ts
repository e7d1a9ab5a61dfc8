/** What a machine can check about the text of the project, each fault with its fix. */

import { describe, expect, it } from 'vitest'
import { circuitFaults } from './tidy/circuits.ts'
import { projectFiles, type SourceFile } from './tidy/files.ts'
import { ruleFaults } from './tidy/rules.ts'
import { shapeFaults } from './tidy/shape.ts'
import { citationFaults, domainFaults, machineFaults } from './tidy/texts.ts'

const files = projectFiles()

describe('the project is tidy', () => {
  it('sees the project', () => {
    expect(files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['src/core/base/assert.ts', 'package.json']),
    )
  })

  it('files and functions are small, documented and finished', () => {
    expect(files.flatMap(shapeFaults)).toEqual([])
  })

  it('rules are implemented and tested, citations exist', () => {
    expect(ruleFaults(files)).toEqual([])
  })

  it('HASH-1 each hash domain is written once', () => {
    expect(domainFaults(files)).toEqual([])
  })

  it('files that comments of the simulator cite exist', () => {
    expect(citationFaults(files)).toEqual([])
  })

  it('nothing names a path of one machine', () => {
    expect(machineFaults(files)).toEqual([])
  })

  it('ZK-1 each input and output of a circuit is documented', () => {
    expect(circuitFaults(files)).toEqual([])
  })
})

function file(path: string, ...lines: readonly string[]): SourceFile {
  return { path, text: lines.join('\n') }
}

const header = '/** A file. */'

// Joined here, so that this file itself is tidy.
const leftover = ['TO', 'DO'].join('')
const plantedDomain = ['emotionalchain', 'v1', 'planted'].join('/')
const plantedPath = ['', 'home', 'ann', 'x'].join('/')

describe('the checks find what they look for', () => {
  it.each([
    ['long file', file('src/a.ts', header, ...Array.from({ length: 400 }, () => ''), '0')],
    ['wide line', file('src/a.ts', header, `// ${'a'.repeat(98)}`)],
    [
      'long function',
      file('src/a.ts', header, 'function a() {', ...Array<string>(69).fill(''), '}'),
    ],
    ['no header', file('src/a.ts', 'export const a = 1')],
    ['left-over', file('src/a.ts', header, `// ${leftover}: finish`)],
    ['barrel', file('src/core/index.ts', header)],
  ])('%s', (_name, planted) => {
    expect(shapeFaults(planted)).toHaveLength(1)
  })

  it('lets pass what is within the limits', () => {
    const within = file('src/a.ts', header, 'function a() {', ...Array<string>(68).fill(''), '}')
    const address = file('src/b.ts', header, `// https://example.org/${'a'.repeat(98)}`)
    const port = file('src/ports/index.ts', header)
    expect([within, address, port].flatMap(shapeFaults)).toEqual([])
  })

  it('rules without code, without test, and citations without a rule', () => {
    const spec = file(
      'docs/spec/x.md',
      '- **ABC-1** a',
      '- **ABC-2 name** b',
      '- **ABC-3** (later)',
    )
    const code = file('src/a.ts', header, '// ABC-1 ABC-9 SHA-256')
    const test = file('src/a.test.ts', '// ABC-1')
    const faults = ruleFaults([spec, code, test])
    expect(faults).toHaveLength(3)
    expect(faults.filter((fault) => fault.includes('ABC-2'))).toHaveLength(2)
    expect(faults.filter((fault) => fault.includes('ABC-9'))).toHaveLength(1)
  })

  it('a hash domain in two files', () => {
    const line = `const a = '${plantedDomain}'`
    expect(domainFaults([file('src/a.ts', line), file('src/b.ts', line)])).toHaveLength(1)
  })

  it('a file that a comment of the simulator cites and that is gone', () => {
    const other = file('sim/node/b.ts', header)
    expect(citationFaults([file('sim/a.ts', '// See gone.test.ts.'), other])).toHaveLength(1)
    expect(citationFaults([file('sim/a.ts', '// See b.ts and node/b.ts.'), other])).toEqual([])
  })

  it('an input or output of a circuit that nothing is said of', () => {
    const template = (...doc: readonly string[]): SourceFile =>
      file('circuits/lib/a.circom', ...doc, 'template A(n) {', '    signal input a[n];', '}')
    expect(circuitFaults([template('/// @title A')])).toHaveLength(1)
    expect(circuitFaults([template('/// @input a[n]')])).toHaveLength(1)
    expect(circuitFaults([template('/// @input a 0..9, checked here')])).toHaveLength(2)
    expect(circuitFaults([template('/// @output a[n] 0..9, checked here')])).toHaveLength(2)
    expect(circuitFaults([template('/// @input b[n] or a[n]', '', '')])).toHaveLength(1)
    expect(circuitFaults([template('/// @input a[n] 0..9, checked here')])).toEqual([])
    expect(circuitFaults([template('/// @input b,', '/// a[n]: by B')])).toHaveLength(1)
    const two = ['template A(n) {', '    signal input a[n];', '    signal input b;', '}']
    const both = file('circuits/lib/a.circom', '/// @input b,', '/// a[n]: by B', ...two)
    expect(circuitFaults([both])).toEqual([])
  })

  it('ZK-1 an inner signal of a circuit that nothing is said of, and a line about none', () => {
    const faultsOf = (doc: readonly string[], ...code: readonly string[]): readonly string[] =>
      circuitFaults([file('circuits/lib/a.circom', ...doc, 'template A(n) {', ...code, '}')])
    const bits = '/// @signal bits[n] 0 or 1, by a product'
    const of = '    signal bits[n] <== Num2Bits(n)(in);'
    expect(faultsOf([bits], of)).toEqual([])
    expect(faultsOf([bits], '    signal bits[n];')).toEqual([])
    expect(faultsOf([], of)).toHaveLength(1)
    expect(faultsOf(['/// @signal bits[n]'], of)).toHaveLength(1)
    expect(faultsOf([bits])).toHaveLength(1)
    expect(faultsOf(['/// @input bits[n] 0 or 1, checked here'])).toHaveLength(1)
    // Another shape, another kind: nothing is said of the one, and there is no other.
    expect(faultsOf([bits], '    signal bits[n + 1];')).toHaveLength(2)
    expect(faultsOf([bits], '    signal output bits[n];')).toHaveLength(2)
    // Declarations that would slip through.
    expect(faultsOf([bits], '    signal bits[n], more;')).toHaveLength(2)
    expect(faultsOf([bits], of, '    for (;;) { signal more; }')).toHaveLength(1)
    expect(faultsOf([bits], of, '    // No signal more.')).toEqual([])
  })

  it('ZK-1 a hint of a circuit that is not named one', () => {
    const faultsOf = (meaning: string, code: string): readonly string[] => {
      const doc = `/// @signal a[n] ${meaning}`
      return circuitFaults([file('circuits/lib/a.circom', doc, 'template A(n) {', code, '}')])
    }
    expect(faultsOf('0 or 1, by a product', '    signal a[n] <-- 1;')).toHaveLength(1)
    expect(faultsOf('hint, 0 or 1 by a product', '    signal a[n] <-- 1;')).toEqual([])
    const later = ['    signal a[n];', '    a[0] <-- 1;'].join('\n')
    expect(faultsOf('0 or 1, by a product', later)).toHaveLength(1)
    expect(faultsOf('hints, 0 or 1 by a product', later)).toEqual([])
  })

  it('a path of one machine', () => {
    expect(machineFaults([file('src/a.ts', `open('${plantedPath}')`)])).toHaveLength(1)
    expect(machineFaults([file('src/a.ts', "get('/api/home/x'); './work/x'")])).toEqual([])
  })
})
