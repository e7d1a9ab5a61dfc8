/**
 * The secret of a deal from shares (BEACON-5): Lagrange's interpolation at 0 in the exponent.
 *
 * Any t valid shares give the same bytes, so it does not matter which of them a chain has first.
 */
import { err, ok, type Result } from '../../base/result.ts'
import type { DealShares } from '../../codec/sharing.ts'
import type { ReconstructError } from './errors.ts'
import type { Point } from './group.ts'
import { weightsAtZero } from './polynomial.ts'
import { sharePointsOf } from './sharePoints.ts'
import { sharesOf, type Sharing } from './sharing.ts'

/** 32 bytes; every member of the list has passed `verifyShares` for one deal of this sharing. */
export function reconstruct(
  sharing: Sharing,
  list: readonly Pick<DealShares, 'seat' | 'points'>[],
): Result<Uint8Array, ReconstructError> {
  const { group, threshold } = sharing
  const byShare = new Map<number, Point>()
  for (const shares of list) {
    const read = sharePointsOf(sharing, shares)
    if (!read.ok) return read
    const { holder, points } = read.value
    for (const [index, share] of sharesOf(holder).entries()) {
      const point = points[index]
      if (point === undefined || byShare.has(share)) {
        return err({ code: 'SHARE_TWICE', seat: shares.seat })
      }
      byShare.set(share, point)
    }
  }
  if (byShare.size < threshold) {
    return err({ code: 'SHARES_TOO_FEW', count: byShare.size, threshold })
  }
  const used = [...byShare].slice(0, threshold)
  const weights = weightsAtZero(used.map(([share]) => share))
  const secret = group.sumOfProducts(
    used.map(([, point]) => point),
    weights,
  )
  return ok(group.encode([secret]))
}
