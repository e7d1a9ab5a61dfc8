/** The encrypted shares that a deal holds for one seat (BEACON-3). */
import { err, ok, type Result } from '../../base/result.ts'
import type { Deal } from '../../codec/sharing.ts'
import type { DealPointError } from './errors.ts'
import { itemAt, type Group, type Point } from './group.ts'
import { sharesOf, type SharingSeat } from './sharing.ts'

export function encryptedSharesOf(
  group: Group,
  deal: Deal,
  seat: SharingSeat,
): Result<readonly Point[], DealPointError> {
  const points: Point[] = []
  for (const share of sharesOf(seat)) {
    const index = share - 1
    const point = group.decode(itemAt(deal.encryptedShares, index))
    if (point === undefined) return err({ code: 'DEAL_POINT', field: 'encryptedShares', index })
    points.push(point)
  }
  return ok(points)
}
