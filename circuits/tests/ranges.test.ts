/**
 * Both ends of each range of a statement: the last value inside is accepted, the next one refused,
 * and by that check first of all (ZK-1). Ends that stand in the other files are not repeated.
 */

import { poseidon1 } from 'poseidon-lite/poseidon1'
import { poseidon2 } from 'poseidon-lite/poseidon2'
import { poseidon3 } from 'poseidon-lite/poseidon3'
import { poseidon5 } from 'poseidon-lite/poseidon5'
import { describe, expect, it } from 'vitest'
import { baselineBounds, type Baseline } from '../../src/core/emotion/baseline.ts'
import { asciiField, fieldOrder } from '../../src/core/emotion/field.ts'
import { scoreWindow } from '../../src/core/emotion/score.ts'
import { testScenario } from '../../src/core/emotion/statement.fixture.ts'
import { circuitInputOf, type CircuitInput } from '../../src/core/emotion/statement.ts'
import { testWindow } from '../../src/core/emotion/testWindows.fixture.ts'
import { checksOf, filesSeenBy, filesWithChecks } from './checks.fixture.ts'
import { prepareCircuits } from './prepared.fixture.ts'
import { refusedBy } from './witness.fixture.ts'

prepareCircuits()

/** Undefined for an accepted input. */
const refusal = async (input: CircuitInput): Promise<string | undefined> =>
  (await refusedBy(input))?.text

const scenario = testScenario({ seed: 11 })
const { baseline } = scenario.secrets
const number = (input: CircuitInput, name: string): bigint => BigInt(String(input[name]))

/** So many equal beats: the offset alone says where in the minute they stand. */
function beatsOf(count: number, rr = 1000): CircuitInput {
  const none = Array.from({ length: count }, () => false)
  const ticks = none.map(() => rr)
  const window = { ticks, marks: none, firstOffsetTicks: 1400 }
  const near = testScenario({ seed: 9, window: testWindow({ seed: 9 }) }).secrets.baseline
  return circuitInputOf(testScenario({ seed: 1, window, baseline: near, thresholdBp: 0 }))
}

describe('ZK-1 clause 1: where the beats stand', () => {
  const offset = 'InRange(0, edgeTicksMax)(firstOffsetTicks);'
  const end = 'InRange(0, edgeTicksMax)(windowTicks - firstOffsetTicks - sumTicks);'
  it.each([
    // 60 beats leave 1440 ticks, 58 leave 3440.
    ['begins with the window', 60, 0, -1, offset],
    ['begins 2 s later', 58, 2048, 2049, offset],
    ['ends with the window', 60, 1440, 1441, end],
    ['ends 2 s sooner', 58, 1392, 1391, end],
  ] as const)('%s, and not one tick beyond', async (_, count, inside, beyond, check) => {
    const input = beatsOf(count)
    expect(await refusal({ ...input, firstOffsetTicks: String(inside) })).toBeUndefined()
    expect(await refusal({ ...input, firstOffsetTicks: String(beyond) })).toBe(check)
  })
})

describe('ZK-1 clause 2: the baseline', () => {
  const fields = Object.keys(baselineBounds) as readonly (keyof Baseline)[]
  it.each(fields)('%s at both ends, and not one beyond', async (field) => {
    const [least, most] = baselineBounds[field]
    const at = (value: number): Promise<string | undefined> => {
      const changed = { ...baseline, [field]: value }
      return refusal(circuitInputOf(testScenario({ seed: 4, thresholdBp: 0, baseline: changed })))
    }
    expect([await at(least), await at(most)]).toEqual([undefined, undefined])
    const check = `InRange(${least}, ${most})(${field});`
    expect([await at(least - 1), await at(most + 1)]).toEqual([check, check])
  })
})

