/**
 * The handshake of a sensor stream (SENS-6): Noise_NKpsk0_25519_ChaChaPoly_SHA256 (Perrin, The
 * Noise Protocol Framework, revision 34).
 *
 * The link says the page's public key and a secret. Whoever answers the phone has the private key
 * of that public key; whoever comes to the page has the secret; both give a fresh key, so that what
 * was said stays secret when either leaks later. A relay knows neither: it can cut, and cannot be
 * in the middle.
 */

import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { x25519 } from '@noble/curves/ed25519.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concat, utf8, type Bytes } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import type { HandshakeError } from './errors.ts'

export const streamKeyBytes = 32
const tagBytes = 16

const protocolName = utf8('Noise_NKpsk0_25519_ChaChaPoly_SHA256')
const none = new Uint8Array(0)
const failed: HandshakeError = { code: 'STREAM_HANDSHAKE' }

/** Who begins: the phone. Everything but the message is a secret or random, 32 bytes each. */
export interface Initiator {
  readonly psk: Uint8Array
  /** The page's public key. */
  readonly responderKey: Uint8Array
  /** Fresh, and used once. */
  readonly ephemeralSecret: Uint8Array
}

export interface Responder {
  readonly psk: Uint8Array
  readonly staticSecret: Uint8Array
  /** Fresh, and used once. */
  readonly ephemeralSecret: Uint8Array
}

export interface Opening {
  readonly message: Uint8Array
  /** Takes the answer, and the payload out of it. */
  readonly finish: (answer: Uint8Array) => Result<Handshake, HandshakeError>
}

export interface Handshake {
  readonly sendKey: Uint8Array
  readonly receiveKey: Uint8Array
  /** Known to these two alone, for what is agreed upon later. */
  readonly exportKey: Uint8Array
  /** Of everything that was said: equal at both ends, and of no other handshake. No secret. */
  readonly transcript: Uint8Array
  readonly payload: Uint8Array
}

export function publicKeyOf(secret: Uint8Array): Uint8Array {
  return x25519.getPublicKey(secret)
}

export function openHandshake(
  { psk, responderKey, ephemeralSecret }: Initiator,
  prologue: Uint8Array,
  payload: Uint8Array = none,
): Result<Opening, HandshakeError> {
  const noise = new SymmetricState(prologue, responderKey)
  const own = publicKeyOf(ephemeralSecret)
  noise.mixKeyAndHash(psk)
  noise.mixHash(own)
  noise.mixKey(own)
  if (!noise.mixShared(ephemeralSecret, responderKey)) return err(failed)
  const message = concat(own, noise.encrypt(payload))
  const finish = (answer: Uint8Array): Result<Handshake, HandshakeError> => {
    const other = answer.subarray(0, streamKeyBytes)
    if (answer.length < streamKeyBytes + tagBytes) return err(failed)
    noise.mixHash(other)
    noise.mixKey(other)
    if (!noise.mixShared(ephemeralSecret, other)) return err(failed)
    const said = noise.decrypt(answer.subarray(streamKeyBytes))
    return said === undefined ? err(failed) : ok(noise.split(said, true))
  }
  return ok({ message, finish })
}

/** What the page answers, with its keys; fails when the phone does not know the secret. */
export function answerHandshake(
  { psk, staticSecret, ephemeralSecret }: Responder,
  prologue: Uint8Array,
  message: Uint8Array,
  payload: Uint8Array = none,
): Result<{ readonly answer: Uint8Array; readonly handshake: Handshake }, HandshakeError> {
  if (message.length < streamKeyBytes + tagBytes) return err(failed)
  const noise = new SymmetricState(prologue, publicKeyOf(staticSecret))
  const other = message.subarray(0, streamKeyBytes)
  noise.mixKeyAndHash(psk)
  noise.mixHash(other)
  noise.mixKey(other)
  if (!noise.mixShared(staticSecret, other)) return err(failed)
  const said = noise.decrypt(message.subarray(streamKeyBytes))
  if (said === undefined) return err(failed)
  const own = publicKeyOf(ephemeralSecret)
  noise.mixHash(own)
  noise.mixKey(own)
  if (!noise.mixShared(ephemeralSecret, other)) return err(failed)
  const answer = concat(own, noise.encrypt(payload))
  return ok({ answer, handshake: noise.split(said, false) })
}

