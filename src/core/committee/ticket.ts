/**
 * κ and θ of COM-1: κ = −ln(u)/w₀, and a ticket counts when κ < θ. Both in 2^-32.
 *
 * θ steers the number of candidates to 64: it moves by at most the fourth root of two an epoch.
 */
import { ticketUniform } from '../crypto/vrf.ts'
import { protocol } from '../params.ts'
import { negativeLnQ64 } from './ln.ts'

const kappaMax = (1n << 64n) - 1n

/** Floored; a weight of zero has no ticket that counts. */
export function kappaQ32(ticket: Uint8Array, weightQ32: bigint): bigint {
  if (weightQ32 === 0n) return kappaMax
  const kappa = negativeLnQ64(ticketUniform(ticket)) / weightQ32
  return kappa < kappaMax ? kappa : kappaMax
}

/** `theta` is undefined when there is no cut-off. */
export function ticketCounts(kappa: bigint, theta: bigint | undefined): boolean {
  return kappa < kappaMax && (theta === undefined || kappa < theta)
}

/**
 * θ of the next epoch: undefined up to 64 active validators, 64/Σw₀ when that is passed, then
 * θ · clamp(64/max(1, c), ½, 2)^¼ with c the newest frozen candidate count.
 */
export function nextTheta(options: {
  readonly previous: bigint | undefined
  readonly active: number
  readonly candidates: number
  /** Σw₀ over the active, 2^-32. */
  readonly weightSum: () => bigint
}): bigint | undefined {
  const aim = BigInt(protocol.candidatesAim)
  if (options.active <= protocol.candidatesAim) return undefined
  if (options.previous === undefined) {
    const sum = options.weightSum()
    return sum === 0n ? undefined : (aim << 64n) / sum
  }
  const candidates = BigInt(Math.max(32, Math.min(128, options.candidates)))
  const fourth = options.previous * options.previous * options.previous * options.previous
  const theta = floorSqrt(floorSqrt((fourth * aim) / candidates))
  return theta < 1n ? 1n : theta < kappaMax ? theta : kappaMax
}

/** ⌊√value⌋ by Newton's method from above; ⌊⁴√v⌋ = ⌊√⌊√v⌋⌋. */
export function floorSqrt(value: bigint): bigint {
  if (value < 2n) return value
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1)
  for (;;) {
    const next = (root + value / root) >> 1n
    if (next >= root) return root
    root = next
  }
}
