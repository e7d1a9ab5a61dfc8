/** Judging an opening (BEACON-4): it is the number that was dealt, or it is refused. */
import { err, ok, type Result } from '../../base/result.ts'
import type { Deal, DealOpening } from '../../codec/sharing.ts'
import type { OpeningError } from './errors.ts'
import { decodePoint, decodeScalar, generator, itemAt } from './group.ts'
import { placeError } from './place.ts'
import { shareGenerator } from './transcript.ts'

/** The secret of the deal, 32 bytes; `deal` has passed `verifyDeal` in this sharing. */
export function verifyOpening(deal: Deal, opening: DealOpening): Result<Uint8Array, OpeningError> {
  const misplaced = placeError(deal, opening)
  if (misplaced !== undefined) return err(misplaced)
  const secret = decodeScalar(opening.secret)
  if (secret === undefined) return err({ code: 'OPENING_SCALAR' })
  const commitment = decodePoint(itemAt(deal.commitments, 0))
  if (commitment === undefined) return err({ code: 'DEAL_POINT', field: 'commitments', index: 0 })
  if (!generator.multiplyUnsafe(secret).equals(commitment)) return err({ code: 'OPENING_WRONG' })
  return ok(shareGenerator.multiplyUnsafe(secret).toBytes())
}
