/**
 * The kernel's Montgomery product (`workers/prover/kernel/multiplyCode.ts`) for two elements at
 * once, one in each lane of 64 bits. A pair of elements is five vectors: limb 2j of the one and of
 * the other, then limb 2j + 1 of both, so that the low and the high half of `extmul` take a column
 * each. Opcodes: WebAssembly core specification 2.0, section 5.4.8.
 */

import { baseFieldOrder } from '../../src/core/emotion/proofCodec.ts'
import { i32, unsignedLeb, type Code } from '../../workers/lib/wasm/code.ts'
import type { Body } from '../../workers/lib/wasm/moduleBuilder.ts'
import { limbBits, limbCount, limbMask, limbsOf } from '../../workers/prover/kernel/limbs.ts'

const vectorCount = Math.ceil(limbCount / 2)
export const pairBytes = 16 * vectorCount

const opcode = (code: number): Code => [0xfd, unsignedLeb(code)]
const vector = {
  load: (address: Code, offset: number): Code => [address, opcode(0), 4, unsignedLeb(offset)],
  /** 64 bits into both halves. */
  loadSplat: (address: Code, offset: number): Code => [address, opcode(10), 3, unsignedLeb(offset)],
  store: (address: Code, value: Code, offset: number): Code => [
    address,
    value,
    opcode(11),
    4,
    unsignedLeb(offset),
  ],
  const: (words: readonly number[]): Code => [
    opcode(12),
    [...new Uint8Array(Uint32Array.from(words).buffer)],
  ],
  /** Words of the first and the second vector, as 0 to 7. */
  shuffle: (left: Code, right: Code, words: readonly number[]): Code => [
    left,
    right,
    opcode(13),
    words.flatMap((word) => [0, 1, 2, 3].map((byte) => 4 * word + byte)),
  ],
  and: (left: Code, right: Code): Code => [left, right, opcode(78)],
  /** i64x2. */
  add: (left: Code, right: Code): Code => [left, right, opcode(206)],
  shrU: (value: Code, bits: number): Code => [value, i32.const(bits), opcode(205)],
  mulLow: (left: Code, right: Code): Code => [left, right, opcode(222)],
  mulHigh: (left: Code, right: Code): Code => [left, right, opcode(223)],
} as const

const limbModulus = 1n << BigInt(limbBits)
const zero = vector.const([0, 0, 0, 0])
const mask = vector.const([limbMask, 0, limbMask, 0])
const columns = Array.from({ length: limbCount }, (_, index) => index)

/** Both lanes' limbs of a constant, two limbs to a vector. */
function vectorsOf(value: bigint): readonly Code[] {
  const limbs = limbsOf(value)
  return Array.from({ length: vectorCount }, (_, index) => {
    const [low = 0, high = 0] = limbs.slice(2 * index, 2 * index + 2)
    return vector.const([low, low, high, high])
  })
}

/** left ∘ the limb of `vectors` that belongs to the column; `left` has its limb in both halves. */
function product(left: Code, vectors: readonly Code[], column: number): Code {
  const right = vectors[column >> 1] ?? []
  return column % 2 === 0 ? vector.mulLow(left, right) : vector.mulHigh(left, right)
}

/** `inverse`: −1/p modulo 2^29. Stores left·right/R of both lanes, as the kernel has them. */
export function multiplyLanes(
  body: Body,
  [out, left, right]: readonly [Code, Code, Code],
  inverse: bigint,
): Code {
  const local = (): ReturnType<Body['local']> => body.local('v128')
  const factors = Array.from({ length: vectorCount }, local)
  const modulus = Array.from({ length: vectorCount }, local)
  const sums = columns.map(local)
  const [limb, quotient] = [local(), local()]
  const sumOf = (column: number): Code => sums[column]?.get ?? zero
  const set = (column: number, value: Code): Code => sums[column]?.set(value) ?? []
  const folded = vectorsOf((inverse * baseFieldOrder + 1n) / limbModulus)
  // The lower words of both lanes, in both halves.
  const spread = (value: Code): Code => vector.shuffle(value, zero, [0, 2, 0, 2])
  const gets = (locals: typeof factors): readonly Code[] => locals.map(({ get }) => get)
  const code: Code[] = [
    factors.map((factor, index) => factor.set(vector.load(right, 16 * index))),
    modulus.map((local, index) => local.set(folded[index] ?? zero)),
  ]
  for (const row of columns) {
    code.push(limb.set(vector.loadSplat(left, 8 * row)))
    for (const column of columns) {
      const term = product(limb.get, gets(factors), column)
      code.push(set(column, row === 0 ? term : vector.add(sumOf(column), term)))
    }
    if (row === limbCount - 1) break
    code.push(quotient.set(spread(vector.and(sumOf(0), mask))))
    for (const column of columns) {
      const carry = vector.shrU(sumOf(0), limbBits)
      const term = product(quotient.get, gets(modulus), column)
      const rest = column === 0 ? vector.add(sumOf(1), carry) : sumOf(column + 1)
      code.push(set(column, vector.add(rest, term)))
    }
  }
  const prime = vectorsOf(baseFieldOrder)
  const lowest = spread(vector.and(sumOf(0), mask))
  code.push(
    quotient.set(spread(vector.and(vector.mulLow(lowest, vectorsOf(inverse)[0] ?? zero), mask))),
    limb.set(vector.shrU(vector.add(sumOf(0), product(quotient.get, prime, 0)), limbBits)),
    set(1, vector.add(sumOf(1), limb.get)),
    columns.slice(1).map((column) => {
      const term = product(quotient.get, prime, column)
      return set(column - 1, vector.add(sumOf(column), term))
    }),
    set(limbCount - 1, zero),
    columns
      .slice(1)
      .map((column) => [
        set(column, vector.add(sumOf(column), vector.shrU(sumOf(column - 1), limbBits))),
        set(column - 1, vector.and(sumOf(column - 1), mask)),
      ]),
    factors.map((_, index) => {
      const pair = vector.shuffle(sumOf(2 * index), sumOf(2 * index + 1), [0, 2, 4, 6])
      return vector.store(out, pair, 16 * index)
    }),
  )
  return code
}
