import { describe, expect, it } from 'vitest'
import { at, Bench } from '../../../test/sim/bench4.ts'
import { VoteKind } from '../codec/chain.ts'
import { certificateIsValid, signersOf } from './certificate.ts'
import { deltaMs } from './pacemaker.ts'
import type { Effect } from './types.ts'

const { VOTE, COMMIT, SKIP } = VoteKind

function evidenceOf(effects: readonly Effect[]): readonly string[] {
  return effects.flatMap((effect) =>
    effect.type === 'evidence' ? [effect.contradiction.kind] : [],
  )
}

describe('BFT-2: a leader extends what is certified and shows it', () => {
  it('after a skipped view the justification holds the NC of that view', () => {
    const bench = new Bench(1) // Leads view 2.
    bench.feed({ type: 'certificate', nowMs: at(600), certificate: bench.certificate(SKIP, 1) })
    const build = bench.effects.find((effect) => effect.type === 'build')
    expect(build?.request).toMatchObject({ view: 2, parentHeight: 0, isTail: false })
    expect(bench.state.building?.skips.map(({ kind, view }) => [kind, view])).toEqual([[SKIP, 1]])
  })

  it('a proposal that leaves a skipped view out is invalid and skipped (BFT-5)', () => {
    const bench = new Bench(0)
    bench.feed({ type: 'certificate', nowMs: at(600), certificate: bench.certificate(SKIP, 1) })
    bench.feed({ type: 'proposal', nowMs: at(610), proposal: bench.proposal(2).proposal })
    expect(bench.sent().map(({ kind, view }) => [kind, view])).toEqual([[SKIP, 2]])
  })
})

describe('BFT-3: one VOTE a view, for the first valid header', () => {
  it('votes after the shell found the block valid, not before', () => {
    const bench = new Bench(3)
    const made = bench.proposal(1)
    bench.feed({ type: 'proposal', nowMs: at(20), proposal: made.proposal })
    expect(bench.sent()).toEqual([])
    const { hash } = made
    bench.feed({ type: 'checked', nowMs: at(25), hash, valid: true, isBoundary: false })
    expect(bench.sent(VOTE).map(({ block }) => block)).toEqual([hash])
  })

  it('a second header of the leader gets no vote and becomes evidence (EVID-1)', () => {
    const bench = new Bench(3)
    bench.accept(bench.proposal(1), at(20))
    const second = bench.proposal(1, { salt: 9 })
    bench.feed({ type: 'proposal', nowMs: at(30), proposal: second.proposal })
    expect(bench.sent(VOTE)).toEqual([])
    expect(evidenceOf(bench.effects)).toEqual(['E1_DOUBLE_PROPOSE'])
  })

  it('a VOTE of another seat shows the second header in one hop', () => {
    const bench = new Bench(3)
    bench.accept(bench.proposal(1), at(20))
    const other = bench.proposal(1, { salt: 9 })
    bench.feed({ type: 'vote', nowMs: at(30), vote: bench.vote(2, VOTE, 1, other.hash) })
    expect(evidenceOf(bench.effects)).toEqual(['E1_DOUBLE_PROPOSE'])
  })

  it('a body that is not the one of the header is not taken', () => {
    const bench = new Bench(3)
    const { proposal } = bench.proposal(1)
    const body = Uint8Array.of(0x0a, 0x01, 0x07) // One transaction of one byte.
    bench.feed({ type: 'proposal', nowMs: at(20), proposal: { ...proposal, body } })
    expect(bench.state.blocks.size).toBe(0)
  })
})

