import { describe, expect, it } from 'vitest'
import { u32be } from '../base/bytes.ts'
import { hash } from '../crypto/hash.ts'
import { defaultParams, phasesOf, protocol } from '../params.ts'
import { beforeWindowMs } from './challengeRun.ts'
import { codebook60 } from './codebook.ts'
import { windowsMax } from './evidence.ts'
import {
  challengeEpochs,
  isAsked,
  lastAnswerEpoch,
  renewalEpochs,
  type CredentialHolder,
} from './schedule.ts'

const chainId = new Uint8Array(32).fill(7)
const credentialEpochs = 120
const beaconOf = (epoch: number): Uint8Array => hash('beacon', u32be(epoch))

function holderOf(index: number, change: Partial<CredentialHolder> = {}): CredentialHolder {
  const account = hash('identity', u32be(index))
  return { account, registeredEpoch: 3, credentialExpiry: 0, ...change }
}

function askedEpochs(holder: CredentialHolder, from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, offset) => from + offset).filter((epoch) =>
    isAsked(holder, epoch, { beacon: beaconOf(epoch), chainId }, credentialEpochs),
  )
}

describe('LIVE-2, LIVE-6 who has no credential', () => {
  it('is asked by every ninth beacon, the first one after its registration was dealt', () => {
    expect(askedEpochs(holderOf(1), 0, 30)).toEqual([9, 18, 27])
    expect(askedEpochs(holderOf(1, { registeredEpoch: 0 }), 0, 16)).toEqual([6, 15])
  })

  it('is asked one challenge at a time: the next is known when the last answer is late', () => {
    const [first = 0, second = 0] = askedEpochs(holderOf(1), 0, 30)
    expect(second - protocol.beaconLeadEpochs).toBe(lastAnswerEpoch(first))
  })

  it('LIVE-7 three windows fit into the time of a challenge, with time to come in', () => {
    // From start(c−4), when beacon(c) is known, to the boundary of the last epoch.
    const { epochMs } = defaultParams
    const openMs = (challengeEpochs - 1) * epochMs + phasesOf(defaultParams).boundaryMs
    const windowMs = beforeWindowMs + 1000 * codebook60.seconds + 4_000
    expect(openMs - windowsMax * windowMs).toBeGreaterThanOrEqual(40_000)
  })

  it('whose credential is over is asked again at once', () => {
    const holder = holderOf(1, { credentialExpiry: 200 })
    const [first = 0] = askedEpochs(holder, 199, 220)
    expect(first).toBeGreaterThan(200)
    expect(first).toBeLessThanOrEqual(209)
  })
})

describe('LIVE-6 renewal', () => {
  const expiry = 400
  const { first, last } = renewalEpochs(expiry, credentialEpochs)

  it('is due in the last quarter, early enough for the root of the epoch behind', () => {
    expect([first, last]).toEqual([371, 393])
    // STATE-2: READY for `expiry + 1` is proven under the root of the boundary of the last answer.
    expect(expiry + 1 - protocol.enrolmentLagEpochs).toBe(lastAnswerEpoch(last))
    for (let index = 0; index < 200; index += 1) {
      const asked = askedEpochs(holderOf(index, { credentialExpiry: expiry }), 0, expiry)
      expect(asked.every((epoch) => epoch >= first && epoch <= last)).toBe(true)
      expect(asked.at(-1)).toBe(last)
    }
  })

  it('comes at any time of it with one chance', () => {
    const counts = new Array<number>(last - first + 1).fill(0)
    const draws = 2_300
    for (let index = 0; index < draws; index += 1) {
      const asked = askedEpochs(holderOf(index, { credentialExpiry: expiry }), first, last)
      const place = (asked[0] ?? 0) - first
      counts[place] = (counts[place] ?? 0) + 1
    }
    const expected = draws / counts.length
    const chi = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    // 22 degrees of freedom: above 48.3 once in a thousand; these keys and beacons are fixed.
    expect(chi).toBeLessThan(48.3)
  })

  it('differs between validators, beacons and chains', () => {
    const epochs = Array.from({ length: 40 }, (_, index) =>
      askedEpochs(holderOf(index, { credentialExpiry: expiry }), first, last).join(),
    )
    expect(new Set(epochs).size).toBeGreaterThan(20)
    const holder = holderOf(2, { credentialExpiry: expiry })
    const onAnother = Array.from({ length: 23 }, (_, offset) => first + offset).filter((epoch) =>
      isAsked(
        holder,
        epoch,
        { beacon: beaconOf(epoch), chainId: new Uint8Array(32) },
        credentialEpochs,
      ),
    )
    expect(onAnother).not.toEqual(askedEpochs(holder, first, last))
  })

  it('of a credential too short to have a quarter waits until it is over', () => {
    const holder = holderOf(1, { credentialExpiry: 40 })
    const asked = Array.from({ length: 60 }, (_, epoch) => epoch).filter((epoch) =>
      isAsked(holder, epoch, { beacon: beaconOf(epoch), chainId }, 8),
    )
    expect(asked[0]).toBeGreaterThan(40)
  })
})
