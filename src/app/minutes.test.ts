import { describe, expect, it } from 'vitest'
import type { Beat } from '../ports/sensor.ts'
import { Minutes, type Minute } from './minutes.ts'
import { csvHeader, recordingCsv } from './recordingCsv.ts'
import { keptMsOf, retentionOf, retentions } from './retention.ts'

function beats(fromMs: number, count: number, everyMs = 1000): Beat[] {
  return Array.from({ length: count }, (_, index) => {
    return { timeMs: fromMs + index * everyMs, rrTicks: 1024 }
  })
}

/** As a strap hands them in, two at a time. */
function passed(list: readonly Beat[], minutes: Minutes, series = 1): readonly Minute[] {
  const whole: Minute[] = []
  for (let at = 0; at < list.length; at += 2) {
    whole.push(...minutes.take({ kind: 'beats', series, beats: list.slice(at, at + 2) }, 'camera'))
  }
  return whole
}

describe('PRIV-1: beats are cut into minutes', () => {
  it('of one series, without losing or doubling a beat', () => {
    const minutes = new Minutes()
    const all = beats(5_000, 200)
    const whole = passed(all, minutes)
    const rest = minutes.flush()
    expect(whole.map((minute) => minute.beats.length)).toEqual([60, 60, 60])
    expect([...whole, rest].flatMap((minute) => minute?.beats ?? [])).toEqual(all)
    expect(minutes.flush()).toBeUndefined()
  })

  it('a new series, or another sensor, begins another', () => {
    const minutes = new Minutes()
    expect(passed(beats(0, 4), minutes, 1)).toEqual([])
    const [cut] = passed(beats(60_000, 2), minutes, 2)
    expect(cut).toMatchObject({ series: 1, provenance: 'camera', beats: beats(0, 4) })
    const event = { kind: 'beats', series: 2, beats: beats(70_000, 1) } as const
    expect(minutes.take(event, 'strap')).toMatchObject([{ series: 2, provenance: 'camera' }])
  })

  it('are bounded when the clock of a sensor stands still', () => {
    const minutes = new Minutes()
    const whole = passed(beats(0, 1000, 0), minutes)
    expect(whole.map((minute) => minute.beats.length)).toEqual([300, 300, 300])
  })
})

describe('PRIV-1: the table of what was measured', () => {
  it('has a line for each beat, which the evaluation reads', () => {
    const timeMs = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
    const kept: Minute = {
      provenance: 'strap',
      series: 3,
      beats: [
        { timeMs, rrTicks: 1024 },
        { timeMs: timeMs + 800, rrTicks: 819, isDoubtful: true },
      ],
    }
    expect(recordingCsv([kept])).toBe(
      `${csvHeader}\n2026-01-02T03:04:05.678Z,1000.000,3,strap,0\n` +
        '2026-01-02T03:04:06.478Z,799.805,3,strap,1\n',
    )
  })
})

describe('PRIV-1: how long it is kept', () => {
  it('is nothing unless its owner said otherwise', () => {
    expect(retentionOf(undefined)).toBe('none')
    expect(retentionOf('forever')).toBe('none')
    expect(retentions.map(({ choice }) => retentionOf(choice))).toEqual([
      ...(['none', 'day', 'week', 'month'] as const),
    ])
    expect(keptMsOf('none')).toBe(0)
    expect(keptMsOf('week')).toBe(604_800_000)
  })
})
