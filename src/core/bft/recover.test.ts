import { describe, expect, it } from 'vitest'
import { at, Bench } from '../../../test/sim/bench4.ts'
import { unwrap } from '../../../test/support/unwrap.ts'
import { VoteKind, type Vote } from '../codec/chain.ts'
import { seatOf } from '../types/ids.ts'
import { createAgreement } from './init.ts'
import { votesOfSeat } from './recover.ts'

const { PROPOSE, VOTE, COMMIT, SKIP, VOTE_UNSPECIFIED } = VoteKind

function answer(bench: Bench, seat: number, votes: readonly Vote[] = []): void {
  const said = { seat: seatOf(seat), certificates: [], votes }
  bench.feed({ type: 'recoverAnswer', nowMs: at(50), ...said })
}

/** Has signed PROPOSE, VOTE and COMMIT of view 1 and SKIP of view 2, then lost some of its time. */
function afterGap(): { readonly bench: Bench; readonly signed: readonly Vote[] } {
  const bench = new Bench(0)
  bench.feed({ type: 'start', nowMs: at(0) })
  const one = bench.proposal(1)
  const { header, body } = one.proposal
  const view = bench.state.view
  bench.feed({ type: 'built', nowMs: at(20), view, header, body, isBoundary: false })
  bench.feed({ type: 'tick', nowMs: at(21) })
  const block = one.hash
  const certificate = bench.certificate(VOTE, 1, { block, seats: [1, 2, 3] })
  bench.feed({ type: 'certificate', nowMs: at(30), certificate })
  bench.feed({ type: 'vote', nowMs: at(40), vote: bench.vote(1, SKIP, 2) })
  bench.feed({ type: 'gap', nowMs: at(45) })
  expect(bench.state.mode).toEqual({ type: 'recovering', answered: [] })
  const signed = [
    bench.vote(0, PROPOSE, 1, block),
    bench.vote(0, VOTE, 1, block),
    bench.vote(0, COMMIT, 1, block),
    bench.vote(0, SKIP, 2),
  ]
  return { bench, signed }
}

