import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Beat } from '../../ports/sensor.ts'
import { BeatBuffer, windowTicks } from './beatBuffer.ts'
import { simulateBeats } from './simulatedBeats.ts'
import { ticksToMs } from './ticks.ts'

const startMs = 1_700_000_000_000

function steady(count: number, rrTicks: number, fromMs = startMs): Beat[] {
  return Array.from({ length: count }, (_, at) => ({
    timeMs: fromMs + ticksToMs(rrTicks * (at + 1)),
    rrTicks,
  }))
}

function filled(...series: readonly (readonly Beat[])[]): BeatBuffer {
  const buffer = new BeatBuffer()
  for (const [at, beats] of series.entries()) buffer.add({ kind: 'beats', series: at, beats })
  return buffer
}

describe('SENS-3 windows without a gap', () => {
  test('60 s of one beat a second: offset and intervals fill the window', () => {
    const buffer = filled(steady(90, 1024))
    const endMs = startMs + 80_500
    expect(buffer.cutWindow(endMs)).toEqual({
      ok: true,
      value: {
        startMs: endMs - 60_000,
        endMs,
        firstOffsetTicks: 512,
        ticks: new Array(59).fill(1024),
        doubtful: new Array(59).fill(false),
        uncertaintyMsMax: 0,
      },
    })
  })

  test('every window of every heart covers 60 s to within one beat', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1000 }),
        fc.integer({ min: 45, max: 110 }),
        fc.double({ min: 64_000, max: 100_000, noNaN: true }),
        (seed, restBpm, endOffsetMs) => {
          const beats = simulateBeats({ seed, restBpm, startMs, durationMs: 105_000 })
          const cut = filled(beats).cutWindow(startMs + endOffsetMs)
          if (!cut.ok) throw new Error(cut.error.code)
          const { firstOffsetTicks, ticks } = cut.value
          const sum = ticks.reduce((total, rr) => total + rr, firstOffsetTicks)
          expect(firstOffsetTicks).toBeGreaterThanOrEqual(0)
          expect(firstOffsetTicks).toBeLessThanOrEqual(2048)
          expect(sum).toBeLessThanOrEqual(windowTicks)
          expect(sum).toBeGreaterThan(windowTicks - 2048)
        },
      ),
      { numRuns: 40 },
    )
  })

  test('a new series inside the window refuses it until the gap has passed', () => {
    const resumedMs = startMs + 75_000
    const buffer = filled(steady(70, 1024), steady(70, 1024, resumedMs))
    expect(buffer.cutWindow(startMs + 69_000)).toMatchObject({ ok: true })
    expect(buffer.cutWindow(startMs + 73_000)).toMatchObject({ error: { code: 'WINDOW_GAP' } })
    expect(buffer.cutWindow(startMs + 100_000)).toMatchObject({ error: { code: 'WINDOW_GAP' } })
    expect(buffer.cutWindow(resumedMs + 57_900)).toMatchObject({ ok: false })
    expect(buffer.cutWindow(resumedMs + 61_000)).toMatchObject({ ok: true })
  })

  test('an interval that no heart makes is a gap, and so is a jump of time', () => {
    const impossible = steady(100, 1024)
    impossible[50] = { timeMs: startMs + ticksToMs(1024 * 51), rrTicks: 4096 }
    expect(filled(impossible).cutWindow(startMs + 90_000)).toMatchObject({
      error: { code: 'WINDOW_GAP' },
    })
    const jumped = [...steady(50, 1024), ...steady(50, 1024, startMs + 53_000)]
    expect(filled(jumped).cutWindow(startMs + 90_000)).toMatchObject({
      error: { code: 'WINDOW_GAP' },
    })
  })

  test('too short, empty and too fast are told apart', () => {
    expect(new BeatBuffer().cutLatest(startMs)).toEqual({
      ok: false,
      error: { code: 'WINDOW_EMPTY' },
    })
    expect(filled(steady(30, 1024)).cutLatest(startMs + 30_000)).toMatchObject({
      error: { code: 'WINDOW_TOO_SHORT', haveMs: 30_000, needMs: 60_000 },
    })
    expect(filled(steady(300, 400)).cutLatest(startMs + 117_200)).toMatchObject({
      error: { code: 'WINDOW_TOO_FAST', beats: 153 },
    })
  })

  test('a beat is lost after 3 s and no window is cut from a held value', () => {
    const buffer = filled(steady(90, 1024))
    expect(buffer.freshness(startMs + 93_000)).toBe('fresh')
    expect(buffer.cutLatest(startMs + 93_000)).toMatchObject({ ok: true })
    expect(buffer.freshness(startMs + 93_001)).toBe('lost')
    expect(buffer.contiguousMs(startMs + 93_001)).toBe(0)
    expect(buffer.cutLatest(startMs + 93_001)).toMatchObject({ error: { code: 'WINDOW_STALE' } })
    expect(buffer.cutWindow(startMs + 93_001)).toMatchObject({ error: { code: 'WINDOW_STALE' } })
  })

  test('memory is bounded: four minutes are kept', () => {
    const buffer = filled(steady(2000, 1024))
    expect(buffer.contiguousMs(startMs + 2_000_000)).toBeLessThanOrEqual(240_000)
    expect(buffer.cutLatest(startMs + 2_000_000)).toMatchObject({ ok: true })
  })
})
