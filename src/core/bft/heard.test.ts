import { describe, expect, it } from 'vitest'
import { at, Bench } from '../../../test/sim/bench4.ts'
import { resigned } from '../../../test/sim/resigned.ts'
import { VoteKind, type Vote } from '../codec/chain.ts'
import { draftOf } from './draft.ts'
import { isLongUnheard } from './heard.ts'
import { leaderIsAway } from './pacemaker.ts'
import type { Effect } from './types.ts'

const { VOTE, COMMIT, SKIP } = VoteKind
const none = new Uint8Array(0)

function forged(vote: Vote): Vote {
  return { ...vote, signature: new Uint8Array(96).fill(9) }
}

function refusedOf(effects: readonly Effect[]): readonly unknown[] {
  return effects.flatMap((effect) => (effect.type === 'refused' ? [effect.message] : []))
}

/** Views 1 to 12, skipped by seats 0, 2 and 3; seat 1 leads views 2, 6, 10, 14. */
function skipped(bench: Bench, views = 12): void {
  for (let view = 1; view <= views; view += 1) {
    const certificate = bench.certificate(SKIP, view, { seats: [0, 2, 3] })
    bench.feed({ type: 'certificate', nowMs: at(10 * view), certificate })
  }
}

describe('BFT-1: a leader is there when a signature of it holds', () => {
  it('certificates say who is there, and nobody else is', () => {
    const bench = new Bench(3)
    skipped(bench)
    expect(bench.state.heardViews.slice(0, 3)).toEqual([12, 0, 12])
    const inView14 = { ...bench.state, view: 14 as never }
    expect(leaderIsAway(bench.env, inView14)).toBe(true)
  })

  it('votes that somebody made up in its name keep no dead leader’s timers running', () => {
    const bench = new Bench(3)
    skipped(bench)
    const vote = forged(bench.vote(1, SKIP, 13))
    expect(refusedOf(bench.feed({ type: 'vote', nowMs: at(200), vote }))).toEqual([vote])
    expect(bench.state.heardViews[1]).toBe(0)
    expect(bench.state.views.get(13 as never)?.skips.get(1)).toBeUndefined()
    // Its own vote counts although no certificate needs it.
    bench.feed({ type: 'vote', nowMs: at(210), vote: bench.vote(1, SKIP, 13) })
    expect(bench.state.heardViews[1]).toBe(13)
    expect(leaderIsAway(bench.env, { ...bench.state, view: 14 as never })).toBe(false)
  })

  it('a vote of a seat that was heard a moment ago is not checked by itself', () => {
    const bench = new Bench(3)
    skipped(bench)
    const vote = forged(bench.vote(2, SKIP, 13))
    expect(refusedOf(bench.feed({ type: 'vote', nowMs: at(200), vote }))).toEqual([])
    expect(bench.state.heardViews[2]).toBe(12)
  })
})

describe('BFT-1: a leader of whom nothing was heard for two rounds is not waited for', () => {
  /** In `view`, with the views in which each seat was last heard. */
  const isAway = (view: number, heardViews: readonly number[]): boolean => {
    const bench = new Bench(3)
    return leaderIsAway(bench.env, { ...bench.state, view: view as never, heardViews })
  }

  it('two rounds of four are eight views: not earlier, and one vote is enough', () => {
    // Seat 0 leads view 9, seat 3 view 8.
    expect(isAway(8, [8, 8, 8, -1])).toBe(false)
    expect(isAway(9, [0, 9, 9, 9])).toBe(true)
    expect(isAway(9, [1, 9, 9, 9])).toBe(false)
  })

  it('only while a quorum was heard: else it may be this node that is cut off', () => {
    expect(isAway(9, [0, 0, 9, 9])).toBe(false)
    expect(isAway(9, [0, 1, 1, 1])).toBe(true)
    expect(isAway(9, [0, 0, 1, 1])).toBe(false)
  })

  it('its view is skipped in the moment in which it begins', () => {
    const bench = new Bench(3)
    skipped(bench, 13)
    expect(bench.state.view).toBe(14)
    expect(bench.sent(SKIP).map(({ view }) => view)).toEqual([14])
    const here = new Bench(3)
    for (let view = 1; view <= 13; view += 1) {
      const seats = view === 12 ? [0, 1, 2] : [0, 2, 3]
      const certificate = here.certificate(SKIP, view, { seats })
      here.feed({ type: 'certificate', nowMs: at(10 * view), certificate })
    }
    expect(here.state.view).toBe(14)
    expect(here.sent(SKIP)).toEqual([])
  })

  it('a seat hears itself, and nothing old makes what was heard less', () => {
    const bench = new Bench(3)
    const one = bench.proposal(1)
    bench.accept(one, at(10))
    expect(bench.sent(VOTE)).toHaveLength(1)
    expect(bench.state.heardViews).toEqual([0, 0, 0, 1])
    const skip = bench.certificate(SKIP, 7, { seats: [1, 2, 3] })
    bench.feed({ type: 'certificate', nowMs: at(20), certificate: skip })
    const certificate = bench.certificate(VOTE, 1, { block: one.hash })
    bench.feed({ type: 'certificate', nowMs: at(30), certificate })
    expect(bench.sent(COMMIT).map(({ view }) => view)).toEqual([1])
    expect(bench.state.heardViews).toEqual([1, 7, 7, 7])
  })
})

