/**
 * One person's part of a sum (PRIV-2): the score in steps with noise of its own, under additively
 * homomorphic ElGamal (ElGamal in the exponent; Cramer, Gennaro, Schoenmakers, EUROCRYPT 1997).
 */
import { assert } from '../base/assert.ts'
import { concat } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import { discreteGaussian } from './discreteGaussian.ts'
import type { WellnessError } from './errors.ts'
import {
  decodePoint,
  generator,
  groupOrder,
  pointBytes,
  times,
  type WellnessPoint,
} from './group.ts'
import { noiseMax, noiseVariance, stepsMax } from './rules.ts'
import { SeedStream } from './seedStream.ts'

/** r·B and m·B + r·Y. */
export interface WellnessShare {
  readonly first: WellnessPoint
  readonly second: WellnessPoint
}

export const shareBytes = 2 * pointBytes

/** What the device knows of its share, and the witness of `wellness_share`; never sent. */
export interface ShareOpening {
  /** m = steps + noise + `noiseMax`: 0 … 1000. */
  readonly message: number
  /** r: 1 … order − 1. */
  readonly blinding: bigint
}

/**
 * `steps`: 0 … 20. `seed`: 32 random bytes for this share alone (RAND-1); with the same seed twice
 * the difference of two shares shows the difference of two scores.
 */
export function makeShare(
  steps: number,
  key: WellnessPoint,
  seed: Uint8Array,
): { readonly share: WellnessShare; readonly opening: ShareOpening } {
  assert(Number.isInteger(steps) && steps >= 0 && steps <= stepsMax, 'steps are 0 … 20')
  assert(!key.is0(), 'a key is not the identity')
  const message = steps + boundedNoise(seed) + noiseMax
  const blinding = 1n + new SeedStream('share', seed).below(groupOrder - 1n)
  const first = times(generator, blinding)
  const second = times(generator, BigInt(message)).add(times(key, blinding))
  return { share: { first, second }, opening: { message, blinding } }
}

function boundedNoise(seed: Uint8Array): number {
  const stream = new SeedStream('noise', seed)
  for (;;) {
    const noise = discreteGaussian(stream, noiseVariance)
    if (Math.abs(noise) <= noiseMax) return noise
  }
}

export function encodeShare({ first, second }: WellnessShare): Uint8Array {
  return concat(first.toBytes(), second.toBytes())
}

export function decodeShare(bytes: Uint8Array): Result<WellnessShare, WellnessError> {
  const first = decodePoint(bytes.subarray(0, pointBytes))
  const second = decodePoint(bytes.subarray(pointBytes))
  if (first === undefined || second === undefined) return err({ code: 'WELLNESS_SHARE_MALFORMED' })
  return ok({ first, second })
}
