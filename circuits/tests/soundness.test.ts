/**
 * No second witness (ZK-8): the searches on the templates of the library, on small instances of
 * whole circuits, and on circuits with a constraint taken out, which they must find.
 */

import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { poseidon2 } from 'poseidon-lite/poseidon2'
import { poseidon5 } from 'poseidon-lite/poseidon5'
import { enrolmentLeaf, nullifierKeyHash } from '../../src/core/emotion/commitments.ts'
import { asciiField } from '../../src/core/emotion/field.ts'
import type { CircuitInput } from '../../src/core/emotion/statement.ts'
import { buildConsentStatement, consentCircuitInput } from '../../src/core/consent/statement.ts'
import { testEnrolment } from '../../src/core/emotion/ownEnrolment.fixture.ts'
import { compiledSource, compiledSystem, sourceOf, type Compiled } from '../soundness/compiled.ts'
import { allFlips } from '../soundness/flips.ts'
import { changedAlone, searched, unboundSignals, type Findings } from '../soundness/search.ts'
import { hashedInputs } from '../soundness/statements.ts'
import { projectRoot } from './artifacts.fixture.ts'
import { integers, integersInput } from './integers.fixture.ts'

// A compilation takes its time on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

const header = 'pragma circom 2.2.0;\n'

async function searchedSource(source: string, input: CircuitInput): Promise<Findings> {
  return searched(await compiledSystem(projectRoot, header + source, input), [])
}

describe('ZK-8 the templates of integers.circom', () => {
  it('leave one witness, but for the two forms of a range check', async () => {
    const { moving, loose, twoForms } = await searchedSource(integers, integersInput)
    expect(moving).toEqual([])
    expect(loose).toEqual([])
    expect(twoForms.length).toBeGreaterThan(0)
    expect(twoForms.some((name) => /^main\.InRange_\d+_\d+\[\d\]/.test(name))).toBe(true)
  })

  it('leave the sign of 0 open, and say 0 of both', async () => {
    const source = `include "../lib/integers.circom";\ncomponent main = Absolute(8);\n`
    const { moving, loose } = await searchedSource(source, { in: '0' })
    expect(moving).toEqual([])
    expect(loose.flatMap(({ wires }) => wires)).toEqual(['main.isNegative'])
  })
})

describe('ZK-8, FIT-3 the template of continuity.circom', () => {
  const source = 'include "../lib/continuity.circom";\ncomponent main = Continuity();\n'
  const domain = asciiField('emo/state/1')
  const [chainId, nullifierKey, epoch] = [11n, 22n, 141]
  const stateOf = (levelBp: number, missedEpochs: number): bigint =>
    poseidon5([domain, chainId, nullifierKey, epoch - 1 - missedEpochs, levelBp])
  const inputOf = (score: number, levelBefore: number, missedEpochs?: number): CircuitInput => ({
    score: String(score),
    levelBefore: String(levelBefore),
    stateBefore: String(missedEpochs === undefined ? 0n : stateOf(levelBefore, missedEpochs)),
    missedEpochs: String(missedEpochs ?? 0),
    chainId: String(chainId),
    nullifierKey: String(nullifierKey),
    epoch: String(epoch),
  })
  let compiled: Compiled
  beforeAll(async () => {
    compiled = await compiledSource(projectRoot, header + source)
  })

  it.each([
    ['far below rest', inputOf(9900, 3000, 5)],
    ['at the end of its way', inputOf(9900, 9000, 4)],
    ['far above rest', inputOf(500, 10_000, 5)],
    ['at 0', inputOf(0, 0, 0)],
    ['at rest', inputOf(10_000, 9400, 93)],
    ['without one', inputOf(8000, 9400)],
  ])('leaves one witness behind a level %s', async (_, input) => {
    // Its inputs are held: what holds them is for the whole circuit to say.
    const system = await compiled(input)
    const { moving, loose, inverses } = searched(system, Object.keys(input))
    expect(moving).toEqual([])
    expect(loose).toEqual([])
    expect(inverses.length).toBe(input['stateBefore'] === '0' ? 1 : 0)
  })
})

describe('ZK-8 a comparison of circomlib', () => {
  const source = (equal: string): string => `include "circomlib/circuits/comparators.circom";
    template Compare() {
        signal input a;
        signal output o;
        o <== IsEqual()([a, 4]);
        component same = ForceEqualIfEnabled();
        same.enabled <== 1;
        same.in[0] <== a;
        same.in[1] <== ${equal};
    }
    component main = Compare();\n`

  it('leaves the inverse of a difference of 0 open, and nothing else', async () => {
    const { moving, loose, inverses } = await searchedSource(source('4'), { a: '4' })
    expect(moving).toEqual([])
    expect(loose).toEqual([])
    expect(inverses).toHaveLength(2)
    expect(inverses.every((name) => name.endsWith('.isz.inv'))).toBe(true)
  })
})

/** Each constraint behind a hint of integers.circom, taken out alone. */
const constraints = [
  'bits[bitCount] * (bits[bitCount] - 1) === 0;',
  'bits[i] * (bits[i] - 1) === 0;',
  'in === least + sum;',
  'numerator === quotient * divisor + remainder;',
  'InRange(0, quotientMax)(quotient);\n    InRange(0, divisorMax',
  'InRange(0, divisorMax - 1)(remainder);',
  'InRange(0, divisorMax - 1)(divisor - 1 - remainder);',
  'InRange(0, quotientMax)(quotient);\n    InRange(0, divisor ',
  'InRange(0, divisor - 1)(numerator - quotient * divisor);',
  'isNegative * (isNegative - 1) === 0;',
  'InRange(0, (1 << bitCount) - 1)(out);',
] as const

