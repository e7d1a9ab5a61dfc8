import { describe, expect, it } from 'vitest'
import type { BeatsEvent } from '../ports/sensor.ts'
import { BeatSpread } from './beatSpread.ts'

function beats(series: number, ...uncertainties: readonly (number | undefined)[]): BeatsEvent {
  return {
    kind: 'beats',
    series,
    beats: uncertainties.map((uncertaintyMs, index) => ({
      timeMs: 800 * index,
      rrTicks: 819,
      ...(uncertaintyMs !== undefined && { uncertaintyMs }),
    })),
  }
}

describe('SENS-2 how surely intervals are known', () => {
  it('an interval has the errors of both of its beats; the middle of the newest is shown', () => {
    const spread = new BeatSpread()
    spread.add(beats(1, 3))
    expect(spread.intervalMs).toBeUndefined()
    spread.add(beats(1, 4, 3, 4))
    expect(spread.intervalMs).toBe(5)
    spread.add(beats(1, ...Array.from({ length: 16 }, () => 30)))
    expect(spread.intervalMs).toBeCloseTo(42.4, 1)
  })

  it('SENS-3 nothing of an earlier series is held, and a strap states none', () => {
    const spread = new BeatSpread()
    spread.add(beats(1, 3, 4))
    spread.add(beats(2, 30))
    expect(spread.intervalMs).toBeUndefined()
    spread.add(beats(2, undefined, undefined, undefined))
    expect(spread.intervalMs).toBeUndefined()
  })
})
