import { describe, expect, it } from 'vitest'
import { at, Bench } from '../../../test/sim/bench4.ts'
import type { Made } from '../../../test/sim/resigned.ts'
import { VoteKind } from '../codec/chain.ts'
import { keyOf } from './draft.ts'
import type { Effect } from './types.ts'

const { VOTE, COMMIT } = VoteKind

function certify(
  bench: Bench,
  kind: VoteKind,
  view: number,
  block: Uint8Array,
  offsetMs: number,
): readonly Effect[] {
  const certificate = bench.certificate(kind, view, { block })
  return bench.feed({ type: 'certificate', nowMs: at(offsetMs), certificate })
}

const codes = (effects: readonly Effect[]): readonly string[] =>
  effects.flatMap((effect) => (effect.type === 'alarm' ? [effect.code] : []))

/** Block 1, and block 2 on it. */
function twoBlocks(bench: Bench): readonly [one: Made, two: Made] {
  const one = bench.proposal(1)
  const qc = bench.certificate(VOTE, 1, { block: one.hash })
  return [one, bench.proposal(2, { parent: { hash: one.hash, height: 1, qc } })]
}

describe('BFT-7: nothing final is ever replaced', () => {
  it('an FC for what is final already finalises no block a second time', () => {
    const bench = new Bench(3)
    const one = bench.proposal(1)
    bench.accept(one, at(10))
    const first = certify(bench, COMMIT, 1, one.hash, 20)
    expect(first.filter(({ type }) => type === 'final')).toHaveLength(1)
    const again = certify(bench, COMMIT, 3, one.hash, 30)
    expect(again.flatMap((effect) => (effect.type === 'final' ? effect.nodes : []))).toEqual([])
    expect(bench.state.finalKey).toBe(keyOf(one.hash))
  })

  it('an FC for the root leaves the blocks above it', () => {
    const bench = new Bench(3)
    const one = bench.proposal(1)
    bench.accept(one, at(10))
    certify(bench, COMMIT, 2, bench.env.root.hash, 20)
    expect(bench.state.finalKey).toBe(keyOf(bench.env.root.hash))
    expect(bench.state.blocks.has(keyOf(one.hash))).toBe(true)
  })
})

describe('FORK-1: an FC that leads past a final block stops the node', () => {
  it('for a block beside it, and for one that begins below it', () => {
    for (const finalBlocks of [1, 2]) {
      const bench = new Bench(3)
      const [one, two] = twoBlocks(bench)
      bench.accept(one, at(10))
      bench.accept(two, at(20))
      const made = finalBlocks === 1 ? one : two
      certify(bench, COMMIT, finalBlocks, made.hash, 30)
      const beside = bench.proposal(5)
      bench.feed({ type: 'proposal', nowMs: at(40), proposal: beside.proposal })
      expect(codes(certify(bench, COMMIT, 5, beside.hash, 50))).toEqual(['FORK'])
      expect(bench.state.mode).toEqual({ type: 'abstaining', reason: 'FORK' })
      expect(bench.state.finalKey).toBe(keyOf(made.hash))
    }
  })

  it('for a chain beside it, however long', () => {
    const bench = new Bench(3)
    const one = bench.proposal(1)
    bench.accept(one, at(10))
    certify(bench, COMMIT, 1, one.hash, 20)
    let parent: { readonly hash: Uint8Array; readonly height: number } = {
      hash: new Uint8Array(32).fill(9),
      height: 1,
    }
    for (const view of [3, 4, 5]) {
      const qc = bench.certificate(VOTE, view - 1, { block: parent.hash })
      const made = bench.proposal(view, { parent: { ...parent, qc } })
      bench.feed({ type: 'proposal', nowMs: at(10 * view), proposal: made.proposal })
      parent = { hash: made.hash, height: parent.height + 1 }
    }
    expect(bench.state.mode.type).toBe('active')
    expect(codes(certify(bench, COMMIT, 5, parent.hash, 60))).toEqual(['FORK'])
    expect(bench.state.finalKey).toBe(keyOf(one.hash))
  })

  it('after a fork a refused block changes nothing of why it stopped (FORK-1)', () => {
    const bench = new Bench(3)
    const one = bench.proposal(1)
    bench.feed({ type: 'proposal', nowMs: at(10), proposal: one.proposal })
    const { hash } = one
    bench.feed({ type: 'checked', nowMs: at(20), hash, valid: false, isBoundary: false })
    certify(bench, VoteKind.SKIP, 1, new Uint8Array(0), 25)
    expect(codes(certify(bench, COMMIT, 1, hash, 30))).toEqual(['FORK', 'STATE_DIVERGED'])
    expect(bench.state.mode).toEqual({ type: 'abstaining', reason: 'FORK' })
  })

  it('a quorum that accepts what this node refuses stops it, and it follows no further', () => {
    const bench = new Bench(3)
    const one = bench.proposal(1)
    bench.feed({ type: 'proposal', nowMs: at(10), proposal: one.proposal })
    const { hash } = one
    bench.feed({ type: 'checked', nowMs: at(20), hash, valid: false, isBoundary: false })
    expect(codes(certify(bench, COMMIT, 1, hash, 30))).toEqual(['STATE_DIVERGED'])
    expect(bench.state.mode).toEqual({ type: 'abstaining', reason: 'STATE_DIVERGED' })
    expect(bench.state.finalView).toBe(0)
    bench.feed({ type: 'tick', nowMs: at(20_000) })
    expect(bench.sent().filter(({ view }) => view > 1)).toEqual([])
  })
})

describe('EPOCH-2: the boundary closes the epoch', () => {
  it('made final by a tail, it comes with the headers that lead to the certified one', () => {
    const bench = new Bench(3)
    const [one, two] = twoBlocks(bench)
    bench.feed({ type: 'proposal', nowMs: at(10), proposal: one.proposal })
    const { hash } = one
    bench.feed({ type: 'checked', nowMs: at(15), hash, valid: true, isBoundary: true })
    bench.accept(two, at(20))
    expect(bench.state.blocks.get(keyOf(two.hash))?.isTail).toBe(true)
    const effects = certify(bench, COMMIT, 2, two.hash, 30)
    const final = effects.find((effect) => effect.type === 'final')
    expect(final?.nodes.map(({ key }) => key)).toEqual([keyOf(one.hash)])
    expect(final?.path).toEqual([two.proposal.header])
    expect(final?.closesEpoch).toBe(true)
  })

  it('nothing is signed, sent or changed any more', () => {
    const bench = new Bench(3)
    const one = bench.proposal(1)
    bench.feed({ type: 'proposal', nowMs: at(10), proposal: one.proposal })
    const { hash } = one
    bench.feed({ type: 'checked', nowMs: at(15), hash, valid: true, isBoundary: true })
    certify(bench, COMMIT, 1, hash, 20)
    const closed = bench.state
    expect(closed.mode.type).toBe('closed')
    expect(certify(bench, COMMIT, 9, bench.proposal(9).hash, 30)).toEqual([])
    expect(bench.feed({ type: 'tick', nowMs: at(60_000) })).toEqual([])
    expect(bench.state).toBe(closed)
  })
})
