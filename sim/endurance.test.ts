import { describe, expect, it } from 'vitest'
import { viewWindow, type Effect } from '../src/core/bft/types.ts'
import { retainedBy } from './base/retained.ts'
import { Endurance, type EnduranceSample } from './endurance.ts'
import type { Instance } from './node/instance.ts'

/** The most that any seat holds within 1000 views: what it holds differs from view to view. */
function around(run: Endurance, view: number): Pick<EnduranceSample, 'entries' | 'bytes'> {
  const samples = Array.from({ length: 20 }, (_none, index) => {
    run.runTo(view - 50 * (19 - index))
    return run.sample()
  })
  for (const { view: at, finalView, views, blocks, pending, recordBytes } of samples) {
    expect(at - finalView).toBeLessThanOrEqual(8)
    expect(views).toBeLessThanOrEqual(viewWindow.behind + 8)
    expect(blocks).toBeLessThanOrEqual(8)
    expect(pending).toBeLessThanOrEqual(8)
    expect(recordBytes).toBeLessThanOrEqual(8192)
  }
  return {
    entries: Math.max(...samples.map(({ entries }) => entries)),
    bytes: Math.max(...samples.map(({ bytes }) => bytes)),
  }
}

/** Its stores forget no block that became final. */
class Forgetless extends Endurance {
  override perform(from: Instance, effect: Effect): void {
    if (effect.type !== 'final') super.perform(from, effect)
  }
}

describe('what a seat holds does not grow with the views', () => {
  /** An entry kept in each tenth view, of some 1800, is more than the third that is allowed. */
  it('loss and silent leaders for 10,000 views', { timeout: 900_000 }, () => {
    const run = new Endurance({ seats: 4, seed: 3 })
    const early = around(run, 2_000)
    const late = around(run, 10_000)
    expect(early.entries).toBeGreaterThan(1_000)
    expect(late.entries).toBeLessThanOrEqual(1.33 * early.entries)
    expect(late.bytes).toBeLessThanOrEqual(1.33 * early.bytes)
  })

  it('and what does grow is counted', { timeout: 120_000 }, () => {
    const run = new Forgetless({ seats: 4, seed: 3 })
    run.runTo(100)
    const early = run.sample()
    run.runTo(300)
    const late = run.sample()
    expect(late.pending).toBeGreaterThan(early.pending + 100)
    expect(late.entries).toBeGreaterThan(1.1 * early.entries)
    expect(late.bytes).toBeGreaterThan(1.5 * early.bytes)
  })
})

describe('retainedBy', () => {
  it('counts entries and bytes, and what is shared once', () => {
    const shared = { text: 'four', list: [1, 2, 3] }
    const ring: { self?: object } = {}
    ring.self = ring
    expect(retainedBy(shared)).toEqual({ entries: 5, bytes: 4 })
    expect(retainedBy(shared, [shared], ring)).toEqual({ entries: 7, bytes: 4 })
    const map = new Map([['ab', new Uint8Array(9).subarray(2)]])
    expect(retainedBy(map, new Set([map]), undefined, null, 7)).toEqual({ entries: 2, bytes: 9 })
  })
})
