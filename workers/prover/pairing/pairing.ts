/**
 * Products of pairings: Miller's loop for many pairs at once, and the final exponentiation.
 *
 * The optimal ate pairing (https://eprint.iacr.org/2010/354, algorithm 1) up to a fixed power that
 * has no factor in common with r: what matters is whether a product is one.
 */

import { lineBytes } from '../kernel/lineCode.ts'
import { elementBytes, limbCount } from '../kernel/limbs.ts'
import { towerBytes } from '../kernel/towerCode.ts'
import { loopDigits } from './constants.ts'
import { exponentiate } from './finalExponentiation.ts'
import type { Lines } from './lines.ts'
import type { PairingKernel } from './pairingKernel.ts'

/** A point of the curve, as its ratios, with the lines of a point of the twist. */
export interface Pair {
  readonly lines: Lines
  /** Which of the points of `lines`. */
  readonly index: number
  /** Address of −x/y and 1/y, zeros at infinity. */
  readonly ratios: number
}

/** Whether the product of the pairings of all pairs is one. */
export function productIsOne(kernel: PairingKernel, pairs: readonly Pair[]): boolean {
  const { memory } = kernel
  const mark = memory.mark()
  const product = memory.take(towerBytes)
  multiplyLines(kernel, product, pairs)
  exponentiate(kernel, product)
  kernel.fq.reduceAll(towerBytes / elementBytes, product)
  const { words } = memory
  const isOne = [...words.subarray(product / 4, (product + towerBytes) / 4)].every(
    (word, index) => word === (index < limbCount ? words[kernel.factors / 4 + index] : 0),
  )
  memory.release(mark)
  return isOne
}

/** Miller's loop. */
function multiplyLines(kernel: PairingKernel, product: number, pairs: readonly Pair[]): void {
  const { fq12 } = kernel
  let step = 0
  const multiplyStep = (): void => {
    for (const { lines, index, ratios } of pairs) {
      fq12.mulLine(product, lines.address + (step * lines.count + index) * lineBytes, ratios)
    }
    step += 1
  }
  putOne(kernel, product)
  for (const digit of loopDigits) {
    fq12.sqr(product, product)
    multiplyStep()
    if (digit !== 0) multiplyStep()
  }
  multiplyStep()
  multiplyStep()
}

function putOne({ memory, factors }: PairingKernel, out: number): void {
  memory.words.fill(0, out / 4, (out + towerBytes) / 4)
  memory.words.copyWithin(out / 4, factors / 4, factors / 4 + limbCount)
}