describe('ZK-1 clause 2: the enrolment', () => {
  /** The root over a leaf with that expiry, which no ledger would write. */
  function expiring(input: CircuitInput, expiry: bigint): CircuitInput {
    const field = (name: string): bigint => number(input, name)
    const packed =
      field('restHrCentiBpm') +
      (field('hrSigmaCentiBpm') << 16n) +
      (field('lnRmssdQ16') << 32n) +
      (field('lnRmssdSigmaQ16') << 64n)
    const commitment = poseidon3([asciiField('emo/baseline/1'), packed, field('baselineSalt')])
    const nkHash = poseidon1([field('nullifierKey')])
    const version = field('consentVersion')
    const leaf = poseidon5([field('identity'), nkHash, commitment, version, expiry])
    const root = (input['siblings'] as readonly string[]).reduce((hash, sibling, level) => {
      const isRight = ((field('leafIndex') >> BigInt(level)) & 1n) === 1n
      return poseidon2(isRight ? [BigInt(sibling), hash] : [hash, BigInt(sibling)])
    }, leaf)
    return { ...input, credentialExpiryEpoch: String(expiry), enrolmentRoot: String(root) }
  }

  it('lasts 2^32 - 1 epochs more at the most, and is not over', async () => {
    const input = circuitInputOf(scenario)
    const epoch = number(input, 'epoch')
    const check = 'InRange(0, (1 << 32) - 1)(credentialExpiryEpoch - epoch);'
    expect(expiring(input, number(input, 'credentialExpiryEpoch'))).toEqual(input)
    expect(await refusal(expiring(input, epoch))).toBeUndefined()
    expect(await refusal(expiring(input, epoch - 1n))).toBe(check)
    expect(await refusal(expiring(input, epoch + (1n << 32n) - 1n))).toBeUndefined()
    expect(await refusal(expiring(input, epoch + (1n << 32n)))).toBe(check)
  })

  it('has an index of 20 bits', async () => {
    const input = circuitInputOf(scenario)
    const beyond = number(input, 'leafIndex') + (1n << 20n)
    expect(await refusal({ ...input, leafIndex: String(beyond) })).toBe('bits.in <== leafIndex;')
    expect(await refusal({ ...input, leafIndex: '-1' })).toBe('bits.in <== leafIndex;')
  })
})

describe('ZK-1 clause 4: what is counted', () => {
  const { scoreBp } = scoreWindow(scenario.window, baseline, scenario.provenance)
  const claims = (thresholdBp: number): Promise<string | undefined> =>
    refusal({ ...circuitInputOf(scenario), threshold: String(thresholdBp) })

  it('is at most 10000 above the threshold, and not below it', async () => {
    const check = 'InRange(0, 10000)(counted - threshold);'
    expect(await claims(scoreBp)).toBeUndefined()
    expect(await claims(scoreBp + 1)).toBe(check)
    // The verifier takes no threshold below 0; the circuit none that leaves more than that.
    expect(await claims(scoreBp - 10_000)).toBeUndefined()
    expect(await claims(scoreBp - 10_001)).toBe(check)
  })

  it('FIT-3 follows a level of 0 to 10000', async () => {
    const input = circuitInputOf(testScenario({ seed: 12, epoch: 141, thresholdBp: 0 }))
    const opening = (level: bigint): CircuitInput => {
      const [chainId, nullifierKey] = [number(input, 'chainId'), number(input, 'nullifierKey')]
      const state = poseidon5([asciiField('emo/state/1'), chainId, nullifierKey, 140, level])
      return { ...input, stateBefore: String(state), levelBefore: String(level) }
    }
    const check = 'InRange(0, 10000)(before);'
    expect(await refusal(opening(fieldOrder - 1n))).toBe(check)
    expect(await refusal(opening(10_001n))).toBe(check)
    // At the ends another level may be left than without a state: that alone is refused.
    for (const level of [0n, 10_000n]) expect(await refusal(opening(level))).not.toBe(check)
  })
})

describe('ZK-1 the checks of all circuits', () => {
  it('stand in files whose tests see each of them refuse', () => {
    expect(Object.values(filesSeenBy).flat().sort()).toEqual([...filesWithChecks].sort())
    // As many as the files had when this was written: a pattern that finds fewer is wrong.
    expect(filesWithChecks.flatMap(checksOf).length).toBeGreaterThanOrEqual(73)
  })
})
