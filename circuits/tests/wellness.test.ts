/**
 * wellness_share against src/core/wellness: the points of the core for every opening, and what it
 * must refuse, one change at a time on a statement that it accepts.
 */

import { describe, expect, it } from 'vitest'
import { fieldOrder } from '../../src/core/emotion/field.ts'
import type { CircuitInput } from '../../src/core/emotion/statement.ts'
import { groupOrder } from '../../src/core/wellness/group.ts'
import type { ShareOpening } from '../../src/core/wellness/makeShare.ts'
import { noiseMax, stepsMax } from '../../src/core/wellness/rules.ts'
import { shareOf, wellnessScenario } from '../../src/core/wellness/statement.fixture.ts'
import {
  buildWellnessStatement,
  wellnessCircuitInput,
  wellnessNullifier,
} from '../../src/core/wellness/statement.ts'
import { prepareCircuits } from './prepared.fixture.ts'
import { accepts, idleChecks } from './witness.fixture.ts'

prepareCircuits()

const messageMax = stepsMax + 2 * noiseMax
const scenario = wellnessScenario({ seed: 3 })
const built = buildWellnessStatement(scenario)
if (!built.ok) throw new Error(built.error.code)
const { circuitInput: input, publicInputs } = built.value

const proves = (changed: CircuitInput): Promise<boolean> => accepts(changed, 'wellness_share')
const change = (changes: CircuitInput): Promise<boolean> => proves({ ...input, ...changes })
const list = (name: string): readonly string[] => input[name] as readonly string[]
const plusOne = (name: string): CircuitInput => ({
  [name]: String(BigInt(String(input[name])) + 1n),
})

/** The input of any opening with the points that it has, in range or not. */
function opened(opening: ShareOpening): CircuitInput {
  const { first, second } = shareOf(opening, scenario.context)
  const share = { first: first.toAffine(), second: second.toAffine() }
  const { own } = scenario
  return wellnessCircuitInput({ opening, own, publicInputs: { ...publicInputs, share } })
}

describe('PRIV-2 the share of the circuit', () => {
  it.each([
    { seed: 11, steps: 0 },
    { seed: 12, steps: 20 },
    { seed: 13, steps: 1 },
    { seed: 14, steps: 13 },
  ])('is that of the core, seed $seed', async ({ seed, steps }) => {
    const other = buildWellnessStatement(wellnessScenario({ seed, steps }))
    if (!other.ok) throw new Error(other.error.code)
    expect(await proves(other.value.circuitInput)).toBe(true)
  })

  it('is that of the core at the ends of both ranges', async () => {
    const blindings = [1n, 2n, 1n << 148n, (1n << 249n) - 1n, groupOrder - 1n]
    const messages = [0, 1, 511, 512, messageMax]
    for (const [index, blinding] of blindings.entries()) {
      expect(await proves(opened({ message: messages[index] ?? 0, blinding }))).toBe(true)
    }
  })

  it('has a second form of a small r, with the same points', async () => {
    const small = opened({ message: 500, blinding: 5n })
    expect(await proves({ ...small, blinding: String(5n + groupOrder) })).toBe(true)
    expect(await proves({ ...small, blinding: String(6n + groupOrder) })).toBe(false)
  })

  it('has no witness where circomlib ends at the identity: four r of the 2^251', async () => {
    // circomlib goes through 249 bits as 83 digits d of base 8, and adds (d + 1)·8^i·B to
    // 2·8^83·B: at most 1.572·2^250, where the order is 1.512·2^250.
    const [start, extra] = [1n << 250n, ((1n << 249n) - 1n) / 7n]
    const low = groupOrder - start - extra
    expect(low > 0n && low < 1n << 249n).toBe(true)
    for (const high of [0n, 1n, 2n, 3n]) {
      const blinding = low + (high << 249n)
      const point = opened({ message: 3, blinding: blinding % groupOrder })
      expect(await proves({ ...point, blinding: String(blinding) })).toBe(false)
      expect(await proves(opened({ message: 3, blinding: (blinding + 1n) % groupOrder }))).toBe(
        true,
      )
    }
  })
})

