/** A share with its enrolment for tests, from a seed. Test support; no product code imports it. */

import { u32be } from '../base/bytes.ts'
import { testEnrolment } from '../emotion/ownEnrolment.fixture.ts'
import type { OwnEnrolment } from '../emotion/ownEnrolment.ts'
import { hash } from '../crypto/hash.ts'
import { generator, times } from './group.ts'
import { makeShare, type ShareOpening, type WellnessShare } from './makeShare.ts'
import type { WellnessContext } from './statement.ts'

export interface WellnessScenario {
  readonly share: WellnessShare
  readonly opening: ShareOpening
  readonly own: OwnEnrolment
  readonly context: WellnessContext
}

const digestOf = (seed: number): Uint8Array => hash('keyDerivation', u32be(seed))

export function wellnessScenario(options: {
  readonly seed: number
  readonly steps?: number
  readonly epoch?: number
  readonly credentialExpiryEpoch?: number
}): WellnessScenario {
  const { seed, steps = 7, epoch = 41, credentialExpiryEpoch = 160 } = options
  const { own, enrolmentRoot } = testEnrolment(seed, { credentialExpiryEpoch })
  const key = times(generator, BigInt(1_000_003 + seed))
  const { share, opening } = makeShare(steps, key, digestOf(seed))
  return { share, opening, own, context: { chainId: digestOf(1), epoch, enrolmentRoot, key } }
}

/** The share of any opening, in range or not. */
export function shareOf(
  { message, blinding }: ShareOpening,
  { key }: WellnessContext,
): WellnessShare {
  return {
    first: times(generator, blinding),
    second: times(generator, BigInt(message)).add(times(key, blinding)),
  }
}