describe('BFT-10: the others say what they hold of this seat', () => {
  it('what the record knows is no reason to abstain', () => {
    const { bench, signed } = afterGap()
    answer(bench, 1, signed)
    answer(bench, 2, signed)
    expect(bench.state.mode.type).toBe('active')
  })

  it.each([
    ['a PROPOSE', PROPOSE, 5],
    ['a VOTE', VOTE, 5],
    ['a COMMIT', COMMIT, 5],
    ['a SKIP', SKIP, 5],
    ['another VOTE of the same view', VOTE, 1],
  ])('%s that it does not know: abstain', (_name, kind, view) => {
    const { bench } = afterGap()
    const block = new Uint8Array(kind === SKIP ? 0 : 32)
    answer(bench, 1, [bench.vote(0, kind, view, block)])
    expect(bench.state.mode).toEqual({ type: 'abstaining', reason: 'RECORD_OLD' })
  })

  it('an answer with more unknown votes than an honest seat can hold counts for nothing', () => {
    const { bench } = afterGap()
    const forged = { ...bench.vote(0, SKIP, 5), signature: new Uint8Array(96) }
    answer(
      bench,
      1,
      Array.from({ length: 65 }, () => forged),
    )
    expect(bench.state.mode).toEqual({ type: 'recovering', answered: [] })
    answer(bench, 1, [forged])
    expect(bench.state.mode).toEqual({ type: 'recovering', answered: [1] })
  })

  it('what is forged, of another seat, of another epoch or of no kind makes nobody abstain', () => {
    const { bench } = afterGap()
    const unknown = bench.vote(0, SKIP, 5)
    const votes = [
      { ...unknown, signature: new Uint8Array(96) },
      { ...unknown, kind: VOTE_UNSPECIFIED },
      { ...unknown, epoch: 1 },
      bench.vote(1, SKIP, 5),
    ]
    answer(bench, 1, votes)
    expect(bench.state.mode).toEqual({ type: 'recovering', answered: [1] })
  })

  it('F+1 power of others has to answer: not itself, not nobody, not one of them twice', () => {
    const { bench } = afterGap()
    for (const seat of [1, 1, 0, 4]) answer(bench, seat)
    expect(bench.state.mode).toEqual({ type: 'recovering', answered: [1] })
    answer(bench, 3)
    expect(bench.state.mode.type).toBe('active')
  })

  it('64 unknown votes are few enough: they are looked at', () => {
    const { bench } = afterGap()
    const forged = { ...bench.vote(0, SKIP, 5), signature: new Uint8Array(96) }
    const votes = Array.from({ length: 63 }, () => forged)
    answer(bench, 1, [...votes, bench.vote(0, SKIP, 5)])
    expect(bench.state.mode).toEqual({ type: 'abstaining', reason: 'RECORD_OLD' })
  })

  it('what it signed up to finality need not be known', () => {
    const bench = new Bench(3)
    const one = bench.proposal(1)
    bench.accept(one, at(10))
    const certificate = bench.certificate(COMMIT, 5, { block: one.hash })
    bench.feed({ type: 'certificate', nowMs: at(20), certificate })
    bench.feed({ type: 'gap', nowMs: at(30) })
    answer(bench, 0, [bench.vote(3, SKIP, 4), bench.vote(3, SKIP, 5)])
    expect(bench.state.mode).toEqual({ type: 'recovering', answered: [0] })
    answer(bench, 1, [bench.vote(3, SKIP, 6)])
    expect(bench.state.mode).toEqual({ type: 'abstaining', reason: 'RECORD_OLD' })
  })

  it('the certificates of an answer are taken in when they hold (BFT-6)', () => {
    const { bench } = afterGap()
    const real = bench.certificate(SKIP, 7)
    const forged = { ...bench.certificate(SKIP, 9), signature: new Uint8Array(96) }
    const said = { seat: seatOf(1), certificates: [real, forged], votes: [] }
    bench.feed({ type: 'recoverAnswer', nowMs: at(50), ...said })
    expect(bench.state.view).toBe(8)
  })

  it('nobody is made to abstain who did not ask', () => {
    const bench = new Bench(3)
    answer(bench, 1, [bench.vote(3, SKIP, 5)])
    expect(bench.state.mode.type).toBe('active')
  })

  it('a seat that abstains does so until the service ends, also after a gap', () => {
    const { bench } = afterGap()
    answer(bench, 1, [bench.vote(0, SKIP, 5)])
    const { mode } = bench.state
    expect(mode.type).toBe('abstaining')
    bench.feed({ type: 'gap', nowMs: at(60) })
    answer(bench, 1)
    answer(bench, 2)
    expect(bench.state.mode).toEqual(mode)
  })

  it('who answers says what the seat proposed, too', () => {
    const bench = new Bench(3)
    const one = bench.proposal(1)
    bench.accept(one, at(10))
    const vote = bench.vote(0, VOTE, 1, one.hash)
    bench.feed({ type: 'vote', nowMs: at(20), vote })
    expect(votesOfSeat(bench.env, bench.state, 0)).toEqual([
      bench.vote(0, PROPOSE, 1, one.hash),
      vote,
    ])
    expect(votesOfSeat(bench.env, bench.state, 1)).toEqual([])
    bench.feed({ type: 'vote', nowMs: at(20), vote: bench.vote(1, SKIP, 2) })
    expect(votesOfSeat(bench.env, bench.state, 1)).toEqual([bench.vote(1, SKIP, 2)])
  })

  it('only who signs has to ask', () => {
    const bench = new Bench(3)
    const env = { ...bench.env, own: undefined }
    const state = unwrap(createAgreement(env, { nowMs: at(0), record: undefined }))
    expect(state.mode.type).toBe('observing')
    Object.assign(bench.env, { own: undefined })
    bench.state = state
    bench.feed({ type: 'gap', nowMs: at(10) })
    answer(bench, 1)
    expect(bench.state.mode.type).toBe('observing')
  })
})