describe('NET-5: what does not hold is said, as the object that was brought', () => {
  it('a vote that is found out when the quorum is together', () => {
    const bench = new Bench(3)
    const block = bench.proposal(1).hash
    const [first, second, third] = [0, 1, 2].map((seat) => bench.vote(seat, COMMIT, 1, block))
    if (first === undefined || second === undefined || third === undefined) throw new Error()
    const wrong = forged(second)
    const told = [first, wrong, third].flatMap((vote) =>
      refusedOf(bench.feed({ type: 'vote', nowMs: at(20), vote })),
    )
    expect(told).toHaveLength(1)
    expect(told[0]).toBe(wrong)
  })

  it('a late COMMIT that is found out when a block becomes strong (BFT-12)', () => {
    const bench = new Bench(3)
    Object.assign(bench.env, { strongPower: 4 })
    const block = bench.proposal(1).hash
    const certificate = bench.certificate(COMMIT, 1, { block })
    bench.feed({ type: 'certificate', nowMs: at(20), certificate })
    const votes = [0, 1, 2].map((seat) => bench.vote(seat, COMMIT, 1, block))
    for (const vote of votes) bench.feed({ type: 'vote', nowMs: at(20), vote })
    const vote = forged(bench.vote(3, COMMIT, 1, block))
    expect(refusedOf(bench.feed({ type: 'vote', nowMs: at(30), vote }))).toEqual([vote])
  })

  it('the forged one of two votes for the same block, whichever came first', () => {
    const bench = new Bench(3)
    const real = bench.vote(2, VOTE, 1, bench.proposal(1).hash)
    const wrong = forged(real)
    bench.feed({ type: 'vote', nowMs: at(20), vote: wrong })
    expect(refusedOf(bench.feed({ type: 'vote', nowMs: at(20), vote: real }))).toEqual([wrong])
    const again = forged({ ...real, leaderSignature: new Uint8Array(96) })
    expect(refusedOf(bench.feed({ type: 'vote', nowMs: at(20), vote: again }))).toEqual([])
  })

  it('a certificate, also one of a view that is final', () => {
    const bench = new Bench(3)
    const made = bench.proposal(1)
    bench.accept(made, at(10))
    const real = bench.certificate(COMMIT, 1, { block: made.hash })
    const wrong = { ...real, signature: new Uint8Array(96).fill(9) }
    const first = bench.feed({ type: 'certificate', nowMs: at(20), certificate: wrong })
    expect(refusedOf(first)).toEqual([wrong])
    expect(
      refusedOf(bench.feed({ type: 'certificate', nowMs: at(20), certificate: real })),
    ).toEqual([])
    expect(bench.state.finalView).toBe(1)
    const beside = { ...wrong, block: new Uint8Array(32).fill(7) }
    const late = bench.feed({ type: 'certificate', nowMs: at(30), certificate: beside })
    expect(refusedOf(late)).toEqual([beside])
  })

  it('a proposal that its leader did not sign, or whose body or justification was changed', () => {
    const bench = new Bench(3)
    const { proposal } = bench.proposal(1)
    const changed = [
      { ...proposal, signature: new Uint8Array(96) },
      { ...proposal, body: Uint8Array.of(10, 1, 1) },
      { ...proposal, path: [none] },
    ]
    for (const wrong of changed) {
      const effects = bench.feed({ type: 'proposal', nowMs: at(20), proposal: wrong })
      expect(refusedOf(effects)).toEqual([wrong])
    }
    expect(refusedOf(bench.feed({ type: 'proposal', nowMs: at(20), proposal }))).toEqual([])
  })

  it('not a proposal that its leader signed, invalid as it is', () => {
    const bench = new Bench(3)
    const made = resigned(bench, bench.proposal(2), {})
    const effects = bench.feed({ type: 'proposal', nowMs: at(20), proposal: made.proposal })
    expect(refusedOf(effects)).toEqual([])
  })

  it('a signature is worth a check once a round of leaders, and at first', () => {
    const bench = new Bench(3)
    skipped(bench)
    const draft = draftOf(bench.env, bench.state, at(200))
    const isUnheard = (seat: number, view: number): boolean => isLongUnheard(draft, seat, view)
    expect([isUnheard(0, 16), isUnheard(0, 17), isUnheard(1, 5), isUnheard(1, 4)]).toEqual([
      false,
      true,
      true,
      false,
    ])
    expect(isUnheard(99, 5)).toBe(true)
  })
})
