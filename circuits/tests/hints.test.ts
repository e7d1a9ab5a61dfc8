/**
 * What a prover may write at a hint, a `<--` of the circuits (ZK-8): nothing but what stands there,
 * or the other form of a range check. Each is made to lie; the constraints behind it refuse.
 */

import { readdirSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { fieldOrder } from '../../src/core/emotion/field.ts'
import type { CircuitInput } from '../../src/core/emotion/statement.ts'
import { compiledSystem } from '../soundness/compiled.ts'
import { projectRoot } from './artifacts.fixture.ts'
import { integers, integersInput } from './integers.fixture.ts'

// A compilation takes its time on a busy machine.
vi.setConfig({ testTimeout: 180_000 })

beforeAll(() => {
  // The witness generator prints each refusal.
  vi.spyOn(console, 'error').mockReturnValue()
})

const textOf = (path: string): string => readFileSync(`${projectRoot}/circuits/${path}`, 'utf8')
const library = textOf('lib/integers.circom').replace(/^pragma.*$/m, '')

/** The circuit of all templates, `hint` replaced by what a liar writes. */
function lying(hint: string, lie: string): string {
  expect(library.split(hint).length).toBe(2)
  const source = library.replace(hint, lie) + integers.replace(/^include.*$/m, '')
  return `pragma circom 2.2.0;\n${source}`
}

async function passes(source: string, input: CircuitInput): Promise<boolean> {
  try {
    await compiledSystem(projectRoot, source, input)
    return true
  } catch (error) {
    if (String(error).includes('Assert Failed')) return false
    throw error
  }
}

const extraBit = 'bits[bitCount] <-- value > (1 << bitCount) - 1 ? 1 : 0;'
const bit = 'bits[i] <-- (value >> i) & 1;'
const division = `quotient <-- numerator \\ divisor;
    signal remainder <-- numerator % divisor;`
const constantDivision = `quotient <-- numerator \\ divisor;
    InRange`
const sign = 'signal isNegative <-- in < 0 ? 1 : 0;'
const divided = (quotient: string, remainder: string): string =>
  `quotient <-- numerator \\ divisor${quotient};
    signal remainder <-- numerator % divisor${remainder};`

/** One form alone in `InRange(0, 1000)`, where 500 has two. */
const input = { ...integersInput, loose: '1000' }

const lies: readonly (readonly [string, string, string])[] = [
  ['a bit of the rest, exchanged', extraBit, extraBit.replace('1 : 0', '0 : 1')],
  ['a bit of the rest, none', extraBit, extraBit.replace('1 : 0', '2 : 0')],
  ['a bit, exchanged', bit, 'bits[i] <-- 1 - ((value >> i) & 1);'],
  ['a bit, none', bit, 'bits[i] <-- 2 * ((value >> i) & 1);'],
  ['all of a number in its lowest bit', bit, 'bits[i] <-- i == 0 ? value : 0;'],
  ['a quotient, one more', division, divided(' + 1', '')],
  ['a remainder, one more', division, divided('', ' + 1')],
  ['a quotient, one more, and its remainder', division, divided(' + 1', ' - divisor')],
  ['a quotient, one less, and its remainder', division, divided(' - 1', ' + divisor')],
  ['a constant quotient, one more', constantDivision, constantDivision.replace(';', ' + 1;')],
  ['a constant quotient, one less', constantDivision, constantDivision.replace(';', ' - 1;')],
  ['a sign, exchanged', sign, sign.replace('1 : 0', '0 : 1')],
  ['a sign, none', sign, sign.replace('1 : 0', '2 : 0')],
]

describe('ZK-8 a hint that lies', () => {
  it('would pass if it said what stands there', async () => {
    expect(await passes(lying(bit, bit), input)).toBe(true)
  })

  it.each(lies)('is refused: %s', async (_, hint, lie) => {
    expect(await passes(lying(hint, lie), input)).toBe(false)
  })

  it('passes as the other form of a range check, which says the same', async () => {
    const other = extraBit.replace('value > (1 << bitCount) - 1', 'value >= 489')
    const source = `pragma circom 2.2.0;
      ${library.replace(extraBit, other)}
      template Loose() { signal input a; InRange(0, 1000)(a); }
      component main = Loose();\n`
    // 1000 = 511 + 489: from 489 on the bit of the rest may be set, from 512 on it has to be.
    for (const a of ['488', '489', '500', '511', '512', '1000']) {
      expect([a, await passes(source, { a })]).toEqual([a, true])
    }
    expect(await passes(source, { a: '1001' })).toBe(false)
  })
})

describe('ZK-8 widths at which a sum would pass the order', () => {
  const only = (main: string, text = library): string =>
    `pragma circom 2.2.0;\n${text}\ncomponent main = ${main};\n`
  const divisor = (1n << 130n) - 1n
  const small = { numerator: '5', divisor: String(divisor) }
  // 5 and 5 + order are one number in the field.
  const beyond = 5n + fieldOrder
  const quotientBeyond = `quotient <-- ${beyond / divisor};
    signal remainder <-- ${beyond % divisor};`

  it('would leave a second quotient and remainder', async () => {
    const unchecked = library.replace(/^ *assert\(floorLog2.*$/gm, '')
    expect(unchecked).not.toBe(library)
    const lie = unchecked.replace(division, quotientBeyond)
    expect(await passes(only('FloorDivide(1 << 130, 1 << 130)', unchecked), small)).toBe(true)
    expect(await passes(only('FloorDivide(1 << 130, 1 << 130)', lie), small)).toBe(true)
    // Up to the widths that the template takes the range check of the quotient refuses it.
    const narrow = library.replace(division, quotientBeyond)
    expect(await passes(only('FloorDivide(1 << 117, 1 << 130)', narrow), small)).toBe(false)
    expect(await passes(only('FloorDivide(1 << 117, 1 << 130)'), small)).toBe(true)
  })

  it.each([
    ['FloorDivide(1 << 118, 1 << 130)', small],
    ['DivideByConstant(1 << 118, 1 << 130)', { numerator: '5' }],
    ['IsNonNegative(252)', { in: '5' }],
    ['InRange(0, 1 << 250)', { in: '5' }],
    ['Absolute(251)', { in: '5' }],
  ])('are refused by the compiler: %s', async (main, given) => {
    await expect(compiledSystem(projectRoot, only(main), given)).rejects.toThrow(
      'False assert reached',
    )
  })
})

describe('ZK-8 the hints of all circuits', () => {
  it('stand in integers.circom, and each is one of those that lie here', () => {
    const hintsOf = (path: string): readonly string[] =>
      textOf(path)
        .split('\n')
        .filter((line) => /<--|-->/.test(line) && !line.trim().startsWith('//'))
        .map((line) => line.trim())
    const files = ['lib', 'src'].flatMap((folder) =>
      readdirSync(`${projectRoot}/circuits/${folder}`).map((name) => `${folder}/${name}`),
    )
    expect(files).toContain('src/emotional_proof.circom')
    const found = files.filter((path) => hintsOf(path).length > 0)
    expect(found).toEqual(['lib/integers.circom'])
    const lied = new Set(lies.flatMap(([, hint]) => hint.split('\n').map((line) => line.trim())))
    const hints = hintsOf('lib/integers.circom')
    expect(hints).toHaveLength(6)
    expect(hints.filter((hint) => !lied.has(hint))).toEqual([])
  })
})
