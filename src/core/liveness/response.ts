/** How well a window answers each codeword of a book (LIVE-1). */

import { ok, type Result } from '../base/result.ts'
import { ticksPerSecond } from '../emotion/window.ts'
import { phasesAt, type Codebook } from './codeword.ts'
import { explainedBp, trendOf } from './explained.ts'
import { breathSamples, type BreathWindow, type BreathWindowError } from './window.ts'

/**
 * A response comes after the guide: the person follows late, straps report up to 2.6 s late. Tried
 * in whole seconds: the phase within a breath is free, and takes up what is left.
 */
const lagStepTicks = ticksPerSecond
const lagSteps = 4

/** For each codeword R² at its best lag in 0..4 s, basis points. */
export function responseOf(
  window: BreathWindow,
  book: Codebook,
): Result<readonly number[], BreathWindowError> {
  const samples = breathSamples(window, book.seconds)
  if (!samples.ok) return samples
  const { endTicks } = samples.value
  const trend = trendOf(samples.value)
  const lagged = Array.from({ length: lagSteps + 1 }, (_, step) =>
    endTicks.map((at) => at - step * lagStepTicks),
  )
  return ok(
    book.codewords.map((codeword) =>
      Math.max(...lagged.map((ticks) => explainedBp(trend, phasesAt(codeword, ticks)))),
    ),
  )
}
