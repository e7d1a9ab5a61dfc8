import { describe, expect, it } from 'vitest'
import { openMemoryStore } from '../../adapters/storage/memoryStore.ts'
import { nodeRandom } from '../../adapters/node/random.ts'
import { hex } from '../../core/base/bytes.ts'
import type { Baseline } from '../../core/emotion/baseline.ts'
import { commitBaseline, nullifierKeyHash } from '../../core/emotion/commitments.ts'
import { BaselineRecorder, keepBaseline } from './baselineRecorder.ts'
import { decodeBaseline, encodeBaseline, enrolmentSecrets } from './secrets.ts'

const baseline: Baseline = {
  restHrCentiBpm: 6200,
  hrSigmaCentiBpm: 300,
  lnRmssdQ16: 400_000,
  lnRmssdSigmaQ16: 16_384,
}
const proofSecret = new Uint8Array(32).fill(7)

describe('PRIV-1: the baseline rests encrypted', () => {
  it('opens with the own proof secret and with no other', async () => {
    const store = openMemoryStore()
    await keepBaseline(store, nodeRandom, { proofSecret, baseline })
    const stored = await store.getValue('duty/baseline')
    expect(hex(stored ?? new Uint8Array(0))).not.toContain(hex(encodeBaseline(baseline)))
    const recorder = new BaselineRecorder({ store, random: nodeRandom, neededMs: 60_000 })
    await recorder.load(proofSecret, 0)
    expect(recorder.baseline).toEqual(baseline)
    await recorder.load(new Uint8Array(32).fill(8), 0)
    expect(recorder.baseline).toBeUndefined()
  })
})

describe('PRIV-3: the baseline never leaves', () => {
  it('the chain gets a commitment that a fresh salt hides', () => {
    const own = enrolmentSecrets(proofSecret, baseline)
    const other = enrolmentSecrets(new Uint8Array(32).fill(8), baseline)
    const commitment = commitBaseline(baseline, own.baselineSalt)
    expect(commitment).not.toBe(commitBaseline(baseline, other.baselineSalt))
    expect(own.baselineSalt.toString(2).length).toBeGreaterThan(128)
    expect(nullifierKeyHash(own.nullifierKey)).not.toBe(own.nullifierKey)
  })

  it('decodes nothing but a baseline within its bounds', () => {
    expect(decodeBaseline(encodeBaseline(baseline))).toEqual(baseline)
    expect(decodeBaseline(new Uint8Array(16))).toBeUndefined()
    expect(decodeBaseline(new Uint8Array(15))).toBeUndefined()
  })
})
