/**
 * A proving key as the kernel wants it: made once from the key's file and kept (ZK-6).
 *
 * Points at infinity are dropped and the others keep the number of their signal; coordinates are in
 * the kernel's limbs and Montgomery form; the matrices A and B are rows of terms.
 */

import { err, ok } from '../../../src/core/base/result.ts'
import { fieldOrder } from '../../../src/core/emotion/field.ts'
import { baseFieldOrder } from '../../../src/core/emotion/proofCodec.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { elementBytes, limbCount, packLimbs, plainWords } from '../kernel/limbs.ts'
import {
  coefficientWords,
  g1Words,
  g2Words,
  readKeyFile,
  type KeyFile,
  type KeyResult,
} from './keyFile.ts'

/** Affine points in the kernel's memory, and which scalar each takes. */
export interface PointTable {
  readonly address: number
  readonly scalarIndexes: Uint32Array
}

/** A sparse matrix in the kernel's memory, as `fr_rows` reads it. */
export interface Matrix {
  readonly ends: number
  readonly columns: number
  readonly coefficients: number
}

export interface ProvingKey {
  readonly signalCount: number
  readonly publicCount: number
  readonly domainSize: number
  readonly a: PointTable
  readonly b1: PointTable
  readonly b2: PointTable
  readonly c: PointTable
  readonly h: PointTable
  readonly matrixA: Matrix
  readonly matrixB: Matrix
  /** One point each. */
  readonly alpha1: PointTable
  readonly beta1: PointTable
  readonly delta1: PointTable
  readonly beta2: PointTable
  readonly delta2: PointTable
}

/** From x·2^256 to x·2^261, and from x·2^512 to x·2^522, by one Montgomery multiplication. */
const pointFactor = 2n ** 266n % baseFieldOrder
const coefficientFactor = 2n ** 271n % fieldOrder

export function loadProvingKey(kernel: Kernel, file: Uint8Array): KeyResult<ProvingKey> {
  const read = readKeyFile(file)
  if (!read.ok) return read
  const key = read.value
  const { signalCount, publicCount, domainSize } = key
  const coefficientsFault = checkCoefficients(key)
  if (coefficientsFault !== undefined) return err({ code: coefficientsFault })
  const points = [
    key.a,
    key.b1,
    key.b2,
    key.c,
    key.h,
    key.alpha1,
    key.beta1,
    key.delta1,
    key.beta2,
    key.delta2,
  ]
  if (!points.every((words) => areBelow(words, 0, plainWords, baseFieldOrder))) {
    return err({ code: 'KEY_ELEMENT' })
  }
  const g1 = (words: Uint32Array, first = 0): PointTable =>
    loadPoints(kernel, words, g1Words, first)
  const g2 = (words: Uint32Array): PointTable => loadPoints(kernel, words, g2Words, 0)
  return ok({
    signalCount,
    publicCount,
    domainSize,
    a: g1(key.a),
    b1: g1(key.b1),
    b2: g2(key.b2),
    c: g1(key.c, publicCount + 1),
    h: g1(key.h),
    matrixA: loadMatrix(kernel, key, 0),
    matrixB: loadMatrix(kernel, key, 1),
    alpha1: g1(key.alpha1),
    beta1: g1(key.beta1),
    delta1: g1(key.delta1),
    beta2: g2(key.beta2),
    delta2: g2(key.delta2),
  })
}

/** `first`: the scalar of the first point in the file. */
function loadPoints(
  { memory, fq }: Kernel,
  words: Uint32Array,
  pointWords: number,
  first: number,
): PointTable {
  const finite: number[] = []
  for (let at = 0; at < words.length; at += pointWords) {
    if (words.subarray(at, at + pointWords).some((word) => word !== 0)) finite.push(at)
  }
  const elements = pointWords / plainWords
  const address = memory.take(finite.length * elements * elementBytes)
  finite.forEach((from, index) => {
    for (let element = 0; element < elements; element += 1) {
      const to = address / 4 + (index * elements + element) * limbCount
      packLimbs(words, from + element * plainWords, memory.words, to)
    }
  })
  multiplyAll({ memory, mulAll: fq.mulAll }, address, finite.length * elements, pointFactor)
  return { address, scalarIndexes: Uint32Array.from(finite, (at) => first + at / pointWords) }
}

/** Rows of one of the two matrices, by counting: the file's order of rows is not relied on. */
function loadMatrix({ memory, fr }: Kernel, key: KeyFile, matrix: number): Matrix {
  const { coefficients: terms, domainSize } = key
  const positions = new Uint32Array(domainSize + 1)
  for (let at = 0; at < terms.length; at += coefficientWords) {
    const row = terms[at + 1] ?? 0
    if (terms[at] === matrix) positions[row + 1] = (positions[row + 1] ?? 0) + 1
  }
  for (let row = 0; row < domainSize; row += 1) {
    positions[row + 1] = (positions[row + 1] ?? 0) + (positions[row] ?? 0)
  }
  const count = positions[domainSize] ?? 0
  const ends = memory.take(4 * domainSize)
  const columns = memory.take(4 * count)
  const coefficients = memory.take(elementBytes * count)
  const words = memory.words
  words.set(positions.subarray(1), ends / 4)
  for (let at = 0; at < terms.length; at += coefficientWords) {
    if (terms[at] !== matrix) continue
    const row = terms[at + 1] ?? 0
    const position = positions[row] ?? 0
    positions[row] = position + 1
    words[columns / 4 + position] = (terms[at + 2] ?? 0) * elementBytes
    packLimbs(terms, at + 3, words, coefficients / 4 + position * limbCount)
  }
  multiplyAll({ memory, mulAll: fr.mulAll }, coefficients, count, coefficientFactor)
  return { ends, columns, coefficients }
}

function multiplyAll(
  { memory, mulAll }: Pick<Kernel, 'memory'> & Pick<Kernel['fq'], 'mulAll'>,
  address: number,
  count: number,
  factor: bigint,
): void {
  const mark = memory.mark()
  const constant = memory.take(elementBytes)
  memory.putElement(constant, factor)
  mulAll(count, address, address, constant, 0)
  memory.release(mark)
}

function checkCoefficients(key: KeyFile): 'KEY_INDEX' | 'KEY_ELEMENT' | undefined {
  const { coefficients: terms, domainSize, signalCount } = key
  for (let at = 0; at < terms.length; at += coefficientWords) {
    const [matrix = 0, row = 0, signal = 0] = terms.subarray(at, at + 3)
    if (matrix > 1 || row >= domainSize || signal >= signalCount) return 'KEY_INDEX'
  }
  return areBelow(terms, 3, coefficientWords, fieldOrder) ? undefined : 'KEY_ELEMENT'
}

/** Whether the 256-bit numbers at `first`, `first + stride`, … are below `order`. */
export function areBelow(
  words: Uint32Array,
  first: number,
  stride: number,
  order: bigint,
): boolean {
  const limits = Array.from({ length: plainWords }, (_, index) =>
    Number((order >> BigInt(32 * index)) & 0xffff_ffffn),
  )
  for (let at = first; at + plainWords <= words.length; at += stride) {
    let index = plainWords - 1
    while (index > 0 && words[at + index] === limits[index]) index -= 1
    if ((words[at + index] ?? 0) >= (limits[index] ?? 0)) return false
  }
  return true
}
