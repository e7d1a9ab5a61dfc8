/** Reading a seat's shares (BEACON-5): one point for each share that the seat holds. */
import { err, ok, type Result } from '../../base/result.ts'
import type { DealShares } from '../../codec/sharing.ts'
import type { SharePointsError } from './errors.ts'
import { itemAt, pointBytes, type Point } from './group.ts'
import type { Sharing, SharingSeat } from './sharing.ts'

export interface SeatPoints {
  readonly holder: SharingSeat
  readonly points: readonly Point[]
}

export function sharePointsOf(
  sharing: Sharing,
  shares: Pick<DealShares, 'seat' | 'points'>,
): Result<SeatPoints, SharePointsError> {
  const holder = sharing.seats[shares.seat]
  if (holder === undefined) return err({ code: 'SHARE_SEAT' })
  if (shares.points.length !== holder.power * pointBytes) return err({ code: 'SHARE_LENGTH' })
  const points: Point[] = []
  for (let index = 0; index < holder.power; index += 1) {
    const point = sharing.group.decode(itemAt(shares.points, index))
    if (point === undefined) return err({ code: 'SHARE_POINT', index })
    points.push(point)
  }
  return ok({ holder, points })
}
