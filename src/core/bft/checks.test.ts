import { describe, expect, it } from 'vitest'
import { at, Bench } from '../../../test/sim/bench4.ts'
import { VoteKind, type Vote } from '../codec/chain.ts'

const { PROPOSE, VOTE, COMMIT, SKIP } = VoteKind

/** What a bench asks its backend for. */
interface Asked {
  /** Checks of one signature. */
  single: number
  /** Checks of an aggregate. */
  together: number
  readonly prepared: Uint8Array[]
}

function asking(): { readonly bench: Bench; readonly asked: Asked } {
  const bench = new Bench(3)
  const { bls } = bench.env
  const asked: Asked = { single: 0, together: 0, prepared: [] }
  Object.assign(bench.env, {
    bls: {
      ...bls,
      verify: (...question: Parameters<typeof bls.verify>) => {
        asked.single += 1
        return bls.verify(...question)
      },
      fastAggregateVerify: (...question: Parameters<typeof bls.fastAggregateVerify>) => {
        asked.together += 1
        return bls.fastAggregateVerify(...question)
      },
      prepareSignature: (signature: Uint8Array) => asked.prepared.push(signature),
    },
  })
  return { bench, asked }
}

function hear(bench: Bench, vote: Vote): void {
  bench.feed({ type: 'vote', nowMs: at(20), vote })
}

const sentCertificates = (bench: Bench) =>
  bench.effects.flatMap((effect) => (effect.type === 'sendCertificate' ? [effect.certificate] : []))

const kinds = [
  ['VOTE', VOTE, 32],
  ['COMMIT', COMMIT, 32],
  ['SKIP', SKIP, 0],
] as const

describe('SIG-1: a signature is checked when it decides something, and then together', () => {
  it.each(kinds)(
    'a quorum of %s costs one check, and each is kept as checked',
    (_name, kind, n) => {
      const { bench, asked } = asking()
      const block = new Uint8Array(n).fill(1)
      // View 2 is not the present one, so that nothing else is signed.
      for (const seat of [0, 2, 3]) hear(bench, bench.vote(seat, kind, 2, block))
      expect(sentCertificates(bench).map((one) => [one.kind, one.view])).toEqual([[kind, 2]])
      expect([asked.single, asked.together]).toEqual([0, 1])
      // One more vote changes nothing, costs nothing, and is not announced to the backend.
      hear(bench, bench.vote(1, kind, 2, block))
      expect(sentCertificates(bench)).toEqual([])
      expect([asked.single, asked.together]).toEqual([0, 1])
      expect(asked.prepared).toHaveLength(3)
    },
  )

  it('votes for different blocks are not counted together (BFT-11)', () => {
    const { bench, asked } = asking()
    for (const seat of [0, 1, 2]) {
      hear(bench, bench.vote(seat, VOTE, 2, new Uint8Array(32).fill(seat % 2)))
    }
    expect([asked.single, asked.together]).toEqual([0, 0])
    hear(bench, bench.vote(3, VOTE, 2, new Uint8Array(32)))
    expect(sentCertificates(bench).map(({ signers }) => signers)).toEqual([Uint8Array.of(0b1101)])
    expect([asked.single, asked.together]).toEqual([0, 1])
  })

  it('one vote is announced to the backend as it is', () => {
    const { bench, asked } = asking()
    const vote = bench.vote(0, COMMIT, 1, new Uint8Array(32))
    hear(bench, vote)
    expect(asked.prepared).toEqual([vote.signature])
  })

  it('a quorum with a forged vote costs one check each, and what holds no more', () => {
    const { bench, asked } = asking()
    const block = new Uint8Array(32).fill(1)
    const votes = [0, 1, 2, 3].map((seat) => bench.vote(seat, VOTE, 2, block))
    const [first, second, third, fourth] = votes as [Vote, Vote, Vote, Vote]
    hear(bench, first)
    hear(bench, { ...second, signature: new Uint8Array(96) })
    hear(bench, third)
    expect([asked.single, asked.together]).toEqual([3, 1])
    hear(bench, fourth)
    expect([asked.single, asked.together]).toEqual([3, 2])
    expect(sentCertificates(bench).map(({ signers }) => signers)).toEqual([Uint8Array.of(0b1101)])
  })

  it('a quorum that a backend cannot aggregate makes no certificate, and no error', () => {
    const { bench } = asking()
    Object.assign(bench.env, { bls: { ...bench.env.bls, aggregateSignatures: () => undefined } })
    const block = new Uint8Array(32).fill(1)
    for (const seat of [0, 1, 2]) hear(bench, bench.vote(seat, VOTE, 2, block))
    expect(sentCertificates(bench)).toEqual([])
    const here = bench.state.views.get(2 as never)
    expect([...(here?.votes.values() ?? [])].map(({ verified }) => verified)).toEqual([
      true,
      true,
      true,
    ])
  })

  it('the second of two contradicting votes is checked, and the first only once', () => {
    const { bench, asked } = asking()
    const [left, right, other] = [1, 2, 3].map((salt) => new Uint8Array(32).fill(salt))
    hear(bench, bench.vote(1, COMMIT, 2, left))
    hear(bench, bench.vote(1, COMMIT, 2, right))
    expect(asked.single).toBe(2)
    hear(bench, bench.vote(1, COMMIT, 2, other))
    expect(asked.single).toBe(3)
    expect(bench.state.views.get(2 as never)?.commits.get(1)?.vote.block).toEqual(left)
  })

  it('a vote that replaces a forged one is not checked again', () => {
    const { bench, asked } = asking()
    const [left, right] = [1, 2].map((salt) => new Uint8Array(32).fill(salt))
    const forged = { ...bench.vote(1, COMMIT, 2, left), signature: new Uint8Array(96) }
    hear(bench, forged)
    hear(bench, bench.vote(1, COMMIT, 2, right))
    expect(asked.single).toBe(2)
    expect(bench.state.views.get(2 as never)?.commits.get(1)?.verified).toBe(true)
    hear(bench, bench.vote(1, SKIP, 2))
    // Only the SKIP was left to check.
    expect(asked.single).toBe(3)
  })

  it("the leader's SKIP is checked once, for its view, and known from then on", () => {
    const { bench, asked } = asking()
    const skip = bench.vote(0, SKIP, 1)
    hear(bench, skip)
    expect(asked.single).toBe(1)
    expect(bench.state.views.get(1 as never)?.skips.get(0)).toEqual({ vote: skip, verified: true })
    // Of another view it is only kept: that view's time comes (BFT-5).
    hear(bench, bench.vote(1, SKIP, 2))
    expect(asked.single).toBe(1)
    expect(bench.sent()).toEqual([])
  })

  it('what the own certificate shows is not checked a second time (BFT-6)', () => {
    const { bench, asked } = asking()
    const certificate = bench.certificate(SKIP, 2)
    bench.feed({ type: 'certificate', nowMs: at(20), certificate })
    bench.feed({ type: 'certificate', nowMs: at(21), certificate })
    expect([asked.single, asked.together]).toEqual([0, 1])
    expect(sentCertificates(bench)).toEqual([])
  })
})

