/**
 * The rhythm of a window on a fixed grid (LIVE-1): at each quarter second the unmarked interval
 * that a beat then is in, or comes next; added up over half seconds.
 *
 * On a grid what a codeword is compared with does not depend on the beats, and a comparison is a
 * sum of products with constants.
 */

import type { BreathInterval } from './window.ts'

/** One value for each half second, in ticks: two of `breathQuarters` each. */
export function rhythmOf(quarters: readonly (BreathInterval | undefined)[]): readonly number[] {
  const last = quarters.findLast((each) => each?.isMarked === false)
  let held = last?.rrTicks ?? 0
  const values = quarters.map(() => 0)
  for (let quarter = quarters.length - 1; quarter >= 0; quarter -= 1) {
    const interval = quarters[quarter]
    if (interval?.isMarked === false) held = interval.rrTicks
    values[quarter] = held
  }
  return Array.from(
    { length: quarters.length / 2 },
    (_, half) => (values[2 * half] ?? 0) + (values[2 * half + 1] ?? 0),
  )
}
