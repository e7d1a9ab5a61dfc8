import { describe, expect, it } from 'vitest'
import { at, Bench } from '../../../test/sim/bench4.ts'
import { unwrap } from '../../../test/support/unwrap.ts'
import { VoteKind, type Certificate, type Vote } from '../codec/chain.ts'
import { createAgreement } from './init.ts'

const { PROPOSE, VOTE, COMMIT, SKIP } = VoteKind

interface Said {
  readonly certificates: readonly Certificate[]
  readonly votes: readonly Vote[]
  readonly proposals: number
}

function tick(bench: Bench, offsetMs: number): Said {
  const effects = bench.feed({ type: 'tick', nowMs: at(offsetMs) })
  return {
    certificates: effects.flatMap((effect) =>
      effect.type === 'sendCertificate' ? [effect.certificate] : [],
    ),
    votes: bench.sent(),
    proposals: effects.filter(({ type }) => type === 'sendProposal').length,
  }
}

const nothing: Said = { certificates: [], votes: [], proposals: 0 }

function take(bench: Bench, certificate: Certificate, offsetMs: number): Certificate {
  bench.feed({ type: 'certificate', nowMs: at(offsetMs), certificate })
  return certificate
}

const namesOf = (votes: readonly Vote[]): readonly string[] =>
  votes.map(({ kind, view }) => `${kind} ${String(view)}`)

describe('BFT-8: each second without new finality the seat says again what it holds', () => {
  it('the highest FC, the certificates and its own votes above it, oldest first', () => {
    const bench = new Bench(3)
    const one = bench.proposal(1)
    bench.accept(one, at(10))
    const qc = take(bench, bench.certificate(VOTE, 1, { block: one.hash }), 20)
    const fc = take(bench, bench.certificate(COMMIT, 1, { block: one.hash }), 30)
    const two = bench.proposal(2, { parent: { hash: one.hash, height: 1, qc } })
    bench.accept(two, at(40))
    const second = take(bench, bench.certificate(VOTE, 2, { block: two.hash }), 50)
    expect(namesOf(tick(bench, 900).votes)).toEqual(['SKIP 3'])
    expect(tick(bench, 1029)).toEqual(nothing)
    const said = tick(bench, 1030)
    expect(said.certificates).toEqual([fc, second])
    expect(namesOf(said.votes)).toEqual(['VOTE 2', 'COMMIT 2', 'SKIP 3'])
    expect(said.proposals).toBe(0)
    expect(tick(bench, 2029)).toEqual(nothing)
    expect(tick(bench, 2030)).toEqual(said)
  })

  it('by view, in whatever order it came and was signed', () => {
    const bench = new Bench(3)
    const second = take(bench, bench.certificate(SKIP, 2), 10)
    bench.feed({ type: 'vote', nowMs: at(20), vote: bench.vote(2, SKIP, 3) })
    expect(namesOf(bench.sent())).toEqual(['SKIP 3'])
    const one = bench.proposal(1)
    bench.accept(one, at(999))
    const first = take(bench, bench.certificate(VOTE, 1, { block: one.hash }), 999)
    expect(namesOf(bench.sent())).toEqual(['COMMIT 1'])
    const said = tick(bench, 1000)
    expect(said.certificates).toEqual([first, second])
    expect(namesOf(said.votes)).toEqual(['COMMIT 1', 'SKIP 3'])
  })

  it('48 certificates and 48 votes at most', () => {
    const bench = new Bench(3)
    const views = Array.from({ length: 50 }, (_none, index) => index + 1)
    const record = {
      epoch: bench.env.epoch,
      epochKey: bench.env.seats[3]?.epochKey ?? new Uint8Array(0),
      view: 51,
      floorView: 51,
      votes: views.map((view) => bench.vote(3, SKIP, view)),
      certificates: views.map((view) => bench.certificate(SKIP, view)),
      sequence: 1,
      attempt: 0,
    }
    bench.state = unwrap(createAgreement(bench.env, { nowMs: at(0), record }))
    const said = tick(bench, 1000)
    expect(said.votes).toEqual(record.votes.slice(0, 48))
    expect(said.certificates).toEqual(record.certificates.slice(0, 48))
  })

  it('a node without a seat says the certificates', () => {
    const bench = new Bench(3)
    Object.assign(bench.env, { own: undefined })
    bench.state = unwrap(createAgreement(bench.env, { nowMs: at(0), record: undefined }))
    const certificate = take(bench, bench.certificate(SKIP, 1), 10)
    expect(tick(bench, 1000)).toEqual({ certificates: [certificate], votes: [], proposals: 0 })
  })
})

describe('BFT-8: the leader says its proposal again', () => {
  function proposed(): Bench {
    const bench = new Bench(0)
    bench.feed({ type: 'start', nowMs: at(0) })
    const { header, body } = bench.proposal(1).proposal
    const view = bench.state.view
    bench.feed({ type: 'built', nowMs: at(20), view, header, body, isBoundary: false })
    return bench
  }

  it('while it is in that view, and as a proposal, not as a vote', () => {
    const bench = proposed()
    const said = tick(bench, 1000)
    expect(said.proposals).toBe(1)
    expect(said.votes.some(({ kind }) => kind === PROPOSE)).toBe(false)
    expect(namesOf(said.votes)).toEqual(['VOTE 1', 'SKIP 1'])
  })

  it('not when it has left the view', () => {
    const bench = proposed()
    take(bench, bench.certificate(SKIP, 1), 30)
    expect(tick(bench, 1000).proposals).toBe(0)
  })

  it('nobody repeats the proposal of another seat', () => {
    const bench = new Bench(3)
    bench.accept(bench.proposal(1), at(10))
    expect(tick(bench, 1000).proposals).toBe(0)
  })
})
