/**
 * Verifies many Ed25519 signatures at once, off the caller's thread (SIG-1). An interface only.
 *
 * A verdict is what `ed25519Verify` of core says of the same signature. An error says that nothing
 * was decided, and must never be taken for a bad signature: ask core, or ask again.
 */

import type { Result } from '../core/base/result.ts'

/** Bytes of any length: what has not 32 and 64 of them is not valid. */
export interface SignatureItem {
  readonly publicKey: Uint8Array
  readonly message: Uint8Array
  readonly signature: Uint8Array
}

export type SignatureVerifierError =
  /** Too much waits already: try again later. */
  | { readonly code: 'VERIFIER_BUSY' }
  /** A worker ended or fell silent. The next request starts a fresh one. */
  | { readonly code: 'VERIFIER_CRASHED'; readonly reason: string }
  /** It was closed. */
  | { readonly code: 'VERIFIER_CLOSED' }

export interface SignatureVerifier {
  /** One verdict for each item, in their order. */
  verifyBatch(
    items: readonly SignatureItem[],
  ): Promise<Result<readonly boolean[], SignatureVerifierError>>
  /** Ends its workers; waiting requests get `VERIFIER_CLOSED`. */
  close(): Promise<void>
}
