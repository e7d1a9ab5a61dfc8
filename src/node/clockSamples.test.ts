import { describe, expect, it } from 'vitest'
import { bestOffset, roundTripMsMax, withSample, type ClockSample } from './clockSamples.ts'

const sample = (offsetMs: number, roundTripMs: number): ClockSample => ({ offsetMs, roundTripMs })

const after = (...samples: readonly ClockSample[]): readonly ClockSample[] => {
  let kept: readonly ClockSample[] = []
  for (const one of samples) kept = withSample(kept, one)
  return kept
}

describe('TIME-1: what one peer showed of its clock', () => {
  it('counts by its quickest answer of a few', () => {
    const delayed = sample(-190, 400)
    expect(bestOffset(after(sample(5, 20), delayed, delayed))).toBe(5)
    // Six later it is forgotten: clocks drift.
    expect(bestOffset(after(sample(5, 20), ...Array<ClockSample>(6).fill(delayed)))).toBe(-190)
  })

  it('counts only when one was quick enough', () => {
    expect(bestOffset([])).toBeUndefined()
    expect(bestOffset([sample(-250, roundTripMsMax)])).toBe(-250)
    expect(bestOffset([sample(-251, roundTripMsMax + 1)])).toBeUndefined()
  })

  it('is said anew when one of the clocks was set: both cannot be true', () => {
    expect(bestOffset(after(sample(0, 20), sample(-1900, 40)))).toBe(-1900)
    expect(bestOffset(after(sample(0, 20), sample(30, 60)))).toBe(0)
  })
})
