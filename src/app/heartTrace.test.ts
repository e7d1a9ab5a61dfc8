import { describe, expect, test } from 'vitest'
import { HeartTrace } from './heartTrace.ts'

const startMs = 1_780_000_000_000
const beat = (sinceMs: number, rrTicks: number) => ({
  atMs: startMs + sinceMs,
  rrTicks,
  isDoubtful: false,
})

describe('UX-7 the trace of the answer', () => {
  test('is the rate of each interval at its end', () => {
    const trace = new HeartTrace()
    trace.add([beat(-1000, 1024), beat(500, 768)], startMs)
    expect(trace.points).toEqual([
      { sinceMs: -1000, bpm: 60 },
      { sinceMs: 500, bpm: 80 },
    ])
    expect(trace.range).toEqual([60, 80])
    trace.clear()
    expect(trace.points).toEqual([])
  })

  test('a steady heart stays in the middle of ten beats a minute', () => {
    const trace = new HeartTrace()
    expect(trace.range).toEqual([55, 65])
    trace.add([beat(0, 1024), beat(1000, 1024)], startMs)
    expect(trace.range).toEqual([55, 65])
  })

  test('where beats are missing the line breaks', () => {
    const trace = new HeartTrace()
    trace.add([beat(0, 1024), beat(1000, 1024), beat(9000, 1024)], startMs)
    expect(trace.path(({ sinceMs, bpm }) => [sinceMs / 1000, bpm])).toBe(
      'M0.0 60.0L1.0 60.0M9.0 60.0',
    )
  })
})
