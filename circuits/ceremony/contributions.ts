/** The contributions that a key tells of, read strictly, and their hashes (ZK-9). */

import { createHash } from 'node:crypto'
import { plainG1, plainG2 } from './points.ts'
import { g1Bytes, g2Bytes, viewOf } from './sections.ts'

export interface Contribution {
  readonly kind: 'contribution' | 'beacon'
  readonly name: string
  /** BLAKE2b-512 of its public key, in hex: what snarkjs prints and the contributor publishes. */
  readonly hash: string
  /** Of a beacon: the value in hex, and the exponent of 2 of its iterations of SHA-256. */
  readonly beacon: { readonly hash: string; readonly iterationsExponent: number } | undefined
  /** δ in G1 after it, as the file has it. */
  readonly deltaAfter: Uint8Array
}

export interface Contributions {
  /** BLAKE2b-512 of the circuit and of what the powers of tau make of it, in hex. */
  readonly circuitHash: string
  readonly list: readonly Contribution[]
}

export const beaconExponents = { least: 10, most: 32 } as const
export const beaconBytes = { least: 32, most: 255 } as const
const contributionsMax = 1024
const hashBytes = 64
const [typeContribution, typeBeacon] = [0, 1]

/** Undefined for anything that snarkjs does not write. */
export function readContributions(section: Uint8Array): Contributions | undefined {
  const reader = new Reader(section)
  const circuitHash = reader.take(hashBytes)
  const count = reader.u32()
  if (circuitHash === undefined || count === undefined || count > contributionsMax) return undefined
  const list: Contribution[] = []
  for (let index = 0; index < count; index += 1) {
    const contribution = readContribution(reader)
    if (contribution === undefined) return undefined
    list.push(contribution)
  }
  return reader.isAtEnd() ? { circuitHash: hexOf(circuitHash), list } : undefined
}

/** δ after it; s·G1, s·x·G1 and x·P of a hashed P in G2, with x its secret; what it signs. */
function readContribution(reader: Reader): Contribution | undefined {
  const deltaAfter = reader.take(g1Bytes)
  const parts = [
    deltaAfter && plainG1(deltaAfter),
    reader.point(g1Bytes, plainG1),
    reader.point(g1Bytes, plainG1),
    reader.point(g2Bytes, plainG2),
    reader.take(hashBytes),
  ]
  const type = reader.u32()
  const parameters = reader.take(reader.u32() ?? Infinity)
  if (deltaAfter === undefined || parameters === undefined) return undefined
  const hash = createHash('blake2b512')
  for (const part of parts) {
    if (part === undefined) return undefined
    hash.update(part)
  }
  const read = readParameters(new Reader(parameters))
  const isOfType =
    (type === typeContribution && read?.beacon === undefined) ||
    (type === typeBeacon && read?.beacon !== undefined)
  if (read === undefined || !isOfType) return undefined
  const kind = type === typeBeacon ? 'beacon' : 'contribution'
  return { kind, ...read, hash: hash.digest('hex'), deltaAfter }
}

/** A name, then the iterations and the value of a beacon, each once and in this order. */
function readParameters(reader: Reader): Pick<Contribution, 'name' | 'beacon'> | undefined {
  let [name, exponent, value]: [string, number | undefined, Uint8Array | undefined] = [
    '',
    undefined,
    undefined,
  ]
  for (let last = 0; !reader.isAtEnd();) {
    const id = reader.byte() ?? 0
    if (id <= last) return undefined
    last = id
    if (id === 2) exponent = reader.byte()
    else if (id === 1 || id === 3) {
      const bytes = reader.take(reader.byte() ?? Infinity)
      if (bytes === undefined) return undefined
      if (id === 3) value = bytes
      else name = new TextDecoder().decode(bytes)
    } else return undefined
  }
  if (name !== '' && !isName(name)) return undefined
  if (exponent === undefined && value === undefined) return { name, beacon: undefined }
  if (exponent === undefined || value === undefined) return undefined
  // Bounds on the work of whoever checks it, too.
  if (exponent < beaconExponents.least || exponent > beaconExponents.most) return undefined
  if (value.length < beaconBytes.least) return undefined
  return { name, beacon: { hash: hexOf(value), iterationsExponent: exponent } }
}

/** 1 to 64 letters that a terminal shows as they are; 255 bytes are the format's bound. */
export function isName(text: string): boolean {
  return (
    text.length >= 1 &&
    text.length <= 64 &&
    !/[\p{C}\u2028\u2029]/u.test(text) &&
    Buffer.byteLength(text) <= 255
  )
}

class Reader {
  readonly #bytes: Uint8Array
  #offset = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  isAtEnd(): boolean {
    return this.#offset === this.#bytes.length
  }

  take(length: number): Uint8Array | undefined {
    if (length > this.#bytes.length - this.#offset) return undefined
    this.#offset += length
    return this.#bytes.subarray(this.#offset - length, this.#offset)
  }

  point(
    length: number,
    plain: (bytes: Uint8Array) => Uint8Array | undefined,
  ): Uint8Array | undefined {
    const bytes = this.take(length)
    return bytes && plain(bytes)
  }

  byte(): number | undefined {
    return this.take(1)?.[0]
  }

  u32(): number | undefined {
    const bytes = this.take(4)
    return bytes && viewOf(bytes).getUint32(0, true)
  }
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
