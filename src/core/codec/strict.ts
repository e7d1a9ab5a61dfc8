/**
 * Strict decoding (ENC-1): bounded size, no unknown fields, one canonical form.
 *
 * Protobuf allows many byte strings for one message; hashes and signatures here cover bytes, so
 * only the string that the encoder itself writes is accepted: what was decoded is encoded again and
 * compared. That also refuses unknown fields, repeated scalars, default values that were written
 * out, over-long varints and integers above 2^53 - 1.
 */
import { equalBytes } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'

export type DecodeError =
  /** More bytes than this type may have. */
  | { readonly code: 'DECODE_TOO_LARGE'; readonly sizeBytes: number; readonly sizeBytesMax: number }
  /** Not a protobuf message of this type. */
  | { readonly code: 'DECODE_MALFORMED' }
  /** Decodes, but is not the canonical form; send the bytes that an encoder writes. */
  | { readonly code: 'DECODE_NOT_CANONICAL' }

/** The part of a generated message that is used here. */
export interface MessageCodec<T> {
  encode(value: Partial<T>): Uint8Array
  decode(bytes: Uint8Array): T
}

export function decodeStrict<T>(
  codec: MessageCodec<T>,
  bytes: Uint8Array,
  sizeBytesMax: number,
): Result<T, DecodeError> {
  if (bytes.length > sizeBytesMax) {
    return err({ code: 'DECODE_TOO_LARGE', sizeBytes: bytes.length, sizeBytesMax })
  }
  let value: T
  let again: Uint8Array
  try {
    value = codec.decode(bytes)
    again = codec.encode(value)
  } catch {
    return err({ code: 'DECODE_MALFORMED' })
  }
  return equalBytes(bytes, again) ? ok(value) : err({ code: 'DECODE_NOT_CANONICAL' })
}
