/**
 * What was measured as a table that spreadsheets and `npm run emotion -- --rr` read: a beat a line,
 * its time, the interval that it ends in milliseconds, the series, where it comes from, and whether
 * the sensor was unsure of it.
 */
import type { Minute } from './minutes.ts'

export const csvHeader = 'time,rr_ms,series,source,doubtful'

export function recordingCsv(minutes: readonly Minute[]): string {
  const lines = minutes.flatMap(({ provenance, series, beats }) =>
    beats.map(({ timeMs, rrTicks, isDoubtful }) => {
      const rrMs = ((1000 * rrTicks) / 1024).toFixed(3)
      const doubt = isDoubtful === true ? 1 : 0
      return [new Date(timeMs).toISOString(), rrMs, series, provenance, doubt].join(',')
    }),
  )
  return [csvHeader, ...lines, ''].join('\n')
}
