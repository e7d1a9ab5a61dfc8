/**
 * Sums of products with public scalars by Straus' method: one chain of doublings for all of them.
 *
 * A point that is used often carries odd multiples of itself and of 2^127 times itself: its scalar
 * goes in as two halves, so that a sum with a challenge of 128 bits takes half of the doublings.
 */
import { coefficientBits, scalarBits, writeSparse } from '../../lib/edwards25519/digits.ts'
import { addendBytes, extendedBytes } from '../../lib/edwards25519/pointCode.ts'
import { scalarWords, writeScalar } from '../../lib/edwards25519/scalars.ts'
import type { RistrettoKernel } from './ristrettoKernel.ts'

export interface Element {
  /** X, Y, Z, T. */
  readonly limbs: Uint32Array
  /** Odd multiples of the point, then of 2^127 times the point. */
  readonly tables?: Uint32Array
}

/** Width of the sparse digits and the odd multiples that they take. */
const [narrowWidth, narrowMultiples] = [5, 8]
const [wideWidth, wideMultiples] = [7, 32]
const halfBits = 127n
const halfMask = (1n << halfBits) - 1n

const [narrowBytes, wideBytes] = [narrowMultiples * addendBytes, wideMultiples * addendBytes]

/** Points in one chain, and how many of them may bring their tables: copying costs as well. */
const pointsMax = 64
const widePointsMax = 4
const columnsMax = pointsMax + widePointsMax

interface Column {
  readonly scalar: bigint
  readonly width: number
  readonly table: number
}

export class PublicSums {
  readonly #kernel: RistrettoKernel
  readonly #narrow: number
  readonly #wide: number
  readonly #digits: number
  readonly #pointers: number
  readonly #point: number
  readonly #words = new Uint32Array(scalarWords)

  constructor(kernel: RistrettoKernel) {
    const { memory } = kernel
    this.#kernel = kernel
    this.#narrow = memory.take(pointsMax * narrowBytes)
    this.#wide = memory.take(widePointsMax * 2 * wideBytes)
    this.#digits = memory.take(scalarBits * columnsMax)
    this.#pointers = memory.take(4 * columnsMax)
    this.#point = memory.take(extendedBytes)
  }

  /** The sum, extended, at `out`; the identity if there are no points. */
  write(elements: readonly Element[], scalars: readonly bigint[], out: number): void {
    const kernel = this.#kernel
    if (elements.length <= pointsMax) {
      this.#writeChain(elements, scalars, out)
      return
    }
    const sum = kernel.memory.words(out, extendedBytes / 4)
    kernel.function('point_identity')(out)
    for (let first = 0; first < elements.length; first += pointsMax) {
      const end = first + pointsMax
      const before = sum.slice()
      this.#writeChain(elements.slice(first, end), scalars.slice(first, end), out)
      kernel.memory.words(this.#point, before.length).set(before)
      kernel.function('point_add')(out, this.#point)
    }
  }

  /** The same element with its tables: 9 kB, and the time of a product. */
  withTables({ limbs }: Element): Element {
    const { memory, oddMultiples, doubleTimes } = this.#kernel
    memory.words(this.#point, limbs.length).set(limbs)
    oddMultiples(wideMultiples, this.#point, this.#wide)
    doubleTimes(Number(halfBits), this.#point)
    oddMultiples(wideMultiples, this.#point, this.#wide + wideBytes)
    return { limbs, tables: memory.words(this.#wide, (2 * wideBytes) / 4).slice() }
  }

  #writeChain(elements: readonly Element[], scalars: readonly bigint[], out: number): void {
    const { memory } = this.#kernel
    if (elements.length === 0) {
      this.#kernel.function('point_identity')(out)
      return
    }
    const columns = elements.flatMap((element, index) =>
      this.#columnsOf(element, index, scalars[index] ?? 0n, elements.length),
    )
    const isShort = columns.every(({ scalar }) => scalar >> 128n === 0n)
    const bitCount = isShort ? coefficientBits : scalarBits
    const stride = columns.length
    const pointers = memory.words(this.#pointers, stride)
    const digits = memory.signedBytes(this.#digits, bitCount * stride).fill(0)
    columns.forEach(({ scalar, width, table }, start) => {
      pointers[start] = table
      writeScalar(this.#words, 0, scalar)
      writeSparse(this.#words, 0, width, bitCount, { digits, start, stride })
    })
    this.#kernel.straus(bitCount, stride, this.#digits, this.#pointers, out)
  }

  #columnsOf(
    { limbs, tables }: Element,
    index: number,
    scalar: bigint,
    count: number,
  ): readonly Column[] {
    const { memory, oddMultiples } = this.#kernel
    if (tables !== undefined && count <= widePointsMax) {
      const table = this.#wide + index * 2 * wideBytes
      memory.words(table, tables.length).set(tables)
      return [
        { scalar: scalar & halfMask, width: wideWidth, table },
        { scalar: scalar >> halfBits, width: wideWidth, table: table + wideBytes },
      ]
    }
    const table = this.#narrow + index * narrowBytes
    memory.words(this.#point, limbs.length).set(limbs)
    oddMultiples(narrowMultiples, this.#point, table)
    return [{ scalar, width: narrowWidth, table }]
  }
}
