import { describe, expect, it } from 'vitest'
import { at, Bench } from '../../../test/sim/bench4.ts'
import { VoteKind, type Vote } from '../codec/chain.ts'
import { quorumOf } from '../committee/quorum.ts'
import { proposalIsSigned, voteIsSigned } from './signing.ts'
import { viewWindow, type Effect } from './types.ts'

const { PROPOSE, VOTE, COMMIT, SKIP, VOTE_UNSPECIFIED } = VoteKind

const nobodys = new Uint8Array(96)

function evidenceOf(effects: readonly Effect[]): readonly string[] {
  return effects.flatMap((effect) =>
    effect.type === 'evidence' ? [effect.contradiction.kind] : [],
  )
}

describe('ENC-1: what no signature covers has one length', () => {
  it('a VOTE whose leader signature is not 96 bytes, or a COMMIT with one, is not kept', () => {
    const bench = new Bench(3)
    const block = new Uint8Array(32).fill(1)
    const vote = bench.vote(1, VOTE, 1, block)
    for (const length of [0, 95, 97, 400]) {
      hear(bench, { ...vote, leaderSignature: new Uint8Array(length) })
    }
    hear(bench, { ...bench.vote(1, COMMIT, 1, block), leaderSignature: nobodys })
    expect(bench.state.views.get(1 as never)).toBeUndefined()
    hear(bench, vote)
    expect(bench.state.views.get(1 as never)?.votes.size).toBe(1)
  })
})

function hear(bench: Bench, vote: Vote, offsetMs = 20): readonly Effect[] {
  return bench.feed({ type: 'vote', nowMs: at(offsetMs), vote })
}

/** The committee with other powers. */
function weighted(powers: readonly number[], strongPower: number): Bench {
  const bench = new Bench(3)
  for (const env of bench.envs) {
    const seats = env.seats.map((seat, index) => ({ ...seat, power: powers[index] ?? 0 }))
    Object.assign(env, { seats, ...quorumOf(powers), strongPower })
  }
  return bench
}

describe('BFT-11: only votes of this committee are kept', () => {
  const ahead = 1 + viewWindow.ahead
  const cases: readonly (readonly [name: string, change: Partial<Vote>, isKept: boolean])[] = [
    ['as it was made', {}, true],
    ['of another epoch', { epoch: 1 }, false],
    ['of a seat that there is not', { seat: 4 }, false],
    ['for half a hash', { block: new Uint8Array(16) }, false],
    ['for nothing', { block: new Uint8Array(0) }, false],
    ['with half a signature', { signature: new Uint8Array(48) }, false],
    ['of view 0', { view: 0 }, false],
    ['of the last view of the window', { view: ahead }, true],
    ['of a view beyond the window', { view: ahead + 1 }, false],
    ['that is a proposal', { kind: PROPOSE }, false],
    ['of no kind', { kind: VOTE_UNSPECIFIED }, false],
    ['that skips a block', { kind: SKIP }, false],
  ]
  it.each(cases)('a VOTE %s', (_name, change, isKept) => {
    const bench = new Bench(3)
    const block = bench.proposal(1).hash
    const { view = 1 } = change
    hear(bench, { ...bench.vote(2, VOTE, Math.max(1, view), block), ...change })
    const kept = [...bench.state.views.values()].map(({ votes, skips }) => votes.size + skips.size)
    expect(kept).toEqual(isKept ? [1] : [])
  })

  it('nobody signs for a seat that there is not', () => {
    const bench = new Bench(3)
    const { env } = bench
    const block = new Uint8Array(32)
    const commit = bench.vote(2, COMMIT, 1, block)
    expect(voteIsSigned(env, commit)).toBe(true)
    expect(voteIsSigned(env, { ...commit, seat: 4 })).toBe(false)
    const { signature } = bench.vote(0, PROPOSE, 1, block)
    expect(proposalIsSigned(env, { view: 1, block, signature })).toBe(true)
    expect(proposalIsSigned({ ...env, leaders: [4] }, { view: 1, block, signature })).toBe(false)
  })
})

describe('SIG-1: a signature is checked before it decides anything', () => {
  it('a forged repetition does not displace the real vote', () => {
    const bench = new Bench(3)
    const real = bench.vote(2, VOTE, 1, bench.proposal(1).hash)
    hear(bench, real)
    hear(bench, { ...real, signature: nobodys })
    expect(bench.state.views.get(bench.state.view)?.votes.get(2)?.vote).toEqual(real)
  })

  it('the real vote displaces a forged one for the same block', () => {
    const bench = new Bench(3)
    const real = bench.vote(2, VOTE, 1, bench.proposal(1).hash)
    hear(bench, { ...real, signature: nobodys })
    hear(bench, real)
    const slot = bench.state.views.get(bench.state.view)?.votes.get(2)
    expect(slot).toEqual({ vote: real, verified: true })
  })

  it('a forged vote makes no quorum and is forgotten; the real one completes it', () => {
    const bench = new Bench(3)
    const block = bench.proposal(1).hash
    const votes = [0, 1, 2].map((seat) => bench.vote(seat, COMMIT, 1, block))
    const [first, second, third] = votes as [Vote, Vote, Vote]
    hear(bench, first)
    hear(bench, { ...second, signature: nobodys })
    hear(bench, third)
    const here = bench.state.views.get(bench.state.view)
    expect(here?.commitCertificate).toBeUndefined()
    expect([...(here?.commits.keys() ?? [])]).toEqual([0, 2])
    hear(bench, second)
    expect(bench.effects.some(({ type }) => type === 'sendCertificate')).toBe(true)
  })

  it('a heavy seat completes a quorum of which a forged vote is a part (BFT-11)', () => {
    const bench = weighted([3, 1, 5, 1], 10)
    const block = bench.proposal(1).hash
    hear(bench, bench.vote(0, COMMIT, 1, block))
    hear(bench, { ...bench.vote(1, COMMIT, 1, block), signature: nobodys })
    expect(bench.effects.some(({ type }) => type === 'sendCertificate')).toBe(false)
    hear(bench, bench.vote(2, COMMIT, 1, block))
    const sent = bench.effects.find((effect) => effect.type === 'sendCertificate')
    expect(sent?.certificate.signers).toEqual(Uint8Array.of(0b101))
  })
})

