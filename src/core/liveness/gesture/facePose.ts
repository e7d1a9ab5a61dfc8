/** Open eyes and a turned head from the landmarks of the 468-point face mesh (LIVE-4). */

import { isqrt } from '../../emotion/integers.ts'

/** Whole numbers on square pixels, the same unit both ways; the finer, the better. */
export type MeshPoint = readonly [x: number, y: number]

export interface FacePose {
  /** Eye aspect ratio, mean of both eyes (Soukupová & Čech 2016), in basis points. */
  readonly opennessBp: number
  /**
   * Tip of the nose from the middle between the edges of the cheeks, along the line between them,
   * in basis points of half of it; towards the person's left above 0.
   */
  readonly yawBp: number
}

/** Outer corner, two of the upper lid, inner corner, two of the lower lid below them. */
const eyes = [
  [33, 160, 158, 133, 153, 144],
  [362, 385, 387, 263, 373, 380],
] as const
const noseTip = 1
/** The person's right is on the left of a picture that is not mirrored. */
const rightCheek = 234
const leftCheek = 454

/** Undefined for points that are no face: too few, not whole, or in one place. */
export function facePose(mesh: readonly MeshPoint[]): FacePose | undefined {
  const openness = eyes.map((eye) => aspectBp(eye.map((index) => mesh[index])))
  const [first, second] = openness
  const yawBp = yawOf(mesh[rightCheek], mesh[leftCheek], mesh[noseTip])
  if (first === undefined || second === undefined || yawBp === undefined) return undefined
  return { opennessBp: (first + second) >> 1, yawBp }
}

function aspectBp(points: readonly (MeshPoint | undefined)[]): number | undefined {
  const [outer, upperOuter, upperInner, inner, lowerInner, lowerOuter] = points
  const width = distance(outer, inner)
  const heights = [distance(upperOuter, lowerOuter), distance(upperInner, lowerInner)]
  const [left, right] = heights
  if (width === undefined || left === undefined || right === undefined) return undefined
  if (width === 0n) return undefined
  const ratio = (10_000n * (left + right)) / (2n * width)
  return ratio > 10_000n ? 10_000 : Number(ratio)
}

/** In sixteenths, so that the lids of a small face still differ. */
function distance(from?: MeshPoint, to?: MeshPoint): bigint | undefined {
  const by = difference(from, to)
  return by === undefined ? undefined : isqrt(256n * (by[0] * by[0] + by[1] * by[1]))
}

function yawOf(right?: MeshPoint, left?: MeshPoint, nose?: MeshPoint): number | undefined {
  const [across, toNose] = [difference(right, left), difference(right, nose)]
  if (across === undefined || toNose === undefined) return undefined
  const length = across[0] * across[0] + across[1] * across[1]
  if (length === 0n) return undefined
  const along = across[0] * toNose[0] + across[1] * toNose[1]
  const yaw = (10_000n * (2n * along - length)) / length
  return yaw > 10_000n ? 10_000 : Number(yaw < -10_000n ? -10_000n : yaw)
}

function difference(from?: MeshPoint, to?: MeshPoint): readonly [bigint, bigint] | undefined {
  if (from === undefined || to === undefined) return undefined
  if (![...from, ...to].every(Number.isSafeInteger)) return undefined
  return [BigInt(to[0]) - BigInt(from[0]), BigInt(to[1]) - BigInt(from[1])]
}
