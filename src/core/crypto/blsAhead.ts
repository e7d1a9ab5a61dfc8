/**
 * A signature made ahead (SIG-1): which COMMIT a seat will sign is known while it waits for the
 * quorum, and signing takes milliseconds of the way to finality.
 *
 * Made is not given out: it stays in this closure until `sign` is asked for it, which happens after
 * every rule that may forbid it (BFT-4, BFT-5, BFT-10). One is kept; signing is deterministic, so
 * the bytes are those that would be made then.
 */

import { equalBytes } from '../base/bytes.ts'

export interface SigningAhead {
  sign(message: Uint8Array): Uint8Array
  /** A hint that `message` will probably be signed soon; nothing else depends on it. */
  prepare(message: Uint8Array): void
}

export function signAhead(sign: (message: Uint8Array) => Uint8Array): SigningAhead {
  let made: { readonly message: Uint8Array; readonly signature: Uint8Array } | undefined
  const signatureOf = (message: Uint8Array): Uint8Array | undefined =>
    made !== undefined && equalBytes(made.message, message) ? made.signature : undefined
  return {
    sign: (message) => signatureOf(message)?.slice() ?? sign(message),
    prepare(message) {
      if (signatureOf(message) === undefined) {
        made = { message: message.slice(), signature: sign(message) }
      }
    },
  }
}
