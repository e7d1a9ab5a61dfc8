import { describe, expect, it } from 'vitest'
import { at, Bench } from '../../../test/sim/bench4.ts'
import { VoteKind, type Certificate } from '../codec/chain.ts'
import { keyOf } from './draft.ts'

const { COMMIT, SKIP } = VoteKind

describe('SYNC-1: agreement goes on above what came by sync', () => {
  function sync(bench: Bench, made: ReturnType<Bench['proposal']>, certificate: Certificate): void {
    const { header, body } = made.proposal
    bench.feed({ type: 'synced', nowMs: at(40), header, body, certificate })
  }

  it('its block is final, and nothing is signed up to its view', () => {
    const bench = new Bench(3)
    const made = bench.proposal(3)
    sync(bench, made, bench.certificate(COMMIT, 3, { block: made.hash }))
    expect(bench.state).toMatchObject({ finalView: 3, floorView: 4, view: 4 })
    expect(bench.state.finalKey).toBe(keyOf(made.hash))
    bench.feed({ type: 'tick', nowMs: at(60_000) })
    expect(bench.sent().map(({ kind, view }) => [kind, view])).toEqual([[SKIP, 4]])
  })

  it('its block can be built on, and is no boundary', () => {
    const bench = new Bench(3)
    const made = bench.proposal(3)
    sync(bench, made, bench.certificate(COMMIT, 3, { block: made.hash }))
    const build = bench.effects.find((effect) => effect.type === 'build')
    const parent = { parent: keyOf(made.hash), parentHeight: 1, isTail: false }
    expect(build?.request).toMatchObject({ view: 4, ...parent })
    const node = bench.state.blocks.get(keyOf(made.hash))
    expect(node).toMatchObject({ validity: 'valid', isBoundary: false, isTail: false })
    expect(node?.proposal).toMatchObject({ path: [], skips: [], body: made.proposal.body })
  })

  it('not without a quorum, not with the certificate of another block', () => {
    const bench = new Bench(3)
    const [made, other] = [bench.proposal(3), bench.proposal(3, { salt: 1 })]
    const certificate = bench.certificate(COMMIT, 3, { block: made.hash })
    sync(bench, made, { ...certificate, signature: new Uint8Array(96) })
    sync(bench, other, certificate)
    expect([bench.state.finalView, bench.state.blocks.size]).toEqual([0, 0])
  })

  it('a QC is no finality', () => {
    const bench = new Bench(3)
    const made = bench.proposal(3)
    sync(bench, made, bench.certificate(VoteKind.VOTE, 3, { block: made.hash }))
    expect(bench.state.finalView).toBe(0)
  })

  it('not against a certificate that is held: that is a fork (FORK-1)', () => {
    const bench = new Bench(3)
    const made = bench.proposal(3)
    bench.feed({ type: 'certificate', nowMs: at(20), certificate: bench.certificate(SKIP, 3) })
    sync(bench, made, bench.certificate(COMMIT, 3, { block: made.hash }))
    expect(bench.state.finalView).toBe(0)
    expect(bench.state.mode).toEqual({ type: 'abstaining', reason: 'FORK' })
    const alarm = bench.effects.find((effect) => effect.type === 'alarm')
    expect(alarm?.culprits).toEqual([0, 1, 2])
  })

  it('what is not above finality changes nothing (BFT-7)', () => {
    const bench = new Bench(3)
    const [high, low] = [bench.proposal(3), bench.proposal(2)]
    sync(bench, high, bench.certificate(COMMIT, 3, { block: high.hash }))
    sync(bench, low, bench.certificate(COMMIT, 2, { block: low.hash }))
    const { lastProgressAtMs } = bench.state
    bench.feed({
      type: 'synced',
      nowMs: at(90),
      ...high.proposal,
      certificate: bench.certificate(COMMIT, 3, { block: high.hash }),
    })
    expect(bench.state.lastProgressAtMs).toBe(lastProgressAtMs)
    expect(bench.state.finalKey).toBe(keyOf(high.hash))
    expect(bench.state.finalView).toBe(3)
  })
})