describe('ZK-1 clause 1 of wellness_share: the share', () => {
  it('accepts the statement that the others change', async () => {
    expect(await change({})).toBe(true)
  })

  it('refuses a number one beyond its range, with the points of that number', async () => {
    const { blinding } = scenario.opening
    for (const message of [messageMax + 1, 1023, 1024, -1, -490]) {
      expect(await proves(opened({ message, blinding }))).toBe(false)
    }
    const { message } = scenario.opening
    expect(await change({ message: String(BigInt(message) + groupOrder) })).toBe(false)
    expect(await change({ message: String(fieldOrder - BigInt(1)) })).toBe(false)
  })

  it('refuses a blinding of more than 251 bits, although the points are of it', async () => {
    const wide = (1n << 251n) + 5n
    expect(await proves(opened({ message: 3, blinding: wide }))).toBe(false)
    expect(await proves(opened({ message: 3, blinding: wide % groupOrder }))).toBe(true)
    expect(await change({ blinding: '-1' })).toBe(false)
  })

  it('refuses points of two blindings', async () => {
    const { opening } = scenario
    const one = opened(opening)
    const other = opened({ ...opening, blinding: opening.blinding - 1n })
    expect(await proves({ ...one, second: other['second'] ?? [] })).toBe(false)
    expect(await proves({ ...one, first: other['first'] ?? [] })).toBe(false)
  })

  it.each(['message', 'blinding'])('refuses another %s', async (name) => {
    expect(await change(plusOne(name))).toBe(false)
  })

  it.each(['key', 'first', 'second'])('refuses another, a negated or a turned %s', async (name) => {
    const [x = '', y = ''] = list(name)
    const minus = (value: string): string => String(fieldOrder - BigInt(value))
    expect(await change({ [name]: [String(BigInt(x) + 1n), y] })).toBe(false)
    expect(await change({ [name]: [x, String(BigInt(y) + 1n)] })).toBe(false)
    expect(await change({ [name]: [minus(x), y] })).toBe(false)
    expect(await change({ [name]: [minus(x), minus(y)] })).toBe(false)
    expect(await change({ [name]: [y, x] })).toBe(false)
  })

  it('refuses the two points swapped', async () => {
    expect(await change({ first: list('second'), second: list('first') })).toBe(false)
  })
})

describe('ZK-1 clause 2 of wellness_share: the enrolment', () => {
  it.each([
    'enrolmentRoot',
    'nullifierKey',
    'identity',
    'baselineCommitment',
    'consentVersion',
    'credentialExpiryEpoch',
    'leafIndex',
  ])('refuses another %s', async (name) => {
    expect(await change(plusOne(name))).toBe(false)
  })

  it('refuses another path, and an index beyond the tree', async () => {
    const siblings = list('siblings')
    const [lowest = '', next = ''] = siblings
    expect(await change({ siblings: [next, lowest, ...siblings.slice(2)] })).toBe(false)
    expect(await change({ siblings: siblings.with(7, '1') })).toBe(false)
    const { leafIndex } = scenario.own.path
    expect(await change({ leafIndex: String(leafIndex + (1 << 20)) })).toBe(false)
  })

  it('refuses a credential that ended, and accepts its last epoch', async () => {
    const at = (epoch: number): Promise<boolean> => {
      const { own, opening } = wellnessScenario({ seed: 3, credentialExpiryEpoch: 60 })
      const enrolled = buildWellnessStatement({
        ...wellnessScenario({ seed: 3, credentialExpiryEpoch: 60, epoch: 60 }),
      })
      if (!enrolled.ok) throw new Error(enrolled.error.code)
      const { chainId } = scenario.context
      const { nullifierKey } = own
      const nullifier = wellnessNullifier({ chainId, nullifierKey, epoch })
      const changed = { ...enrolled.value.publicInputs, epoch, nullifier }
      return proves(wellnessCircuitInput({ opening, own, publicInputs: changed }))
    }
    expect(await at(60)).toBe(true)
    expect(await at(61)).toBe(false)
  })
})

describe('ZK-1 clause 3 of wellness_share: the nullifier', () => {
  it.each(['nullifier', 'chainId', 'epoch'])('refuses another %s', async (name) => {
    expect(await change(plusOne(name))).toBe(false)
  })

  it('is the same for every share of an epoch, and not for the next', () => {
    const { chainId } = scenario.context
    const { nullifierKey } = scenario.own
    const again = buildWellnessStatement({
      ...scenario,
      opening: { message: 9, blinding: 99n },
      share: shareOf({ message: 9, blinding: 99n }, scenario.context),
    })
    expect(again.ok && again.value.publicInputs.nullifier).toBe(publicInputs.nullifier)
    const next = wellnessNullifier({ chainId, nullifierKey, epoch: 42 })
    expect(next).not.toBe(publicInputs.nullifier)
  })
})

describe('ZK-1 each check of wellness_share', () => {
  it('was the first to refuse something above', () => {
    expect(idleChecks('wellness_share')).toEqual([])
  })
})
