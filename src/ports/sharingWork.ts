/**
 * The cryptography of the beacon's sharing, off the caller's thread (BEACON-2 to BEACON-5). An
 * interface only.
 *
 * What it says is what the functions of `src/core/crypto/pvss` say of the same bytes. An error of
 * the work says that nothing was decided, and must never be taken for a verdict: ask core, or ask
 * again. So a verdict is a result within a result.
 */
import type { Result } from '../core/base/result.ts'
import type { Deal, DealOpening, DealShares } from '../core/codec/sharing.ts'
import type { ShareKey } from '../core/crypto/pvss/decryptShares.ts'
import type {
  DealError,
  DealPointError,
  OpeningError,
  ReconstructError,
  ShareError,
  SharingError,
} from '../core/crypto/pvss/errors.ts'
import type { SharingInput } from '../core/crypto/pvss/sharing.ts'

export type SharingWorkError =
  /** Too much waits already: try again later. */
  | { readonly code: 'WORK_BUSY' }
  /** A worker ended or fell silent. The next request starts a fresh one. */
  | { readonly code: 'WORK_CRASHED'; readonly reason: string }
  /** It was closed. */
  | { readonly code: 'WORK_CLOSED' }
  /** There is no such sharing: `createSharing` refuses what was given. */
  | SharingError

export type Worked<T> = Promise<Result<T, SharingWorkError>>

/** `sharing`: what `createSharing` takes. Workers keep the tables of the last few. */
export interface SharingWork {
  /** `seed`: see `makeDeal` of core. */
  makeDeal(sharing: SharingInput, dealer: number, seed: Uint8Array): Worked<Deal>
  openDeal(sharing: SharingInput, dealer: number, seed: Uint8Array): Worked<DealOpening>
  verifyDeal(sharing: SharingInput, deal: Deal): Worked<Result<undefined, DealError>>
  /** The secret, 32 bytes. */
  verifyOpening(
    sharing: SharingInput,
    deal: Deal,
    opening: DealOpening,
  ): Worked<Result<Uint8Array, OpeningError>>
  decryptShares(
    sharing: SharingInput,
    deal: Deal,
    key: ShareKey,
  ): Worked<Result<DealShares, DealPointError>>
  verifyShares(
    sharing: SharingInput,
    deal: Deal,
    shares: DealShares,
  ): Worked<Result<undefined, ShareError>>
  /** The secret, 32 bytes. */
  reconstruct(
    sharing: SharingInput,
    list: readonly DealShares[],
  ): Worked<Result<Uint8Array, ReconstructError>>
  /** Ends its worker; waiting requests get `WORK_CLOSED`. */
  close(): Promise<void>
}
