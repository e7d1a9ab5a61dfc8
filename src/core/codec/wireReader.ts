/**
 * Reads protobuf fields in their canonical form, one after the other (ENC-1).
 *
 * It knows plain forms only: fields in ascending order, no default written out, no over-long
 * varint, no number from 2^49 on. What is not plain sets `isPlain` to false, and is then a matter
 * for `decodeStrict`, which knows everything else.
 */

/** Seven groups of seven bits: exact as a number. */
const varintBytesMax = 7
const none = new Uint8Array(0)

export class WireReader {
  readonly #bytes: Uint8Array
  #offset = 0
  /** False once something was not as expected; what was returned since then means nothing. */
  isPlain = true

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#offset === this.#bytes.length
  }

  /** A bytes field that is there: a view of at least `bytesMin` bytes. */
  bytes(tag: number, bytesMin: number): Uint8Array {
    const isThere = this.#bytes[this.#offset] === tag
    this.#offset += 1
    const length = isThere ? this.#varint() : 0
    const start = this.#offset
    const end = start + length
    if (!isThere || length < bytesMin || end > this.#bytes.length) {
      this.isPlain = false
      return none
    }
    this.#offset = end
    return this.#bytes.subarray(start, end)
  }

  /** A number, which stands there unless it is 0. */
  number(tag: number): number {
    if (this.#bytes[this.#offset] !== tag) return 0
    this.#offset += 1
    const value = this.#varint()
    if (value === 0) this.isPlain = false
    return value
  }

  #varint(): number {
    let value = 0
    let scale = 1
    for (let count = 1; count <= varintBytesMax; count += 1) {
      const byte = this.#bytes[this.#offset] ?? 0x80
      this.#offset += 1
      value += (byte & 0x7f) * scale
      scale *= 128
      if (byte >= 0x80) continue
      if (byte === 0 && count > 1) this.isPlain = false
      return value
    }
    this.isPlain = false
    return 0
  }
}
