/**
 * The statement of a seat's shares (BEACON-5): one secret key x gives key = h^x and
 * encrypted = share^x for each share of the seat.
 *
 * The shares of a seat are folded into one pair with weights from a hash of all of them, as RFC
 * 9497 (section 2.2.1) does, so that a seat of any power gives one proof of Chaum and Pedersen.
 */
import { concat, u32be } from '../../base/bytes.ts'
import type { DealShares } from '../../codec/sharing.ts'
import type { Group, Point } from './group.ts'
import type { Sharing } from './sharing.ts'
import { challengeOf, challengeScalar, sharingHash } from './transcript.ts'

export interface ShareStatement {
  /** Everything that the proof is bound to. */
  readonly bytes: Uint8Array
  /** The weighted sums of the shares and of the encrypted shares. */
  readonly share: Point
  readonly encrypted: Point
}

export function shareStatement(
  sharing: Sharing,
  { dealer, seat, points }: Pick<DealShares, 'dealer' | 'seat' | 'points'>,
  shares: readonly Point[],
  encrypted: readonly Point[],
): ShareStatement {
  const { group } = sharing
  const bytes = concat(
    sharing.digest,
    u32be(dealer),
    u32be(seat),
    u32be(shares.length),
    points,
    group.encode(encrypted),
  )
  const weights = shares.map((_, index) =>
    challengeScalar(sharingHash('shareWeight', u32be(index), bytes).slice(0, 16)),
  )
  return {
    bytes,
    share: group.sumOfProducts(shares, weights),
    encrypted: group.sumOfProducts(encrypted, weights),
  }
}

/** `firstMessages` are h^w and share^w. */
export function shareChallenge(
  group: Group,
  statement: ShareStatement,
  firstMessages: readonly [Point, Point],
): Uint8Array {
  return challengeOf('shareChallenge', statement.bytes, group.encode(firstMessages))
}