describe('BFT-4 and BFT-5: COMMIT and SKIP of one view exclude each other', () => {
  it('COMMITs on a QC, and its timers then send no SKIP', () => {
    const bench = new Bench(3)
    const made = bench.proposal(1)
    bench.accept(made, at(20))
    const block = made.hash
    bench.feed({
      type: 'certificate',
      nowMs: at(40),
      certificate: bench.certificate(VOTE, 1, { block }),
    })
    expect(bench.sent(COMMIT)).toHaveLength(1)
    bench.feed({ type: 'tick', nowMs: at(20_000) })
    expect(bench.sent(SKIP).filter(({ view }) => view === 1)).toEqual([])
  })

  it('after SKIP(v) a QC(v) gives no COMMIT(v)', () => {
    const bench = new Bench(3)
    bench.feed({ type: 'tick', nowMs: at(5000) })
    expect(bench.sent(SKIP).map(({ view }) => view)).toEqual([1])
    const made = bench.proposal(1)
    bench.accept(made, at(5010))
    const block = made.hash
    bench.feed({
      type: 'certificate',
      nowMs: at(5020),
      certificate: bench.certificate(VOTE, 1, { block }),
    })
    expect(bench.sent(COMMIT)).toEqual([])
    expect(bench.state.view).toBe(2)
  })

  it('a view that was left without SKIP is still committed (BFT-4)', () => {
    const bench = new Bench(3)
    const made = bench.proposal(1)
    bench.accept(made, at(20))
    bench.feed({ type: 'certificate', nowMs: at(30), certificate: bench.certificate(SKIP, 2) })
    expect(bench.state.view).toBe(3)
    const block = made.hash
    bench.feed({
      type: 'certificate',
      nowMs: at(40),
      certificate: bench.certificate(VOTE, 1, { block }),
    })
    expect(bench.sent(COMMIT).map(({ view }) => view)).toEqual([1])
  })

  it("follows the leader's own SKIP at once", () => {
    const bench = new Bench(3)
    bench.feed({ type: 'vote', nowMs: at(5), vote: bench.vote(0, SKIP, 1) })
    expect(bench.sent(SKIP)).toHaveLength(1)
  })
})

describe('BFT-6 and BFT-11: certificates', () => {
  it('a later NC moves the view at once', () => {
    const bench = new Bench(3)
    bench.feed({ type: 'certificate', nowMs: at(5), certificate: bench.certificate(SKIP, 9) })
    expect(bench.state.view).toBe(10)
  })

  it('two of four are no quorum, whatever the bitmap says', () => {
    const bench = new Bench(3)
    const two = bench.certificate(SKIP, 1, { seats: [0, 1] })
    expect(certificateIsValid(bench.env, two)).toBe(false)
    expect(certificateIsValid(bench.env, { ...two, signers: Uint8Array.of(0b111) })).toBe(false)
    expect(certificateIsValid(bench.env, bench.certificate(SKIP, 1))).toBe(true)
  })

  it('a bitmap has one form: no bit above n, no byte more', () => {
    expect(signersOf(4, Uint8Array.of(0b1011))).toEqual([0, 1, 3])
    expect(signersOf(4, Uint8Array.of(0b10111))).toBeUndefined()
    expect(signersOf(4, Uint8Array.of(0b1011, 0))).toBeUndefined()
    expect(signersOf(9, Uint8Array.of(1, 1))).toEqual([0, 8])
  })

  it('a certificate of another epoch, kind or length of block is refused', () => {
    const bench = new Bench(3)
    const good = bench.certificate(SKIP, 1)
    for (const bad of [
      { ...good, epoch: 1 },
      { ...good, kind: VoteKind.PROPOSE },
      { ...good, block: new Uint8Array(32) },
      { ...good, view: 0 },
    ]) {
      expect(certificateIsValid(bench.env, bad)).toBe(false)
    }
  })
})

describe('BFT-9: Δ grows with the views since finality', () => {
  const bench = new Bench(0)
  const cases: readonly (readonly [view: number, finalView: number, expectedMs: number])[] = [
    [1, 0, 250],
    [2, 0, 375],
    [3, 0, 562],
    [5, 0, 1200],
    [21, 0, 1200],
    [22, 0, 1440],
    [100, 0, 10_000],
    [100, 99, 250],
  ]
  for (const [view, finalView, expectedMs] of cases) {
    it(`view ${String(view)} above ${String(finalView)}: ${String(expectedMs)} ms`, () => {
      expect(deltaMs(bench.env, view, finalView)).toBe(expectedMs)
    })
  }
})

describe('TIME-1: timely headers', () => {
  it('an old header gets no VOTE and nobody is punished', () => {
    const bench = new Bench(3)
    bench.accept(bench.proposal(1, { timeMs: at(10) }), at(2011))
    expect(bench.sent(VOTE)).toEqual([])
    expect(evidenceOf(bench.effects)).toEqual([])
  })

  it('a header ahead of now is voted for when its time has come', () => {
    const bench = new Bench(3)
    bench.accept(bench.proposal(1, { timeMs: at(600) }), at(50))
    expect(bench.sent(VOTE)).toEqual([])
    bench.feed({ type: 'tick', nowMs: at(100) })
    expect(bench.sent(VOTE)).toHaveLength(1)
  })

  it("a time that is not above the parent's is invalid", () => {
    const bench = new Bench(3)
    bench.feed({
      type: 'proposal',
      nowMs: at(5),
      proposal: bench.proposal(1, { timeMs: at(0) }).proposal,
    })
    expect(bench.sent().map(({ kind }) => kind)).toEqual([SKIP])
  })
})

