import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../root.ts'
import { readValidatorFlags } from './validatorFlags.ts'

describe('API-4 the flags of a rehearsal validator', () => {
  it('are read, and left out take their defaults', () => {
    const read = readValidatorFlags(['--index', '3', '--relay', 'a', '--relay', 'b', '--keep-all'])
    expect(read).toMatchObject({
      ok: true,
      value: { index: 3, relay: ['a', 'b'], 'keep-all': true, 'log-level': 'info' },
    })
    expect(readValidatorFlags([])).toMatchObject({ value: { index: 0, 'start-anew': false } })
  })

  it.each([
    [['--indx', '3'], 'FLAG_UNKNOWN'],
    [['3'], 'FLAG_UNKNOWN'],
    [['--index'], 'FLAG_UNKNOWN'],
    [['--index', 'three'], 'FLAG_INVALID'],
    [['--index', '-1'], 'FLAG_UNKNOWN'],
  ])('%j is refused with %s and what to do', (args, code) => {
    const read = readValidatorFlags(args)
    expect(read).toMatchObject({ ok: false, error: { code } })
    expect(read.ok ? '' : read.error.fix).toContain('--help')
  })

  it('are listed by --help, which builds nothing', () => {
    const program = join(projectRoot, 'relay/validator.js')
    const text = execFileSync(process.execPath, [program, '--help'], { encoding: 'utf8' })
    for (const flag of ['--devnet', '--index', '--relay', '--checkpoint', '--operator']) {
      expect(text).toContain(flag)
    }
  })
})
