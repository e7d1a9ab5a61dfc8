/**
 * Who judges the objects of a round (BEACON-6). The cryptography takes seconds of an epoch, so a
 * node lets a worker do it and remembers the verdicts; a verdict is a function of the bytes, so it
 * does not matter who finds it (DET-1).
 */
import type { Result } from '../../base/result.ts'
import type { Deal, DealOpening, DealShares } from '../../codec/sharing.ts'
import type {
  DealError,
  OpeningError,
  ReconstructError,
  ShareError,
} from '../../crypto/pvss/errors.ts'
import { reconstruct } from '../../crypto/pvss/reconstruct.ts'
import type { Sharing } from '../../crypto/pvss/sharing.ts'
import { verifyDeal } from '../../crypto/pvss/verifyDeal.ts'
import { verifyOpening } from '../../crypto/pvss/verifyOpening.ts'
import { verifyShares } from '../../crypto/pvss/verifyShares.ts'

/** Of one who only remembers verdicts: nobody judged it here yet, or it was found to be wrong. */
export type VerdictError = { readonly code: 'VERDICT_MISSING' } | { readonly code: 'VERDICT_WRONG' }

export interface SharingJudge {
  readonly deal: (deal: Deal) => Result<undefined, DealError | VerdictError>
  /** The secret, 32 bytes. */
  readonly opening: (
    deal: Deal,
    opening: DealOpening,
  ) => Result<Uint8Array, OpeningError | VerdictError>
  readonly shares: (deal: Deal, shares: DealShares) => Result<undefined, ShareError | VerdictError>
  /** The secret, 32 bytes, from verified shares of one deal. */
  readonly reconstruct: (list: readonly DealShares[]) => Result<Uint8Array, ReconstructError>
}

/** Verifies on the spot. */
export function judgeOf(sharing: Sharing): SharingJudge {
  return {
    deal: (deal) => verifyDeal(sharing, deal),
    opening: verifyOpening,
    shares: (deal, shares) => verifyShares(sharing, deal, shares),
    reconstruct: (list) => reconstruct(sharing, list),
  }
}