describe('PACE-1: leaders are paced', () => {
  it("a block is not built before its parent's time and the interval", () => {
    const bench = new Bench(0, { blockIntervalMs: 1000 })
    bench.feed({ type: 'start', nowMs: at(10) })
    const build = bench.effects.find((effect) => effect.type === 'build')
    expect(build?.request.notBeforeMs).toBe(at(1000))
  })

  it('that is the highest certified block, whether it is final or not', () => {
    const bench = new Bench(3, { blockIntervalMs: 1000 })
    const one = bench.proposal(1, { timeMs: at(1000) })
    bench.accept(one, at(1000))
    const certificate = bench.certificate(VOTE, 1, { block: one.hash })
    bench.feed({ type: 'certificate', nowMs: at(1010), certificate })
    // Δ of the second view is 375 ms.
    bench.feed({ type: 'tick', nowMs: at(2749) })
    expect(bench.sent(SKIP)).toEqual([])
    bench.feed({ type: 'tick', nowMs: at(2750) })
    expect(bench.sent(SKIP).map(({ view }) => view)).toEqual([2])
  })

  it('timers run from then: 2Δ later the leader is skipped, not before', () => {
    const bench = new Bench(3, { blockIntervalMs: 1000 })
    bench.feed({ type: 'tick', nowMs: at(1499) })
    expect(bench.sent(SKIP)).toEqual([])
    bench.feed({ type: 'tick', nowMs: at(1500) })
    expect(bench.sent(SKIP)).toHaveLength(1)
  })
})

describe('EVID-1: contradictions of one seat', () => {
  it('two VOTEs (E2), two COMMITs (E3), COMMIT and SKIP (E4) are filed once each', () => {
    const bench = new Bench(3)
    const [one, two] = [bench.proposal(1).hash, bench.proposal(1, { salt: 1 }).hash]
    const votes = [
      bench.vote(2, VOTE, 1, one),
      bench.vote(2, VOTE, 1, two),
      bench.vote(1, COMMIT, 1, one),
      bench.vote(1, COMMIT, 1, two),
      bench.vote(1, SKIP, 1),
    ]
    const filed = [...votes, ...votes].flatMap((vote) =>
      evidenceOf(bench.feed({ type: 'vote', nowMs: at(20), vote })),
    )
    expect(filed).toEqual(['E2_DOUBLE_VOTE', 'E3_DOUBLE_COMMIT', 'E4_COMMIT_AND_SKIP'])
  })

  it('a forged vote under a seat makes no evidence and does not displace the real one', () => {
    const bench = new Bench(3)
    const block = bench.proposal(1).hash
    const real = bench.vote(2, VOTE, 1, block)
    const forged = { ...bench.vote(2, VOTE, 1, new Uint8Array(32)), signature: new Uint8Array(96) }
    bench.feed({ type: 'vote', nowMs: at(20), vote: forged })
    bench.feed({ type: 'vote', nowMs: at(21), vote: real })
    expect(evidenceOf(bench.effects)).toEqual([])
    expect(bench.state.views.get(bench.state.view)?.votes.get(2)?.vote.block).toEqual(block)
  })
})

