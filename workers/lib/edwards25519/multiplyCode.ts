/**
 * Emits products modulo 2^255 − 19 on nine limbs of 29 bits, unrolled and by columns.
 *
 * Column k is the sum of left[i]·right[k − i]. The nine high columns are carried first; each then
 * counts 19·2^6 in the column nine below, because 2^261 = 19·2^6. Nine and 81 multiplications, and
 * 54 for a square.
 *
 * Bound: let limbs be below a·2^30 and b·2^30, their highest below 2^26. Column 7 has the most full
 * products, eight of a·b·2^60, and must stay below 2^64 with a carry of 2^35 and 1216·2^29: a·b
 * below 1.99. The result is tight.
 */

import { i64, repeatWhile, i32, type Code } from '../wasm/code.ts'
import type { Body, Local } from '../wasm/moduleBuilder.ts'
import {
  limbBits,
  limbCount,
  limbIndexes,
  limbMask,
  topBits,
  topMask,
  wrapFull,
  wrapTop,
} from './limbs.ts'

const shift = i64.const(BigInt(limbBits))
const mask = i64.const(BigInt(limbMask))

/** Stores left·right at `out`, which may be where a factor is. */
export function multiplyCode(body: Body, out: Code, left: Code, right: Code): Code {
  const [lefts, rights] = [nineLocals(body), nineLocals(body)]
  const column = (k: number): readonly Code[] =>
    pairsOf(k).map(([i, j]) => i64.mul(at(lefts, i), at(rights, j)))
  const product = reducedCode(body, column)
  return [load(lefts, left), load(rights, right), product.code, store(product.limbs, out)]
}

/** Stores value^(2^count) at `out`; the limbs stay in locals between the squares. */
export function squareTimesCode(body: Body, out: Code, value: Code, count: Local): Code {
  const [limbs, doubles] = [nineLocals(body), nineLocals(body)]
  const column = (k: number): readonly Code[] =>
    pairsOf(k)
      .filter(([i, j]) => i <= j)
      .map(([i, j]) => i64.mul(at(i < j ? doubles : limbs, i), at(limbs, j)))
  const square = reducedCode(body, column)
  return [
    load(limbs, value),
    repeatWhile(
      [
        doubles.map((double, index) => double.set(i64.shl(at(limbs, index), i64.const(1n)))),
        square.code,
        limbs.map((limb, index) => limb.set(at(square.limbs, index))),
        count.set(i32.sub(count.get, i32.const(1))),
      ],
      count.get,
    ),
    store(limbs, out),
  ]
}

/** Sums the columns 0 to 16 and leaves their sum modulo p in `limbs`. */
function reducedCode(
  body: Body,
  column: (k: number) => readonly Code[],
): { readonly code: Code; readonly limbs: readonly Local[] } {
  const [limbs, high] = [nineLocals(body), nineLocals(body)]
  const carry = body.local('i64')
  const carried = i64.shrU(carry.get, shift)
  const highColumns = limbIndexes.slice(0, -1).map((index): Code => {
    const terms = [...column(index + limbCount), ...(index > 0 ? [carried] : [])]
    return [carry.set(terms.reduce(sumOf)), high[index]?.set(i64.and(carry.get, mask)) ?? []]
  })
  const lowColumns = limbs.map((limb, index): Code => {
    const wrapped = i64.mul(at(high, index), i64.const(BigInt(wrapFull)))
    const terms = [...column(index), wrapped, ...(index > 0 ? [carried] : [])]
    const kept = index < limbCount - 1 ? mask : i64.const(BigInt(topMask))
    return [carry.set(terms.reduce(sumOf)), limb.set(i64.and(carry.get, kept))]
  })
  const over = i64.mul(i64.shrU(carry.get, i64.const(BigInt(topBits))), i64.const(BigInt(wrapTop)))
  const code = [
    highColumns,
    high.at(-1)?.set(carried) ?? [],
    lowColumns,
    // Below 2^46, so that what limb 1 takes is below 2^17.
    carry.set(i64.add(at(limbs, 0), over)),
    limbs[0]?.set(i64.and(carry.get, mask)) ?? [],
    limbs[1]?.set(i64.add(at(limbs, 1), carried)) ?? [],
  ]
  return { code, limbs }
}

function pairsOf(column: number): readonly (readonly [number, number])[] {
  return limbIndexes
    .map((index) => [index, column - index] as const)
    .filter(([, other]) => other >= 0 && other < limbCount)
}

function nineLocals(body: Body): readonly Local[] {
  return limbIndexes.map(() => body.local('i64'))
}

function at(limbs: readonly Local[], index: number): Code {
  return limbs[index]?.get ?? []
}

function load(limbs: readonly Local[], address: Code): Code {
  return limbs.map((limb, index) => limb.set(i64.load32(address, 4 * index)))
}

function store(limbs: readonly Local[], address: Code): Code {
  return limbs.map((limb, index) => i64.store32(address, limb.get, 4 * index))
}

function sumOf(left: Code, right: Code): Code {
  return i64.add(left, right)
}
