import { describe, expect, it } from 'vitest'
import { at, Bench } from '../../../test/sim/bench4.ts'
import { blsBlst } from '../../adapters/crypto/blsBlst.ts'
import { VoteKind, type Certificate } from '../codec/chain.ts'
import { aggregate, bitmapOf, powerOf, signersOf } from './certificate.ts'
import { culpritsOf } from './fork.ts'
import { viewWindow, type Effect } from './types.ts'

const { VOTE, COMMIT, SKIP } = VoteKind

const nobodys = new Uint8Array(96)

function take(bench: Bench, certificate: Certificate, offsetMs = 20): readonly Effect[] {
  return bench.feed({ type: 'certificate', nowMs: at(offsetMs), certificate })
}

const alarms = (effects: readonly Effect[]) => effects.filter(({ type }) => type === 'alarm')

describe('BFT-11: a certificate names seats of the committee', () => {
  it('the bitmap of seats gives the same seats', () => {
    for (const seats of [[], [0], [0, 7, 8, 20], [3, 5], [20]]) {
      expect(signersOf(21, bitmapOf(21, seats))).toEqual(seats)
    }
    expect(bitmapOf(21, [0, 7, 8, 20])).toEqual(Uint8Array.of(0x81, 0x01, 0x10))
  })

  it('a seat outside the committee has no power', () => {
    const { env } = new Bench(3)
    expect(powerOf(env, [0, 3])).toBe(2)
    expect(powerOf(env, [0, 4])).toBe(1)
  })

  it('there is no aggregate of nothing, nor of bytes that are no signatures', () => {
    const bench = new Bench(3)
    const vote = bench.vote(0, SKIP, 1)
    expect(aggregate(bench.env, [])).toBeUndefined()
    expect(aggregate(bench.env, [vote])?.signers).toEqual(Uint8Array.of(1))
    const noPoint = { ...vote, signature: new Uint8Array(96).fill(0xff) }
    expect(aggregate({ ...bench.env, bls: blsBlst }, [noPoint])).toBeUndefined()
  })
})

describe('BFT-6: certificates of the present and of later views are taken in', () => {
  it('one of another epoch is not', () => {
    const bench = new Bench(3)
    const effects = take(bench, { ...bench.certificate(SKIP, 1), epoch: 1 })
    expect(bench.state.view).toBe(1)
    // Whoever brings it may still be in that epoch: nobody answers for it (NET-5).
    expect(effects.map(({ type }) => type)).toEqual(['wake'])
    take(bench, bench.certificate(SKIP, 1))
    expect(bench.state.view).toBe(2)
  })

  it('beyond the window only what makes a block final is', () => {
    const last = 1 + viewWindow.ahead
    const [within, beyond, final] = [new Bench(3), new Bench(3), new Bench(3)]
    take(within, within.certificate(SKIP, last))
    expect(within.state.view).toBe(last + 1)
    take(beyond, beyond.certificate(SKIP, last + 1))
    expect(beyond.state.view).toBe(1)
    const block = final.proposal(1).hash
    take(final, final.certificate(COMMIT, last + 1, { block }))
    expect(final.state.view).toBe(last + 2)
  })
})

describe('BFT-1: a certificate is kept and forwarded once', () => {
  const sent = (effects: readonly Effect[]) =>
    effects.flatMap((effect) => (effect.type === 'sendCertificate' ? [effect.certificate] : []))

  it('not again, and not when its view is final', () => {
    const bench = new Bench(3)
    const one = bench.proposal(1)
    const qc = bench.certificate(VOTE, 1, { block: one.hash })
    const fc = bench.certificate(COMMIT, 1, { block: one.hash })
    bench.accept(one, at(10))
    expect(sent(take(bench, fc))).toEqual([fc])
    expect(bench.state.finalView).toBe(1)
    expect(sent(take(bench, fc))).toEqual([])
    expect(sent(take(bench, qc))).toEqual([])
    expect(bench.state.views.get(1 as never)?.quorum).toBeUndefined()
  })
})