/** Names as in the specification, section 5. */
class SymmetricState {
  #chainingKey: Uint8Array
  #hash: Uint8Array
  #key: Uint8Array = none
  #nonce = 0

  constructor(prologue: Uint8Array, responderKey: Uint8Array) {
    this.#hash = sha256(protocolName)
    this.#chainingKey = this.#hash
    this.mixHash(prologue)
    this.mixHash(responderKey)
  }

  mixHash(bytes: Uint8Array): void {
    this.#hash = sha256(concat(this.#hash, bytes))
  }

  mixKey(input: Uint8Array): void {
    const [chainingKey, key] = derive(this.#chainingKey, input)
    this.#chainingKey = chainingKey
    this.#key = key
    this.#nonce = 0
  }

  mixKeyAndHash(input: Uint8Array): void {
    const [chainingKey, mixed, key] = derive(this.#chainingKey, input)
    this.#chainingKey = chainingKey
    this.mixHash(mixed)
    this.#key = key
    this.#nonce = 0
  }

  /** False for a public key that gives everybody the same secret. */
  mixShared(secret: Uint8Array, publicKey: Uint8Array): boolean {
    try {
      this.mixKey(x25519.getSharedSecret(secret, publicKey))
      return true
    } catch {
      return false
    }
  }

  encrypt(plain: Uint8Array): Uint8Array {
    const sealed = sealWith(this.#key, this.#nonce, plain, this.#hash)
    this.#nonce += 1
    this.mixHash(sealed)
    return sealed
  }

  decrypt(sealed: Uint8Array): Uint8Array | undefined {
    const plain = openWith(this.#key, this.#nonce, sealed, this.#hash)
    this.#nonce += 1
    this.mixHash(sealed)
    return plain
  }

  split(payload: Uint8Array, isInitiator: boolean): Handshake {
    const [first, second, exportKey] = derive(this.#chainingKey, none)
    return {
      sendKey: isInitiator ? first : second,
      receiveKey: isInitiator ? second : first,
      exportKey,
      transcript: this.#hash,
      payload,
    }
  }
}

/** HKDF of the specification, section 4.3, with three outputs: the first two are those of two. */
function derive(key: Uint8Array, input: Uint8Array): readonly [Bytes, Bytes, Bytes] {
  const temporary = hmac(sha256, key, input)
  const first = hmac(sha256, temporary, Uint8Array.of(1))
  const second = hmac(sha256, temporary, concat(first, Uint8Array.of(2)))
  const third = hmac(sha256, temporary, concat(second, Uint8Array.of(3)))
  return [concat(first), concat(second), concat(third)]
}

/** 32 bits of zeros and the number, little-endian. */
function nonceOf(number: number): Uint8Array {
  const nonce = new Uint8Array(12)
  let rest = number
  for (let index = 4; rest > 0; index += 1) {
    nonce[index] = rest & 255
    rest = Math.floor(rest / 256)
  }
  return nonce
}

export function sealWith(
  key: Uint8Array,
  number: number,
  plain: Uint8Array,
  context: Uint8Array = none,
): Uint8Array {
  return chacha20poly1305(key, nonceOf(number), context).encrypt(plain)
}

/** `undefined` when it was not sealed so. */
export function openWith(
  key: Uint8Array,
  number: number,
  sealed: Uint8Array,
  context: Uint8Array = none,
): Uint8Array | undefined {
  if (sealed.length < tagBytes) return undefined
  try {
    return chacha20poly1305(key, nonceOf(number), context).decrypt(sealed)
  } catch {
    return undefined
  }
}
