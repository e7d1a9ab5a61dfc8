import { describe, expect, it } from 'vitest'
import { at, Bench } from '../../../test/sim/bench4.ts'
import { Proposal, SafetyRecord, VoteKind, type Vote } from '../codec/chain.ts'

const { VOTE, COMMIT, SKIP } = VoteKind

function recordsIn(bench: Bench) {
  return bench.effects.flatMap((effect) =>
    effect.type === 'persist'
      ? [
          {
            ...SafetyRecord.decode(effect.record),
            pending: effect.pending,
            said: effect.sequence,
          },
        ]
      : [],
  )
}

function certify(bench: Bench, offsetMs: number, kind: VoteKind, view: number, block?: Uint8Array) {
  const certificate = bench.certificate(kind, view, block === undefined ? {} : { block })
  bench.feed({ type: 'certificate', nowMs: at(offsetMs), certificate })
  return certificate
}

const namesOf = (votes: readonly Vote[]): readonly string[] =>
  votes.map(({ kind, view }) => `${kind} ${String(view)}`)

describe('BFT-10: the record holds what was signed, whose it is, and how to go on', () => {
  it('the service, the votes, the certificates, and the blocks voted for', () => {
    const bench = new Bench(3)
    const one = bench.proposal(1)
    bench.accept(one, at(10))
    const { epoch, attempt, seats } = bench.env
    expect(recordsIn(bench)).toEqual([
      {
        epoch,
        attempt,
        epochKey: seats[3]?.epochKey,
        view: 1,
        floorView: 1,
        votes: bench.sent(),
        certificates: [],
        sequence: 1,
        said: 1,
        pending: [{ hash: one.hash, bytes: Proposal.encode(one.proposal) }],
      },
    ])
    const qc = certify(bench, 20, VOTE, 1, one.hash)
    const [second] = recordsIn(bench)
    expect(second).toMatchObject({ view: 2, sequence: 2, said: 2, certificates: [qc] })
    expect(namesOf(second?.votes ?? [])).toEqual(['VOTE 1', 'COMMIT 1'])
    expect(second?.pending.map(({ hash }) => hash)).toEqual([one.hash])
  })

  it('a step in which nothing was signed writes none', () => {
    const bench = new Bench(3)
    certify(bench, 10, SKIP, 1)
    expect(recordsIn(bench)).toEqual([])
    expect(bench.state.sequence).toBe(0)
  })

  it('a vote of a view that becomes final in this step is in it, and then no more', () => {
    const bench = new Bench(3)
    const one = bench.proposal(1)
    bench.accept(one, at(10))
    for (const seat of [0, 1]) {
      bench.feed({ type: 'vote', nowMs: at(15), vote: bench.vote(seat, COMMIT, 1, one.hash) })
    }
    const qc = certify(bench, 20, VOTE, 1, one.hash)
    expect(bench.state.finalView).toBe(1)
    expect(namesOf(recordsIn(bench)[0]?.votes ?? [])).toEqual(['VOTE 1', 'COMMIT 1'])
    const two = bench.proposal(2, { parent: { hash: one.hash, height: 1, qc } })
    bench.accept(two, at(30))
    const [next] = recordsIn(bench)
    expect(namesOf(next?.votes ?? [])).toEqual(['VOTE 2'])
    // The highest FC, so that a restarted seat begins above it.
    expect(next?.certificates.map(({ kind, view }) => [kind, view])).toEqual([[COMMIT, 1]])
    expect(next?.floorView).toBe(2)
  })

  it('128 certificates at most, oldest first', () => {
    const bench = new Bench(3)
    for (let view = 1; view <= 130; view += 1) {
      const certificate = bench.certificate(SKIP, view, { seats: [0, 1, 2, 3] })
      bench.feed({ type: 'certificate', nowMs: at(10), certificate })
    }
    bench.feed({ type: 'tick', nowMs: at(60_000) })
    const [record] = recordsIn(bench)
    expect(namesOf(record?.votes ?? [])).toEqual(['SKIP 131'])
    expect(record?.certificates.map(({ view }) => view)).toEqual(
      Array.from({ length: 128 }, (_none, index) => index + 1),
    )
  })
})
