/**
 * h, the base of shares and of the keys (BEACON-2): its logarithm to the base g is known to nobody,
 * because it comes from a hash by the element derivation of RFC 9496, section 4.3.4.
 */
import { ristretto255_hasher } from '@noble/curves/ed25519.js'
import { assert } from '../../base/assert.ts'
import { wideHash } from './transcript.ts'

/** 32 bytes. */
export const shareGeneratorBytes: Uint8Array = elementFromWide(wideHash('shareGenerator', 0, []))

function elementFromWide(bytes: Uint8Array): Uint8Array {
  assert(ristretto255_hasher.deriveToCurve !== undefined, 'the library derives elements')
  return ristretto255_hasher.deriveToCurve(bytes).toBytes()
}
