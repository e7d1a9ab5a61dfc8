/**
 * The sums over unmarked intervals and pairs that score and features share (HRV-1, FIT-1).
 *
 * The circuit computes the same sums under the same names.
 */

import { isPair, neighbours, type RrWindow } from './window.ts'

export interface WindowSums {
  /** n: all intervals. */
  readonly beatCount: number
  /** u: unmarked intervals. */
  readonly unmarkedCount: number
  /** T: their sum. */
  readonly unmarkedTicks: number
  readonly unmarkedSquares: number
  /** p: pairs of unmarked neighbours. */
  readonly pairCount: number
  /** S: sum of their squared differences. */
  readonly pairSquares: number
  /** Σi, Σi² and Σi·rᵢ over unmarked intervals, i counting all intervals from 0. */
  readonly indexSum: number
  readonly indexSquares: number
  readonly indexTicks: number
}

export function windowSums({ ticks, marks }: Pick<RrWindow, 'ticks' | 'marks'>): WindowSums {
  const sums = {
    beatCount: ticks.length,
    unmarkedCount: 0,
    unmarkedTicks: 0,
    unmarkedSquares: 0,
    pairCount: 0,
    pairSquares: 0,
    indexSum: 0,
    indexSquares: 0,
    indexTicks: 0,
  }
  for (const [index, rr] of ticks.entries()) {
    if (marks[index] !== false) continue
    sums.unmarkedCount += 1
    sums.unmarkedTicks += rr
    sums.unmarkedSquares += rr * rr
    sums.indexSum += index
    sums.indexSquares += index * index
    sums.indexTicks += index * rr
  }
  for (const [index, [left, right]] of neighbours(ticks).entries()) {
    if (!isPair(marks, index)) continue
    sums.pairCount += 1
    sums.pairSquares += (right - left) * (right - left)
  }
  return sums
}
