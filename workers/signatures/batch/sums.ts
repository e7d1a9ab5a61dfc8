/**
 * The sum that a batch is judged by: Σ z·R + Σ z·k·A − (Σ z·s)·B over some of its signatures.
 *
 * Few signatures by Straus' method with sparse digits, many by Pippenger's buckets. Points, tables
 * and scalars of a batch stay where they are, so that its parts can be summed again.
 */

import type { Kernel } from '../../lib/edwards25519/kernel.ts'
import { addendBytes, affineBytes, extendedBytes } from '../../lib/edwards25519/pointCode.ts'
import {
  coefficientBits,
  scalarBits,
  writeSparse,
  writeWindows,
} from '../../lib/edwards25519/digits.ts'
import { groupOrder, scalarWords, writeScalar } from '../../lib/edwards25519/scalars.ts'

/** Signatures of one batch: memory for 1024 is 4 MB, and more gain little. */
export const batchCountMax = 1024

/** From so many signatures on buckets are faster; measured with `npm run bench -- signatures`. */
const bucketsFrom = 128

/** Odd multiples kept of a point of the batch, and of the base point. */
const [pointWidth, pointMultiples] = [5, 8]
const [baseWidth, baseMultiples] = [8, 64]

/** The y of the base point is 4/5, its x even (RFC 8032, section 5.1). */
const baseEncoding = new Uint8Array(32).fill(0x66, 1).fill(0x58, 0, 1)

export class WeightedSums {
  /** z·s modulo L of each signature. */
  readonly baseScalars: bigint[] = []
  readonly #kernel: Kernel
  readonly #commitments: number
  readonly #keys: number
  readonly #base: number
  readonly #baseTable: number
  readonly #tables: number
  readonly #digits: number
  readonly #pointers: number
  readonly #buckets: number
  /** z of each signature, then z·k of each, then that of the base point. */
  readonly #scalars = new Uint32Array((2 * batchCountMax + 1) * scalarWords)
  readonly #hasTable = new Uint8Array(2 * batchCountMax)

  constructor(kernel: Kernel) {
    const { memory } = kernel
    this.#kernel = kernel
    this.#commitments = memory.take(batchCountMax * affineBytes)
    this.#keys = memory.take(batchCountMax * affineBytes)
    this.#base = memory.take(affineBytes)
    this.#baseTable = memory.take(baseMultiples * addendBytes)
    this.#tables = memory.take(2 * batchCountMax * pointMultiples * addendBytes)
    this.#digits = memory.take(scalarBits * (2 * batchCountMax + 1))
    this.#pointers = memory.take(4 * (2 * bucketsFrom + 1))
    this.#buckets = memory.take(extendedBytes << 7)
    const encoding = memory.take(40)
    memory.bytes(encoding, 32).set(baseEncoding)
    kernel.decompress(this.#base, encoding)
    kernel.buildTable(baseMultiples, this.#base, this.#baseTable)
  }

  /** Forgets the batch before. */
  clear(): void {
    this.baseScalars.length = 0
    this.#hasTable.fill(0)
  }

  commitmentAddress(index: number): number {
    return this.#commitments + index * affineBytes
  }

  keyAddress(index: number): number {
    return this.#keys + index * affineBytes
  }

  /** z below 2^128; z·k and z·s modulo L. */
  setScalars(index: number, z: bigint, zk: bigint, zs: bigint): void {
    writeScalar(this.#scalars, index * scalarWords, z)
    writeScalar(this.#scalars, (batchCountMax + index) * scalarWords, zk)
    this.baseScalars[index] = zs
  }

  /** Writes the sum over the signatures `first` to `end − 1`, at least one, extended to `out`. */
  write(first: number, end: number, out: number): void {
    let sum = 0n
    for (let index = first; index < end; index += 1) sum += this.baseScalars[index] ?? 0n
    const negated = (groupOrder - (sum % groupOrder)) % groupOrder
    writeScalar(this.#scalars, 2 * batchCountMax * scalarWords, negated)
    if (end - first < bucketsFrom) this.#writeByStraus(first, end, out)
    else this.#writeByBuckets(first, end, out)
  }

  #writeByStraus(first: number, end: number, out: number): void {
    const { memory } = this.#kernel
    const stride = 2 * (end - first) + 1
    const pointers = memory.words(this.#pointers, stride)
    const digits = memory.signedBytes(this.#digits, scalarBits * stride).fill(0)
    const add = (column: number, scalar: number, width: number, table: number): void => {
      pointers[column] = table
      const place = { digits, start: column, stride }
      writeSparse(this.#scalars, scalar * scalarWords, width, scalarBits, place)
    }
    for (let index = first; index < end; index += 1) {
      const column = 2 * (index - first)
      const key = batchCountMax + index
      add(column, index, pointWidth, this.#tableOf(index, this.commitmentAddress(index)))
      add(column + 1, key, pointWidth, this.#tableOf(key, this.keyAddress(index)))
    }
    add(stride - 1, 2 * batchCountMax, baseWidth, this.#baseTable)
    this.#kernel.straus(scalarBits, stride, this.#digits, this.#pointers, out)
  }

  #tableOf(point: number, affine: number): number {
    const table = this.#tables + point * pointMultiples * addendBytes
    if (this.#hasTable[point] === 0) this.#kernel.buildTable(pointMultiples, affine, table)
    this.#hasTable[point] = 1
    return table
  }

  #writeByBuckets(first: number, end: number, out: number): void {
    const { clearBuckets, fillBuckets, addBuckets, doubleTimes, memory } = this.#kernel
    const count = end - first
    const bits = windowBits(count)
    const bucketCount = 1 << (bits - 1)
    const keyWindows = Math.ceil(scalarBits / bits)
    const commitmentWindows = Math.ceil(coefficientBits / bits)
    const stride = 2 * count + 1
    const digits = memory.signedBytes(this.#digits, keyWindows * stride)
    const add = (column: number, scalar: number, windowCount: number): void => {
      const place = { digits, start: column, stride }
      writeWindows(this.#scalars, scalar * scalarWords, bits, windowCount, place)
    }
    for (let index = first; index < end; index += 1) {
      add(index - first, index, commitmentWindows)
      add(count + index - first, batchCountMax + index, keyWindows)
    }
    add(stride - 1, 2 * batchCountMax, keyWindows)
    for (let window = keyWindows - 1; window >= 0; window -= 1) {
      const row = this.#digits + window * stride
      clearBuckets(bucketCount, this.#buckets)
      if (window < commitmentWindows) {
        fillBuckets(count, row, this.commitmentAddress(first), this.#buckets)
      }
      fillBuckets(count, row + count, this.keyAddress(first), this.#buckets)
      fillBuckets(1, row + stride - 1, this.#base, this.#buckets)
      if (window === keyWindows - 1) this.#kernel.function('point_identity')(out)
      else doubleTimes(bits, out)
      addBuckets(bucketCount, this.#buckets, out)
    }
  }
}

/** Bits of a window: wider ones mean fewer additions and more buckets to sum. */
function windowBits(count: number): number {
  if (count < 192) return 6
  return count < 600 ? 7 : 8
}
