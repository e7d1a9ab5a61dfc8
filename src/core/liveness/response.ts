/** How well a window answers each codeword of a book (LIVE-1). */

import { ok, type Result } from '../base/result.ts'
import type { Codebook } from './codeword.ts'
import { energyOf, explainedBp, spreadOf } from './explained.ts'
import { rhythmOf } from './rhythm.ts'
import { shareTablesOf } from './shareTables.ts'
import { breathQuarters, type BreathWindow, type BreathWindowError } from './window.ts'

/** For each codeword R² at its best lag in 0..4 s, basis points. */
export function responseOf(
  window: BreathWindow,
  book: Codebook,
): Result<readonly number[], BreathWindowError> {
  const quarters = breathQuarters(window, book.seconds)
  if (!quarters.ok) return quarters
  const tables = shareTablesOf(book)
  const rhythm = rhythmOf(quarters.value)
  const spread = spreadOf(rhythm, tables)
  return ok(
    tables.breaths.map((lags) => {
      const most = Math.max(...lags.map((pair) => energyOf(rhythm, pair)))
      return explainedBp(most, spread, tables.sampleCount)
    }),
  )
}
