/**
 * The newest Ed25519 signatures that were found to hold, by the message they are for, in one
 * allocation: what is asked about them are views into whole bodies, which must not live on here.
 */
import { equalBytes, mapKey } from '../core/base/bytes.ts'

const keyBytes = 32
const signatureBytes = 64
const entryBytes = keyBytes + signatureBytes

export class HeldSignatures {
  readonly #countMax: number
  readonly #entries: Uint8Array
  readonly #places = new Map<string, number>()
  /** What each place is kept under, so that it can be forgotten. */
  readonly #messages: string[] = []
  #next = 0

  constructor(countMax: number) {
    this.#countMax = countMax
    this.#entries = new Uint8Array(countMax * entryBytes)
  }

  /** What came first goes first. `key`: 32 bytes, `signature`: 64; others are not kept. */
  hold(key: Uint8Array, message: Uint8Array, signature: Uint8Array): void {
    if (key.length !== keyBytes || signature.length !== signatureBytes) return
    const place = this.#next
    this.#next = (place + 1) % this.#countMax
    const oldest = this.#messages[place]
    if (oldest !== undefined && this.#places.get(oldest) === place) this.#places.delete(oldest)
    const text = mapKey(message)
    this.#messages[place] = text
    this.#places.set(text, place)
    this.#entries.set(key, place * entryBytes)
    this.#entries.set(signature, place * entryBytes + keyBytes)
  }

  has(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
    const place = this.#places.get(mapKey(message))
    if (place === undefined) return false
    const start = place * entryBytes
    const middle = start + keyBytes
    return (
      equalBytes(this.#entries.subarray(start, middle), key) &&
      equalBytes(this.#entries.subarray(middle, start + entryBytes), signature)
    )
  }
}
