/**
 * What is kept of a rest that is not done, as a table for its owner (PRIV-1): a window a line, when
 * it was, and the two figures that the baseline takes of it.
 */
import type { KeptRest } from '../node/api.ts'

export const restCsvHeader = 'from,to,hr_bpm,rmssd_ms'
const windowMs = 60_000

export function restCsv({ windows }: KeptRest): string {
  const lines = windows.map(({ startMs, heartRateBpm, rmssdMs }) =>
    [
      new Date(startMs).toISOString(),
      new Date(startMs + windowMs).toISOString(),
      heartRateBpm.toFixed(2),
      rmssdMs.toFixed(1),
    ].join(','),
  )
  return [restCsvHeader, ...lines, ''].join('\n')
}