describe('ZK-8 a hint of integers.circom', () => {
  const text = readFileSync(`${projectRoot}/circuits/lib/integers.circom`, 'utf8')
  const body = text.replace(/^pragma.*$/m, '')

  it.each(constraints)('is found without: %s', async (constraint) => {
    expect(body.split(constraint).length).toBe(2)
    const [gone = '', kept = ''] = constraint.split('\n')
    const cut = body.replace(constraint, constraint.slice(gone.length + (kept === '' ? 0 : 1)))
    const source = cut + integers.replace(/^include.*$/m, '')
    const { moving, loose } = await searchedSource(source, integersInput)
    expect(moving.length + loose.length).toBeGreaterThan(0)
  })
})

describe('ZK-8 the searches find', () => {
  const broken: readonly (readonly [string, string, CircuitInput])[] = [
    ['a root with two signs', 'signal output o; o <-- 2; o * o === a;', { a: '4' }],
    ['a factor of 0', 'signal output o; o <-- 7; o * (a - 4) === 0;', { a: '4' }],
    [
      'bits that reach beyond the order',
      `signal bits[254]; var sum = 0;
       for (var i = 0; i < 254; i++) {
         bits[i] <-- (a >> i) & 1; bits[i] * (bits[i] - 1) === 0; sum += bits[i] * (1 << i);
       }
       sum === a; signal output o; o <== bits[0];`,
      { a: '4' },
    ],
    [
      'an inverse of 0',
      'signal output o; o <-- 0; signal z; z <== o * a; a * (1 - z) === 0;',
      { a: '0' },
    ],
  ]
  it.each(broken)('%s', async (_, statements, input) => {
    const template = `template Broken() { signal input a; ${statements} }`
    const source = `${template}\ncomponent main = Broken();\n`
    const { loose } = await searchedSource(source, input)
    expect(loose.flatMap(({ wires }) => wires)).toContain('main.o')
  })

  it('an input that nothing holds', async () => {
    const source = `template Broken() {
        signal input a; signal input b; signal output o; o <== a * b;
      }
      component main = Broken();\n`
    const { moving, loose } = await searchedSource(source, { a: '3', b: '5' })
    expect(moving).toEqual(['main.a', 'main.b'])
    expect(loose).toEqual([])
  })

  it('a public signal in no constraint', async () => {
    const source = (held: string): string => `template Broken() {
        signal input a; signal input b; signal input c; signal output o; o <== a * a; ${held}
      }
      component main {public [b, c]} = Broken();\n`
    const unboundIn = async (held: string): Promise<readonly string[]> => {
      const input = { a: '3', b: '5', c: '25' }
      return unboundSignals(await compiledSystem(projectRoot, header + source(held), input))
    }
    expect(await unboundIn('')).toEqual(['main.b', 'main.c'])
    expect(await unboundIn('signal square <== b * b;')).toEqual(['main.c'])
    expect(await unboundIn('c === b * b;')).toEqual([])
  })

  it('every way to flip, and the ones over a multiple of the order', () => {
    const weights = (...list: readonly bigint[]): Map<number, bigint> =>
      new Map(list.map((weight, index) => [index, weight]))
    expect(allFlips([weights(1n, 2n, 4n, 8n)], 1000)).toHaveLength(1)
    expect(allFlips([weights(1n, 1n, -1n, -1n)], 1000)).toHaveLength(6)
    expect(allFlips([weights(3n, 5n, -8n, 1n)], 1000)).toHaveLength(2)
    expect(allFlips([weights(1n, 1n, -1n, -1n)], 3)).toBeUndefined()
  })
})

describe('ZK-8 a whole circuit', () => {
  it('consent_proof with a tree of two levels leaves one witness', async () => {
    const { own, enrolmentRoot } = testEnrolment(5)
    const context = {
      chainId: new Uint8Array(32).fill(1),
      epoch: 41,
      scope: new Uint8Array(32).fill(2),
      enrolmentRoot,
    }
    const built = buildConsentStatement(own, context)
    if (!built.ok) throw new Error(built.error.code)
    const leaf = enrolmentLeaf({ ...own, nkHash: nullifierKeyHash(own.nullifierKey) })
    const siblings = own.path.siblings.slice(0, 2)
    const small = {
      ...consentCircuitInput(own, built.value.publicInputs),
      leafIndex: '1',
      siblings: siblings.map(String),
      enrolmentRoot: String(poseidon2([poseidon2([siblings[0] ?? 0n, leaf]), siblings[1] ?? 0n])),
    }
    const source = sourceOf(projectRoot, 'consent_proof', 'ConsentProof(2)')
    const system = await compiledSystem(projectRoot, source, small)
    const { moving, loose, twoForms } = searched(system, hashedInputs.consent_proof)
    expect([moving, loose, twoForms]).toEqual([[], [], []])
    expect(changedAlone(system)).toEqual([])
    expect(unboundSignals(system)).toEqual([])
    // Without a hash to hold them in place the inputs can move, and the search says so.
    expect(searched(system, []).moving).toContain('main.identity')
  })
})
