/** BFT-5: nobody waits for the view of a leader that proposed twice (E1). */
import { describe, expect, it } from 'vitest'
import { at, Bench } from '../../../test/sim/bench4.ts'
import { VoteKind } from '../codec/chain.ts'

const { VOTE, COMMIT, SKIP } = VoteKind

const skips = (bench: Bench): readonly number[] => bench.sent(SKIP).map(({ view }) => view)

describe('BFT-5: a leader that proposed twice ends its own view', () => {
  it('a seat that holds both headers skips at once, also after its VOTE', () => {
    const bench = new Bench(3)
    bench.accept(bench.proposal(1), at(20))
    expect(bench.sent(VOTE)).toHaveLength(1)
    expect(skips(bench)).toEqual([])
    bench.feed({
      type: 'proposal',
      nowMs: at(30),
      proposal: bench.proposal(1, { salt: 9 }).proposal,
    })
    expect(skips(bench)).toEqual([1])
  })

  it('a VOTE of another seat that shows the second header is enough', () => {
    const bench = new Bench(3)
    bench.accept(bench.proposal(1), at(20))
    const other = bench.proposal(1, { salt: 9 })
    bench.feed({ type: 'vote', nowMs: at(30), vote: bench.vote(2, VOTE, 1, other.hash) })
    expect(skips(bench)).toEqual([1])
  })

  it('a signature that is not the leader’s shows nothing', () => {
    const bench = new Bench(3)
    bench.accept(bench.proposal(1), at(20))
    const other = bench.proposal(1, { salt: 9 })
    const vote = { ...bench.vote(2, VOTE, 1, other.hash), leaderSignature: new Uint8Array(96) }
    bench.feed({ type: 'vote', nowMs: at(30), vote })
    expect(skips(bench)).toEqual([])
  })

  it('never after COMMIT', () => {
    const bench = new Bench(3)
    const made = bench.proposal(1)
    bench.accept(made, at(20))
    const certificate = bench.certificate(VOTE, 1, { block: made.hash })
    bench.feed({ type: 'certificate', nowMs: at(25), certificate })
    expect(bench.sent(COMMIT)).toHaveLength(1)
    bench.feed({
      type: 'proposal',
      nowMs: at(30),
      proposal: bench.proposal(1, { salt: 9 }).proposal,
    })
    expect(skips(bench)).toEqual([])
  })

  it('what a leader did in one view is not held against its next one', () => {
    const bench = new Bench(3)
    bench.accept(bench.proposal(1), at(20))
    const { proposal } = bench.proposal(1, { salt: 9 })
    bench.feed({ type: 'proposal', nowMs: at(30), proposal })
    expect(skips(bench)).toEqual([1])
    for (const view of [1, 2, 3, 4]) {
      const certificate = bench.certificate(SKIP, view)
      bench.feed({ type: 'certificate', nowMs: at(30 + view), certificate })
      expect(skips(bench)).toEqual([])
    }
    expect(bench.state.view).toBe(5)
  })
})
