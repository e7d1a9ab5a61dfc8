/** How well the light of one series of slots follows a sequence (LIVE-3): R² of `judgeLight.ts`. */

import { greenSign, slotCount, warmSign, type LightSequence } from './colors.ts'
import type { Chroma } from './slotLight.ts'

export interface LightAnswer {
  /** R² at the best delay, basis points. */
  readonly shareBp: number
  readonly lagMs: number
  /** By how much the colour of skin against background went up and down with what was shown. */
  readonly gainBp: number
}

export interface LightFit extends LightAnswer {
  /** x·y and |y|², in units that all fits share. */
  readonly product: bigint
  readonly energy: bigint
}

/** Noise of the green axis is √3 times that of the other: 7 / 4. */
const warmWeight = 7n
const greenWeight = 4n
const basisPoints = 10_000n
const signCount = BigInt(2 * slotCount)
const centred = Array.from({ length: slotCount }, (_, index) => 2 * index + 1 - slotCount)
const centredSquares = centred.reduce((total, value) => total + value * value, 0)
/** What `detrended` multiplies by, to stay whole. */
const detrendScale = BigInt(slotCount * centredSquares)
/** ln by 1 on the warm axis: half logarithms come in 2⁻¹⁶. */
const unit = 32_768n * warmWeight * detrendScale

export function fitLight(
  sequence: LightSequence,
  seen: readonly Chroma[],
  lagMs: number,
): LightFit {
  const warm = detrended(seen.map((chroma) => chroma.warm)).map((value) => warmWeight * value)
  const green = detrended(seen.map((chroma) => chroma.green)).map((value) => greenWeight * value)
  const product = along(sequence.map(warmSign), warm) + along(sequence.map(greenSign), green)
  const energy = [...warm, ...green].reduce((total, value) => total + value * value, 0n)
  const follows = product > 0n && energy > 0n
  const share = follows ? (basisPoints * product * product) / (signCount * energy) : 0n
  const gain = (basisPoints * product) / (unit * signCount)
  return { shareBp: Number(share), lagMs, gainBp: Number(gain), product, energy }
}

/** Whether the root mean square of all changes is at least so much. */
export function isChanging({ energy }: LightFit, byBp: number): boolean {
  const limit = unit * BigInt(byBp)
  return energy * basisPoints * basisPoints >= signCount * limit * limit
}

function along(signs: readonly number[], values: readonly bigint[]): bigint {
  return values.reduce((total, value, index) => total + BigInt(signs[index] ?? 0) * value, 0n)
}

/** Mean and line out, times `detrendScale`. */
function detrended(values: readonly number[]): readonly bigint[] {
  const sum = values.reduce((total, value) => total + value, 0)
  const slope = values.reduce((total, value, index) => total + value * (centred[index] ?? 0), 0)
  return values.map((value, index) => {
    const trend = centredSquares * sum + slotCount * (centred[index] ?? 0) * slope
    return detrendScale * BigInt(value) - BigInt(trend)
  })
}
