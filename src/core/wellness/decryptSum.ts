/** The sum of at least a hundred people in the clear, by enough holders of the key (PRIV-2). */
import { err, ok, type Result } from '../base/result.ts'
import type { WellnessError } from './errors.ts'
import { identity, scalars, times } from './group.ts'
import type { KeyCommitments } from './keyShares.ts'
import type { Partial } from './partialDecryption.ts'
import { noiseMax, noiseVariance, stepsMax } from './rules.ts'
import { smallLogarithm } from './smallLogarithm.ts'
import type { EncryptedSum } from './sumShares.ts'

export interface OpenedSum {
  /** Steps of all people, with their noise: may lie outside of what people alone could give. */
  readonly steps: number
  readonly people: number
  /** Variance of `steps` from noise alone, in steps²: people · σ². */
  readonly noiseVariance: number
}

/** `partials`: verified, of different places; the first `threshold` of them are used. */
export function decryptSum(
  sum: EncryptedSum,
  commitments: KeyCommitments,
  partials: readonly Partial[],
): Result<OpenedSum, WellnessError> {
  const threshold = commitments.length
  const used = [...new Map(partials.map((one) => [one.place, one])).values()].slice(0, threshold)
  if (used.length < threshold) {
    return err({ code: 'WELLNESS_PARTIALS_TOO_FEW', partials: used.length, of: threshold })
  }
  const places = used.map(({ place }) => place)
  const mask = used.reduce(
    (point, partial) => point.add(times(partial.point, weightAtZero(places, partial.place))),
    identity,
  )
  const { people } = sum
  const highest = people * (stepsMax + 2 * noiseMax)
  const found = smallLogarithm(sum.second.subtract(mask), highest)
  if (found === undefined) return err({ code: 'WELLNESS_SUM_OUT_OF_RANGE' })
  const steps = found - people * noiseMax
  return ok({ steps, people, noiseVariance: people * noiseVariance })
}

/** Lagrange: what the value at `place` is multiplied with to give the value at 0. */
function weightAtZero(places: readonly number[], place: number): bigint {
  let [above, below] = [1n, 1n]
  for (const other of places) {
    if (other === place) continue
    above = scalars.multiply(above, BigInt(other))
    below = scalars.multiply(below, scalars.subtract(BigInt(other), BigInt(place)))
  }
  return scalars.divide(above, below)
}
