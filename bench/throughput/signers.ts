/**
 * Keys of senders, and Ed25519 by OpenSSL: signing a block's worth is not what is measured, and
 * OpenSSL is an implementation apart from the one that is.
 */

import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import { u32be } from '../../src/core/base/bytes.ts'
import { hash } from '../../src/core/crypto/hash.ts'

export interface Sender {
  readonly account: Uint8Array
  readonly sign: (message: Uint8Array) => Uint8Array
}

/** What RFC 8410 puts before the 32 bytes of a seed. */
const seedPrefix = Buffer.from('302e020100300506032b657004220420', 'hex')
const keyPrefix = Buffer.from('302a300506032b6570032100', 'hex')

export function senderOf(index: number): Sender {
  const seed = hash('keyDerivation', u32be(77), u32be(index))
  const secret = createPrivateKey({
    key: Buffer.concat([seedPrefix, seed]),
    format: 'der',
    type: 'pkcs8',
  })
  const spki = createPublicKey(secret).export({ format: 'der', type: 'spki' })
  return {
    account: Uint8Array.from(spki.subarray(keyPrefix.length)),
    sign: (message) => Uint8Array.from(sign(null, message, secret)),
  }
}

/** For signatures that this bench made itself: what ZIP-215 adds is in none of them. */
export function signedByOpenSsl(
  account: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const key: KeyObject = createPublicKey({
    key: Buffer.concat([keyPrefix, account]),
    format: 'der',
    type: 'spki',
  })
  return verify(null, message, key, signature)
}
