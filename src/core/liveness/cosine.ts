/** The cosine of a step of a breath, as an integer (LIVE-1): the same in every engine. */

import { phaseSteps } from './codeword.ts'

/** `cosineOf` gives thousandths. */
export const cosineScale = 1000

/** 1000·cos(2π·i/256), rounded, for i = 0..64. */
const quarter = [
  1000, 1000, 999, 997, 995, 992, 989, 985, 981, 976, 970, 964, 957, 950, 942, 933, 924, 914, 904,
  893, 882, 870, 858, 845, 831, 818, 803, 788, 773, 757, 741, 724, 707, 690, 672, 653, 634, 615,
  596, 576, 556, 535, 514, 493, 471, 450, 428, 405, 383, 360, 337, 314, 290, 267, 243, 219, 195,
  171, 147, 122, 98, 74, 49, 25, 0,
]

export function cosineOf(phase: number): number {
  const step = phase % phaseSteps
  const folded = step <= phaseSteps / 2 ? step : phaseSteps - step
  const magnitude = quarter[folded <= 64 ? folded : phaseSteps / 2 - folded] ?? 0
  return folded <= 64 ? magnitude : -magnitude
}

export function sineOf(phase: number): number {
  return cosineOf(phase + (3 * phaseSteps) / 4)
}
