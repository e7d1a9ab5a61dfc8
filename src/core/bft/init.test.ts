import { describe, expect, it } from 'vitest'
import { at, Bench } from '../../../test/sim/bench4.ts'
import { unwrap } from '../../../test/support/unwrap.ts'
import { VoteKind, type SafetyRecord } from '../codec/chain.ts'
import { seatOf } from '../types/ids.ts'
import { createAgreement } from './init.ts'
import { votesOfSeat } from './recover.ts'

const { PROPOSE, VOTE, COMMIT, SKIP } = VoteKind

const nobodys = new Uint8Array(96)

function recordOf(bench: Bench, change: Partial<SafetyRecord> = {}): SafetyRecord {
  return {
    epoch: bench.env.epoch,
    epochKey: bench.env.seats[bench.seat]?.epochKey ?? new Uint8Array(0),
    view: 6,
    floorView: 5,
    votes: [],
    certificates: [],
    sequence: 12,
    attempt: 0,
    ...change,
  }
}

const create = (bench: Bench, record: SafetyRecord | undefined, restarted = true) =>
  createAgreement(bench.env, { nowMs: at(0), record, restarted })

/** Seats that have nothing of this one to show. */
function answer(bench: Bench, seats: readonly number[]): void {
  for (const seat of seats) {
    const said = { seat: seatOf(seat), certificates: [], votes: [] }
    bench.feed({ type: 'recoverAnswer', nowMs: at(50), ...said })
  }
}

describe('BFT-10: what a seat starts from', () => {
  it('a first start signs at once; a restart without a record asks first', () => {
    const bench = new Bench(3)
    expect(unwrap(create(bench, undefined, false)).mode.type).toBe('active')
    bench.state = unwrap(create(bench, undefined))
    bench.accept(bench.proposal(1), at(20))
    expect(bench.sent()).toEqual([])
    answer(bench, [0])
    expect(bench.state.mode).toEqual({ type: 'recovering', answered: [0] })
    answer(bench, [1])
    expect(bench.state.mode.type).toBe('active')
    expect(bench.sent(VOTE)).toHaveLength(1)
  })

  const foreign: readonly (readonly [name: string, change: Partial<SafetyRecord>])[] = [
    ['epoch', { epoch: 1 }],
    ['attempt (RECOVER-1)', { attempt: 1 }],
    ['key', { epochKey: new Uint8Array(48) }],
  ]
  it.each(foreign)('a record of another %s says nothing of this service', (_name, change) => {
    const bench = new Bench(3)
    expect(create(bench, recordOf(bench)).ok).toBe(true)
    const created = create(bench, recordOf(bench, change))
    expect(created).toEqual({ ok: false, error: { code: 'RECORD_FOREIGN' } })
  })

  it('a record with a vote that the own key did not sign is damaged', () => {
    const bench = new Bench(3)
    const own = bench.vote(3, SKIP, 5)
    const wrong = [{ ...own, signature: nobodys }, bench.vote(2, SKIP, 5)]
    expect(create(bench, recordOf(bench, { votes: [own] })).ok).toBe(true)
    for (const vote of wrong) {
      const created = create(bench, recordOf(bench, { votes: [own, vote] }))
      expect(created).toEqual({ ok: false, error: { code: 'RECORD_CORRUPT', view: 5 } })
    }
  })

  it('view, floor, sequence, votes and certificates are the ones of the record', () => {
    const bench = new Bench(3)
    const block = bench.proposal(6).hash
    const votes = [
      bench.vote(3, PROPOSE, 4, block),
      bench.vote(3, VOTE, 6, block),
      bench.vote(3, COMMIT, 6, block),
      bench.vote(3, SKIP, 5),
    ]
    const [qc, nc] = [bench.certificate(VOTE, 6, { block }), bench.certificate(SKIP, 5)]
    const fc = bench.certificate(COMMIT, 7, { block })
    const forged = { ...bench.certificate(SKIP, 4), signature: nobodys }
    const record = recordOf(bench, { votes, certificates: [qc, nc, fc, forged] })
    const state = unwrap(create(bench, record))
    expect([state.view, state.floorView, state.sequence]).toEqual([6, 5, 12])
    const viewOf = (view: number) => state.views.get(view as never)
    expect(viewOf(4)?.own.propose).toEqual(votes[0])
    expect(viewOf(6)?.own).toMatchObject({ vote: votes[1], commit: votes[2] })
    expect(viewOf(5)?.own.skip).toEqual(votes[3])
    expect(votesOfSeat(bench.env, state, 3)).toEqual(votes.slice(1))
    expect(viewOf(6)?.quorum).toEqual(qc)
    expect(viewOf(5)?.skipCertificate).toEqual(nc)
    expect(viewOf(7)?.commitCertificate).toEqual(fc)
    expect(viewOf(4)?.skipCertificate).toBeUndefined()
  })

  it('a node without a seat never asks, whatever it finds', () => {
    const bench = new Bench(3)
    const env = { ...bench.env, own: undefined }
    for (const record of [undefined, recordOf(bench)]) {
      const made = createAgreement(env, { nowMs: at(0), record, restarted: true })
      expect(unwrap(made).mode.type).toBe('observing')
    }
  })

  it('it has filed nothing yet, and after a restart nobody has answered', () => {
    const bench = new Bench(3)
    expect(unwrap(create(bench, undefined))).toMatchObject({ malformed: [], filed: [] })
    const { mode } = unwrap(create(bench, recordOf(bench)))
    expect(mode).toEqual({ type: 'recovering', answered: [] })
  })

  it('a VOTE in the record is not cast a second time, for another block either', () => {
    const bench = new Bench(3)
    const [one, other] = [bench.proposal(1), bench.proposal(1, { salt: 1 })]
    const votes = [bench.vote(3, VOTE, 1, one.hash)]
    bench.state = unwrap(create(bench, recordOf(bench, { view: 1, floorView: 1, votes })))
    answer(bench, [0, 1])
    bench.accept(other, at(60))
    expect(bench.sent(VOTE)).toEqual([])
    expect(bench.state.mode.type).toBe('active')
  })
})