describe('BFT-12: a final block becomes strong when enough seats have signed it', () => {
  const committed = (strongPower: number): Bench => {
    const bench = new Bench(3)
    for (const env of bench.envs) Object.assign(env, { strongPower })
    const made = bench.proposal(1)
    bench.accept(made, at(20))
    const block = made.hash
    const feed = (kind: VoteKind, atMs: number): void => {
      const certificate = bench.certificate(kind, 1, { block })
      bench.feed({ type: 'certificate', nowMs: at(atMs), certificate })
    }
    feed(VOTE, 30)
    feed(COMMIT, 40)
    return bench
  }
  const strongOf = (bench: Bench): readonly number[] =>
    bench.effects.flatMap((effect) =>
      effect.type === 'strong' ? [...(signersOf(4, effect.certificate.signers) ?? [])] : [],
    )

  it('at once when the quorum is all that is asked for', () => {
    const bench = committed(3)
    expect(bench.state.finalView).toBe(1)
    expect(strongOf(bench)).toEqual([0, 1, 2])
  })

  it('later, by COMMITs that come after finality, and once', () => {
    const bench = committed(4)
    expect(bench.state.finalView).toBe(1)
    expect(strongOf(bench)).toEqual([])
    const block = bench.state.finalCertificate?.block ?? new Uint8Array(0)
    for (const seat of [0, 1, 2]) {
      bench.feed({ type: 'vote', nowMs: at(50), vote: bench.vote(seat, COMMIT, 1, block) })
    }
    // The own COMMIT is the fourth.
    expect(strongOf(bench)).toEqual([0, 1, 2, 3])
    bench.feed({ type: 'vote', nowMs: at(60), vote: bench.vote(2, COMMIT, 1, block) })
    expect(strongOf(bench)).toEqual([])
  })

  it('a forged COMMIT does not count, and the real one after it does', () => {
    const bench = committed(4)
    const block = bench.state.finalCertificate?.block ?? new Uint8Array(0)
    const real = bench.vote(2, COMMIT, 1, block)
    const forged = { ...real, signature: new Uint8Array(96).fill(7) }
    for (const vote of [bench.vote(0, COMMIT, 1, block), bench.vote(1, COMMIT, 1, block), forged]) {
      bench.feed({ type: 'vote', nowMs: at(50), vote })
    }
    expect(strongOf(bench)).toEqual([])
    bench.feed({ type: 'vote', nowMs: at(60), vote: real })
    expect(strongOf(bench)).toEqual([0, 1, 2, 3])
  })
})

describe('FORK-1: quorums that exclude each other stop the node', () => {
  it('FC and NC of one view', () => {
    const bench = new Bench(3)
    const block = bench.proposal(5).hash
    bench.feed({ type: 'certificate', nowMs: at(5), certificate: bench.certificate(SKIP, 5) })
    bench.feed({
      type: 'certificate',
      nowMs: at(6),
      certificate: bench.certificate(COMMIT, 5, { block }),
    })
    const alarm = bench.effects.find((effect) => effect.type === 'alarm')
    expect(alarm).toMatchObject({ code: 'FORK', view: 5, culprits: [0, 1, 2] })
    expect(alarm?.certificates).toHaveLength(2)
    expect(bench.state.mode).toEqual({ type: 'abstaining', reason: 'FORK' })
    bench.feed({ type: 'tick', nowMs: at(30_000) })
    expect(bench.sent()).toEqual([])
  })
})

describe('BFT-10: persist before send', () => {
  it('nothing that shows a vote stands before the record in the effects of a step', () => {
    const bench = new Bench(3)
    bench.accept(bench.proposal(1), at(20))
    const kinds = bench.effects.map(({ type }) => type)
    const persisted = kinds.indexOf('persist')
    const shown = kinds.findIndex((type) => type.startsWith('send') || type === 'final')
    expect(persisted).toBeGreaterThanOrEqual(0)
    expect(shown).toBeGreaterThan(persisted)
  })

  it('a gap in own time means asking before signing', () => {
    const bench = new Bench(3)
    bench.feed({ type: 'gap', nowMs: at(10) })
    bench.accept(bench.proposal(1), at(20))
    expect(bench.sent()).toEqual([])
    const answer = { type: 'recoverAnswer', certificates: [], votes: [] } as const
    for (const seat of [0, 1]) {
      bench.feed({ ...answer, nowMs: at(30), seat: seat as never })
    }
    expect(bench.state.mode.type).toBe('active')
    expect(bench.sent(VOTE)).toHaveLength(1)
  })

  it('a vote of its own that the record does not know: abstain', () => {
    const bench = new Bench(3)
    bench.feed({ type: 'gap', nowMs: at(10) })
    const unknown = bench.vote(3, VOTE, 4, bench.proposal(4).hash)
    const votes = [unknown]
    bench.feed({ type: 'recoverAnswer', nowMs: at(20), seat: 0 as never, certificates: [], votes })
    expect(bench.state.mode).toEqual({ type: 'abstaining', reason: 'RECORD_OLD' })
  })
})
