import { describe, expect, it } from 'vitest'
import { at, Bench } from '../../../test/sim/bench4.ts'
import { unwrap } from '../../../test/support/unwrap.ts'
import { VoteKind, type Vote } from '../codec/chain.ts'
import { seatOf } from '../types/ids.ts'
import { createAgreement } from './init.ts'

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
