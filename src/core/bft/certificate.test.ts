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
    take(bench, { ...bench.certificate(SKIP, 1), epoch: 1 })
    expect(bench.state.view).toBe(1)
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
    expect(alarms(take(bench, real, 40))).toMatchObject([{ code: 'FORK', view: 1 }])
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