describe('FORK-1: only what a quorum signed shows a fork', () => {
  /** View 1 is final, with its FC held. */
  function final(): Bench {
    const bench = new Bench(3)
    const one = bench.proposal(1)
    bench.accept(one, at(10))
    take(bench, bench.certificate(COMMIT, 1, { block: one.hash }))
    expect(bench.state.finalView).toBe(1)
    return bench
  }

  it('an NC of a final view: forged it changes nothing, real it stops the node', () => {
    const bench = final()
    const real = bench.certificate(SKIP, 1)
    expect(alarms(take(bench, { ...real, signature: nobodys }, 30))).toEqual([])
    expect(bench.state.mode.type).toBe('active')
    const alarm = { code: 'FORK', view: 1, certificates: [{ kind: COMMIT }, { kind: SKIP }] }
    expect(alarms(take(bench, real, 40))).toMatchObject([alarm])
    expect(bench.state.mode).toEqual({ type: 'abstaining', reason: 'FORK' })
  })

  it('of two QCs of one view the first stays, and who signed both is named', () => {
    const bench = new Bench(3)
    const [left, right] = [bench.proposal(5).hash, bench.proposal(5, { salt: 1 }).hash]
    take(bench, bench.certificate(VOTE, 5, { block: left }))
    const second = bench.certificate(VOTE, 5, { block: right, seats: [1, 2, 3] })
    expect(alarms(take(bench, second, 30))).toMatchObject([{ code: 'FORK', culprits: [1, 2] }])
    expect(bench.state.views.get(5 as never)?.quorum?.block).toEqual(left)
  })

  it('who voted for one block and committed another is not named: that is no offence', () => {
    const bench = new Bench(3)
    const [left, right] = [bench.proposal(5).hash, bench.proposal(5, { salt: 1 }).hash]
    take(bench, bench.certificate(VOTE, 5, { block: left }))
    const effects = take(bench, bench.certificate(COMMIT, 5, { block: right }), 30)
    expect(alarms(effects)).toMatchObject([{ code: 'FORK', view: 5, culprits: [] }])
  })

  it('a QC and an NC of one view are none: SKIP after VOTE is legal (BFT-5)', () => {
    for (const order of [
      [VOTE, SKIP],
      [SKIP, VOTE],
    ]) {
      const bench = new Bench(3)
      const block = bench.proposal(5).hash
      for (const kind of order) {
        const options = kind === VOTE ? { block } : {}
        expect(alarms(take(bench, bench.certificate(kind, 5, options)))).toEqual([])
      }
      expect(bench.state.mode.type).toBe('active')
    }
  })

  it('a fork is told once a view and in 16 views, whatever else was filed', () => {
    const bench = new Bench(3)
    const block = new Uint8Array(32).fill(1)
    for (let view = 1; view <= 20; view += 1) {
      const pair = [block, new Uint8Array(32)]
      for (const one of pair) {
        bench.feed({ type: 'vote', nowMs: at(5), vote: bench.vote(1, COMMIT, view, one) })
      }
    }
    expect(bench.state.filed).toHaveLength(20)
    const told: number[] = []
    for (let view = 1; view <= 17; view += 1) {
      take(bench, bench.certificate(SKIP, view))
      for (let repeated = 0; repeated < 2; repeated += 1) {
        const effects = take(bench, bench.certificate(COMMIT, view, { block }))
        for (const alarm of alarms(effects)) if (alarm.type === 'alarm') told.push(alarm.view)
      }
    }
    expect(told).toEqual(Array.from({ length: 16 }, (_none, index) => index + 1))
  })

  it('what was filed before the fork is not filed again after it (EVID-1)', () => {
    const bench = new Bench(3)
    const block = new Uint8Array(32).fill(1)
    const votes = [block, new Uint8Array(32)].map((one) => bench.vote(1, COMMIT, 2, one))
    const hear = (): readonly Effect[] =>
      votes.flatMap((vote) => bench.feed({ type: 'vote', nowMs: at(5), vote }))
    const filed = (effects: readonly Effect[]) => effects.filter(({ type }) => type === 'evidence')
    expect(filed(hear())).toHaveLength(1)
    take(bench, bench.certificate(SKIP, 5))
    take(bench, bench.certificate(COMMIT, 5, { block }))
    expect(bench.state.mode.type).toBe('abstaining')
    expect(filed(hear())).toEqual([])
  })

  it('64 marks of what was filed are kept, the newest', () => {
    const bench = new Bench(3)
    const blocks = [new Uint8Array(32).fill(1), new Uint8Array(32)]
    for (let view = 1; view <= 65; view += 1) {
      for (const block of blocks) {
        bench.feed({ type: 'vote', nowMs: at(5), vote: bench.vote(1, COMMIT, view, block) })
      }
    }
    expect(bench.state.filed).toHaveLength(64)
    expect(bench.state.filed.at(0)).toBe('E3_DOUBLE_COMMIT:2:1')
    take(bench, bench.certificate(SKIP, 9))
    take(bench, bench.certificate(COMMIT, 9, { block: new Uint8Array(32).fill(1) }))
    expect(bench.state.filed).toHaveLength(64)
    expect(bench.state.filed.slice(-2)).toEqual(['E3_DOUBLE_COMMIT:65:1', 'FORK:9'])
  })

  it('of two certificates only seats that are in both are named, in one view', () => {
    const bench = new Bench(3)
    const block = bench.proposal(5).hash
    const nc = bench.certificate(SKIP, 5, { seats: [0, 1, 3] })
    const fc = bench.certificate(COMMIT, 5, { block, seats: [1, 2, 3] })
    expect(culpritsOf(4, nc, fc)).toEqual([1, 3])
    expect(culpritsOf(4, nc, { ...fc, view: 6 })).toEqual([])
    const noBitmap = new Uint8Array(0)
    expect(culpritsOf(4, { ...nc, signers: noBitmap }, fc)).toEqual([])
    expect(culpritsOf(4, nc, { ...fc, signers: noBitmap })).toEqual([])
  })
})
