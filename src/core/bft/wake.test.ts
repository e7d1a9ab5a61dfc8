import { describe, expect, it } from 'vitest'
import { at, Bench } from '../../../test/sim/bench4.ts'
import { unwrap } from '../../../test/support/unwrap.ts'
import { VoteKind } from '../codec/chain.ts'
import { createAgreement } from './init.ts'
import type { TimeMs } from '../types/ids.ts'

const { VOTE, COMMIT, SKIP } = VoteKind

/** The one moment that the last step asked to be woken at. */
function wake(bench: Bench): TimeMs {
  const times = bench.effects.flatMap((effect) => (effect.type === 'wake' ? [effect.atMs] : []))
  expect(times).toHaveLength(1)
  return times[0] as TimeMs
}

function tick(bench: Bench, offsetMs: number): TimeMs {
  bench.feed({ type: 'tick', nowMs: at(offsetMs) })
  return wake(bench)
}

/** A node without a seat: no timer of a view concerns it. */
function observer(): Bench {
  const bench = new Bench(3)
  Object.assign(bench.env, { own: undefined })
  bench.state = unwrap(createAgreement(bench.env, { nowMs: at(0), record: undefined }))
  return bench
}

describe('BFT-1, BFT-5: a seat wakes for the timers of its view', () => {
  it('for the leader’s after 2Δ while there is no proposal', () => {
    expect(tick(new Bench(3), 0)).toBe(at(500))
  })

  it('for the end of the view after 3Δ once there is one', () => {
    const bench = new Bench(3)
    bench.feed({ type: 'proposal', nowMs: at(20), proposal: bench.proposal(1).proposal })
    expect(wake(bench)).toBe(at(750))
  })

  it('for none of them when it has sent its SKIP: then for the repetition (BFT-8)', () => {
    const bench = new Bench(3)
    expect(tick(bench, 500)).toBe(at(1000))
    expect(bench.sent(SKIP)).toHaveLength(1)
  })

  it('for none that is past, when it may not sign', () => {
    const bench = new Bench(3)
    bench.feed({ type: 'gap', nowMs: at(1) })
    expect(tick(bench, 499)).toBe(at(500))
    expect(tick(bench, 500)).toBe(at(1000))
    expect(tick(bench, 501)).toBe(at(1000))
    expect(bench.sent()).toEqual([])
  })

  it('only a seat has timers of a view', () => {
    expect(tick(observer(), 0)).toBe(at(1000))
  })

  it('a proposal that came too late ends with the view: 3Δ are 3Δ', () => {
    const bench = new Bench(3)
    bench.feed({ type: 'proposal', nowMs: at(20), proposal: bench.proposal(1).proposal })
    expect(tick(bench, 749)).toBe(at(750))
    expect(bench.sent(SKIP)).toEqual([])
    tick(bench, 750)
    expect(bench.sent(SKIP).map(({ view }) => view)).toEqual([1])
  })
})

describe('BFT-8: a node wakes to say again what others may have missed', () => {
  it('a second after finality moved, or after it last did so', () => {
    const bench = observer()
    const made = bench.proposal(1)
    bench.accept(made, at(20))
    const certificate = bench.certificate(COMMIT, 1, { block: made.hash })
    bench.feed({ type: 'certificate', nowMs: at(40), certificate })
    expect(wake(bench)).toBe(at(1040))
    expect(tick(bench, 1039)).toBe(at(1040))
    expect(tick(bench, 1040)).toBe(at(2040))
  })

  it('a Δ after a block was missed', () => {
    const bench = observer()
    const certificate = bench.certificate(VOTE, 1, { block: new Uint8Array(32).fill(1) })
    bench.feed({ type: 'certificate', nowMs: at(40), certificate })
    expect(wake(bench)).toBe(at(290))
    expect(tick(bench, 290)).toBe(at(540))
  })
})

describe('TIME-1: a seat wakes when a header that was ahead has become timely', () => {
  it('and not again once it has voted', () => {
    const bench = new Bench(3)
    bench.accept(bench.proposal(1, { timeMs: at(600) }), at(50))
    expect(wake(bench)).toBe(at(100))
    expect(tick(bench, 99)).toBe(at(100))
    expect(bench.sent(VOTE)).toEqual([])
    expect(tick(bench, 100)).toBe(at(750))
    expect(bench.sent(VOTE)).toHaveLength(1)
    expect(tick(bench, 110)).toBe(at(750))
  })

  it('not for a block that is not yet found valid', () => {
    const bench = new Bench(3)
    const { proposal } = bench.proposal(1, { timeMs: at(600) })
    bench.feed({ type: 'proposal', nowMs: at(50), proposal })
    expect(wake(bench)).toBe(at(750))
  })

  it('a header of 2 s ago is still timely, an older one is not', () => {
    for (const [nowMs, votes] of [
      [at(2010), 1],
      [at(2011), 0],
    ] as const) {
      const bench = new Bench(3)
      bench.accept(bench.proposal(1, { timeMs: at(10) }), nowMs)
      expect(bench.sent(VOTE)).toHaveLength(votes)
    }
  })
})
