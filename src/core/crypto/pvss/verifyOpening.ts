/** Judging an opening (BEACON-4): it is the number that was dealt, or it is refused. */
import { equalBytes } from '../../base/bytes.ts'
import { err, ok, type Result } from '../../base/result.ts'
import type { Deal, DealOpening } from '../../codec/sharing.ts'
import type { OpeningError } from './errors.ts'
import { itemAt, type Group, type Point } from './group.ts'
import { nobleGroup } from './groupNoble.ts'
import { placeError } from './place.ts'
import { decodeScalar } from './scalars.ts'

/** The secret of the deal, 32 bytes; `deal` has passed `verifyDeal` in this sharing. */
export function verifyOpening(
  deal: Deal,
  opening: DealOpening,
  group: Group = nobleGroup,
): Result<Uint8Array, OpeningError> {
  const misplaced = placeError(deal, opening)
  if (misplaced !== undefined) return err(misplaced)
  const secret = decodeScalar(opening.secret)
  if (secret === undefined) return err({ code: 'OPENING_SCALAR' })
  const commitment = itemAt(deal.commitments, 0)
  if (!equalBytes(powerOf(group, group.generator, secret), commitment)) {
    return group.decode(commitment) === undefined
      ? err({ code: 'DEAL_POINT', field: 'commitments', index: 0 })
      : err({ code: 'OPENING_WRONG' })
  }
  return ok(powerOf(group, group.shareGenerator, secret))
}

/** h^p(0), 32 bytes; undefined for what no opening can say. */
export function openedSecret(
  { secret }: Pick<DealOpening, 'secret'>,
  group: Group = nobleGroup,
): Uint8Array | undefined {
  const scalar = decodeScalar(secret)
  return scalar === undefined ? undefined : powerOf(group, group.shareGenerator, scalar)
}

/** Encoded: an element has one encoding. The number was told to everybody. */
function powerOf(group: Group, point: Point, scalar: bigint): Uint8Array {
  return group.encode([group.sumOfProducts([point], [scalar])])
}
