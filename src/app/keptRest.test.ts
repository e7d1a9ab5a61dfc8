import { describe, expect, it } from 'vitest'
import { restCsv } from './keptRest.ts'

describe('PRIV-1: a rest that is not done as a table', () => {
  it('has a window a line, with its times and units', () => {
    const windows = [
      { startMs: 1_760_000_000_000, heartRateBpm: 61.37, rmssdMs: 43.9812 },
      { startMs: 1_760_000_030_000, heartRateBpm: 60, rmssdMs: 44 },
    ]
    expect(restCsv({ windows, untilMs: 0 }).split('\n')).toEqual([
      'from,to,hr_bpm,rmssd_ms',
      '2025-10-09T08:53:20.000Z,2025-10-09T08:54:20.000Z,61.37,44.0',
      '2025-10-09T08:53:50.000Z,2025-10-09T08:54:50.000Z,60.00,44.0',
      '',
    ])
  })
})
