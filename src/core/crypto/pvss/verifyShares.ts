/** Judging the shares of a seat (BEACON-5): decrypted with its key, from this deal. */
import { equalBytes } from '../../base/bytes.ts'
import { err, ok, type Result } from '../../base/result.ts'
import type { Deal, DealShares } from '../../codec/sharing.ts'
import { encryptedSharesOf } from './encryptedShares.ts'
import type { ShareError } from './errors.ts'
import { placeError } from './place.ts'
import { sharePointsOf } from './sharePoints.ts'
import { decodeScalar } from './scalars.ts'
import { shareChallenge, shareStatement } from './shareProof.ts'
import type { Sharing } from './sharing.ts'
import { challengeBytes, challengeScalar } from './transcript.ts'

/** `deal` has passed `verifyDeal` in this sharing. */
export function verifyShares(
  sharing: Sharing,
  deal: Deal,
  shares: DealShares,
): Result<undefined, ShareError> {
  const misplaced = placeError(deal, shares)
  if (misplaced !== undefined) return err(misplaced)
  const read = sharePointsOf(sharing, shares)
  if (!read.ok) return read
  const response = decodeScalar(shares.response)
  if (response === undefined || shares.challenge.length !== challengeBytes) {
    return err({ code: 'SHARE_SCALAR' })
  }
  const { holder, points } = read.value
  const encrypted = encryptedSharesOf(sharing.group, deal, holder)
  if (!encrypted.ok) return encrypted
  const statement = shareStatement(sharing, shares, points, encrypted.value)
  const factor = challengeScalar(shares.challenge)
  const { group } = sharing
  const exponents = [response, factor]
  const challenge = shareChallenge(group, statement, [
    group.sumOfProducts([group.shareGenerator, holder.key], exponents),
    group.sumOfProducts([statement.share, statement.encrypted], exponents),
  ])
  return equalBytes(challenge, shares.challenge) ? ok(undefined) : err({ code: 'SHARE_PROOF' })
}
