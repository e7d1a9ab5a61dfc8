/**
 * The conversation with a sharing worker (BEACON-2): one task, one answer. The client's side is
 * `lane.ts`.
 *
 * The same for a dedicated worker of a page and for a thread of Node: both come as a
 * `SharingChannel`.
 */
import type { Result } from '../../src/core/base/result.ts'
import type { Deal, DealOpening, DealShares } from '../../src/core/codec/sharing.ts'
import type { ShareKey } from '../../src/core/crypto/pvss/decryptShares.ts'
import type { SharingInput } from '../../src/core/crypto/pvss/sharing.ts'
import type { SharingWorkError } from '../../src/ports/sharingWork.ts'

export type SharingTask = { readonly sharing: SharingInput } & (
  | { readonly kind: 'makeDeal' | 'openDeal'; readonly dealer: number; readonly seed: Uint8Array }
  | { readonly kind: 'verifyDeal'; readonly deal: Deal }
  | { readonly kind: 'verifyOpening'; readonly deal: Deal; readonly opening: DealOpening }
  | { readonly kind: 'decryptShares'; readonly deal: Deal; readonly key: ShareKey }
  | { readonly kind: 'verifyShares'; readonly deal: Deal; readonly shares: DealShares }
  | { readonly kind: 'reconstruct'; readonly list: readonly DealShares[] }
)

/** The value has the type that `SharingWork` gives for the task. */
export type SharingOutcome = Result<unknown, SharingWorkError>

export interface SharingChannel {
  post(task: SharingTask): void
  /** Set once, before the first post. */
  listen(onOutcome: (outcome: SharingOutcome) => void, onCrash: (reason: string) => void): void
  terminate(): void
}

export type OpenChannel = () => SharingChannel
