import { describe, expect, it } from 'vitest'
import { at, Bench } from '../../../test/sim/bench4.ts'
import { VoteKind } from '../codec/chain.ts'
import { messageOf } from './signing.ts'

const { VOTE, COMMIT, SKIP } = VoteKind

/** A bench whose seat says what it was told to sign soon. */
function listening(): { readonly bench: Bench; readonly hints: Uint8Array[] } {
  const bench = new Bench(3)
  const hints: Uint8Array[] = []
  const { own } = bench.env
  if (own === undefined) throw new Error('seat 3 is a seat')
  Object.assign(bench.env, {
    own: { ...own, prepare: (message: Uint8Array) => hints.push(message) },
  })
  return { bench, hints }
}

function hear(bench: Bench, seat: number, kind: VoteKind, block?: Uint8Array): void {
  bench.feed({ type: 'vote', nowMs: at(20), vote: bench.vote(seat, kind, 1, block) })
}

describe('BFT-4: the COMMIT that will probably be signed is made while the seat waits', () => {
  it('of the block it voted for, once another VOTE is there', () => {
    const { bench, hints } = listening()
    const made = bench.proposal(1)
    bench.accept(made, at(10))
    expect(bench.sent(VOTE)).toHaveLength(1)
    expect(hints).toEqual([])
    hear(bench, 0, VOTE, made.hash)
    expect(hints).toEqual([messageOf(bench.env, { kind: COMMIT, view: 1, block: made.hash })])
    expect(bench.sent()).toEqual([])
    // The quorum: COMMIT is sent in this very step, and there is nothing to prepare any more.
    hear(bench, 1, VOTE, made.hash)
    expect(bench.sent(COMMIT)).toHaveLength(1)
    hear(bench, 2, VOTE, made.hash)
    expect(hints).toHaveLength(1)
  })

  it('not before its own VOTE, not for a SKIP, and not after its own SKIP', () => {
    const { bench, hints } = listening()
    const made = bench.proposal(1)
    hear(bench, 1, VOTE, made.hash)
    bench.accept(made, at(10))
    hear(bench, 2, SKIP)
    expect(hints).toEqual([])
    // The leader's SKIP ends the view (BFT-5).
    hear(bench, 0, SKIP)
    expect(bench.sent(SKIP)).toHaveLength(1)
    hear(bench, 0, VOTE, new Uint8Array(32).fill(9))
    expect(hints).toEqual([])
  })

  it('by a seat that only signs as well', () => {
    const bench = new Bench(3)
    const made = bench.proposal(1)
    const { own } = bench.env
    Object.assign(bench.env, { own: own && { seat: own.seat, sign: own.sign } })
    bench.accept(made, at(10))
    hear(bench, 0, VOTE, made.hash)
    hear(bench, 1, VOTE, made.hash)
    expect(bench.sent(COMMIT)).toHaveLength(1)
  })
})
