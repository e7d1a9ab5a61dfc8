/** Rates for people: what was counted and its bound. */

import type { Rate } from './bounds.ts'

export function rateText({ count, of, upper95 }: Rate): string {
  return `${count} of ${of}, at most ${percent(upper95).trim()}`
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`.padStart(8)
}