describe('BFT-11: nothing but VOTE, COMMIT and SKIP is counted', () => {
  it('whatever else has the form of a vote is passed over', () => {
    const { bench } = asking()
    const vote = bench.vote(1, COMMIT, 1, new Uint8Array(32))
    for (const kind of [PROPOSE, VoteKind.VOTE_UNSPECIFIED]) {
      hear(bench, { ...vote, kind })
      expect(bench.state.views.size).toBe(0)
    }
  })

  it('votes are kept for 16 views below finality, for evidence (EVID-1)', () => {
    const { bench } = asking()
    const block = bench.proposal(1).hash
    bench.accept(bench.proposal(1), at(10))
    const certificate = bench.certificate(COMMIT, 20, { block })
    bench.feed({ type: 'certificate', nowMs: at(20), certificate })
    expect(bench.state.finalView).toBe(20)
    hear(bench, bench.vote(1, COMMIT, 4, block))
    hear(bench, bench.vote(1, COMMIT, 5, block))
    expect([...bench.state.views.keys()].filter((view) => view < 20)).toEqual([5])
  })
})

describe('EVID-1: what the evidence shows', () => {
  const contradictions = (bench: Bench) =>
    bench.effects.flatMap((effect) =>
      effect.type === 'evidence' && 'second' in effect.contradiction ? [effect.contradiction] : [],
    )

  it('E1: both headers, each with the signature of the leader', () => {
    for (const isShownByVote of [false, true]) {
      const { bench } = asking()
      const [one, other] = [bench.proposal(1), bench.proposal(1, { salt: 1 })]
      bench.accept(one, at(10))
      if (isShownByVote) hear(bench, bench.vote(1, VOTE, 1, other.hash))
      else bench.feed({ type: 'proposal', nowMs: at(20), proposal: other.proposal })
      const none = new Uint8Array(0)
      const propose = (made: typeof one): Vote => ({
        kind: PROPOSE,
        epoch: bench.env.epoch,
        view: 1,
        block: made.hash,
        seat: 0,
        signature: made.proposal.signature,
        leaderSignature: none,
      })
      expect(contradictions(bench)).toEqual([
        { kind: 'E1_DOUBLE_PROPOSE', seat: 0, first: propose(one), second: propose(other) },
      ])
    }
  })

  it('E2 to E4: both votes, as they were signed', () => {
    const { bench } = asking()
    const [left, right] = [1, 2].map((salt) => new Uint8Array(32).fill(salt))
    const seen: unknown[] = []
    const votes = [
      bench.vote(1, VOTE, 2, left),
      bench.vote(1, VOTE, 2, right),
      bench.vote(1, COMMIT, 2, left),
      bench.vote(1, COMMIT, 2, right),
      bench.vote(1, SKIP, 2),
    ]
    for (const vote of votes) {
      hear(bench, vote)
      seen.push(...contradictions(bench))
    }
    expect(seen).toEqual([
      { kind: 'E2_DOUBLE_VOTE', seat: 1, first: votes[0], second: votes[1] },
      { kind: 'E3_DOUBLE_COMMIT', seat: 1, first: votes[2], second: votes[3] },
      { kind: 'E4_COMMIT_AND_SKIP', seat: 1, first: votes[2], second: votes[4] },
    ])
  })

  it('E4 also when the SKIP came first', () => {
    const { bench } = asking()
    hear(bench, bench.vote(1, SKIP, 2))
    hear(bench, bench.vote(1, COMMIT, 2, new Uint8Array(32)))
    expect(contradictions(bench).map(({ kind }) => kind)).toEqual(['E4_COMMIT_AND_SKIP'])
  })

  it('a VOTE beside a SKIP is legal (BFT-5)', () => {
    const { bench } = asking()
    hear(bench, bench.vote(1, SKIP, 2))
    hear(bench, bench.vote(1, VOTE, 2, new Uint8Array(32)))
    expect(contradictions(bench)).toEqual([])
  })
})