describe('BFT-12: late COMMITs of a weighted committee', () => {
  it('the real ones are enough, whatever was forged among them', () => {
    const bench = weighted([3, 1, 5, 1], 8)
    const block = bench.proposal(1).hash
    const certificate = bench.certificate(COMMIT, 1, { block, seats: [1, 2, 3] })
    bench.feed({ type: 'certificate', nowMs: at(10), certificate })
    const strong = (): readonly Uint8Array[] =>
      bench.effects.flatMap((effect) =>
        effect.type === 'strong' ? [effect.certificate.signers] : [],
      )
    hear(bench, { ...bench.vote(1, COMMIT, 1, block), signature: nobodys })
    hear(bench, bench.vote(0, COMMIT, 1, block))
    expect(strong()).toEqual([])
    hear(bench, bench.vote(2, COMMIT, 1, block))
    expect(strong()).toEqual([Uint8Array.of(0b101)])
  })
})

describe("BFT-5: only the leader's real SKIP ends its view at once", () => {
  it('a forged one is not followed', () => {
    const bench = new Bench(3)
    hear(bench, { ...bench.vote(0, SKIP, 1), signature: nobodys })
    expect(bench.sent()).toEqual([])
    hear(bench, bench.vote(0, SKIP, 1))
    expect(bench.sent(SKIP).map(({ view }) => view)).toEqual([1])
  })

  it('nor one that would be the last of a quorum', () => {
    const bench = new Bench(3)
    hear(bench, bench.vote(1, SKIP, 1))
    hear(bench, bench.vote(2, SKIP, 1))
    hear(bench, { ...bench.vote(0, SKIP, 1), signature: nobodys })
    expect(bench.sent()).toEqual([])
    expect(bench.state.view).toBe(1)
  })

  it('a real one is followed, also when it came with a forged SKIP of another seat', () => {
    const bench = new Bench(3)
    hear(bench, { ...bench.vote(1, SKIP, 1), signature: nobodys })
    hear(bench, bench.vote(2, SKIP, 1))
    hear(bench, bench.vote(0, SKIP, 1))
    expect(bench.sent(SKIP).map(({ seat }) => seat)).toEqual([3])
  })
})

describe('EVID-1: nobody is accused by what somebody else made up', () => {
  it('a forged second VOTE, a forged SKIP beside a COMMIT, a forged second header', () => {
    const bench = new Bench(3)
    const [one, other] = [bench.proposal(1), bench.proposal(1, { salt: 9 }).hash]
    bench.accept(one, at(10))
    const vote = bench.vote(1, VOTE, 1, other)
    const heard = [
      bench.vote(2, VOTE, 1, one.hash),
      { ...bench.vote(2, VOTE, 1, other), signature: nobodys },
      bench.vote(2, COMMIT, 1, one.hash),
      { ...bench.vote(2, SKIP, 1), signature: nobodys },
      { ...vote, leaderSignature: nobodys },
    ]
    expect(heard.flatMap((next) => evidenceOf(hear(bench, next)))).toEqual([])
    expect(evidenceOf(hear(bench, bench.vote(0, VOTE, 1, other)))).toEqual(['E1_DOUBLE_PROPOSE'])
  })
})

describe('EVID-1: what is final may still be evidence', () => {
  /** Blocks 1 and 2 are final, and block 1 is no longer held. */
  function twoFinal(): Bench {
    const bench = new Bench(3)
    const one = bench.proposal(1)
    bench.accept(one, at(20))
    hear(bench, bench.vote(2, VOTE, 1, one.hash))
    const qc = bench.certificate(VOTE, 1, { block: one.hash })
    const two = bench.proposal(2, { parent: { hash: one.hash, height: 1, qc } })
    bench.accept(two, at(30))
    const certificate = bench.certificate(COMMIT, 2, { block: two.hash })
    bench.feed({ type: 'certificate', nowMs: at(40), certificate })
    expect([bench.state.finalView, bench.state.blocks.size]).toEqual([2, 1])
    return bench
  }

  it('a second VOTE of a view below finality is filed (E2)', () => {
    const bench = twoFinal()
    const other = bench.vote(2, VOTE, 1, bench.proposal(1, { salt: 9 }).hash)
    expect(evidenceOf(hear(bench, other, 50))).toEqual(['E2_DOUBLE_VOTE'])
  })

  it('a second header is not, when the first one is no longer held', () => {
    const bench = twoFinal()
    const other = bench.vote(1, VOTE, 1, bench.proposal(1, { salt: 9 }).hash)
    expect(evidenceOf(hear(bench, other, 50))).toEqual([])
    expect(bench.state.views.get(1 as never)?.votes.get(1)?.vote).toEqual(other)
  })
})
