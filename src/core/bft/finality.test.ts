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

  it('of two FCs that come within reach at once the higher one counts, and once', () => {
    for (const views of [
      [1, 3],
      [3, 1],
    ] as const) {
      const bench = new Bench(3)
      const one = bench.proposal(1)
      for (const view of views) certify(bench, COMMIT, view, one.hash, 10)
      bench.feed({ type: 'proposal', nowMs: at(20), proposal: one.proposal })
      expect(bench.state.finalView).toBe(0)
      const { hash } = one
      const effects = bench.feed({
        type: 'checked',
        nowMs: at(30),
        hash,
        valid: true,
        isBoundary: false,
      })
      const final = effects.filter((effect) => effect.type === 'final')
      expect(final).toMatchObject([{ path: [], closesEpoch: false, certificate: { view: 3 } }])
      expect(final[0]?.nodes.map(({ key }) => key)).toEqual([keyOf(hash)])
      expect(bench.state).toMatchObject({ finalView: 3, mode: { type: 'active' } })
    }
  })

  it('what a higher FC still lacks does not keep back a lower one', () => {
    const bench = new Bench(3)
    const one = bench.proposal(1)
    certify(bench, COMMIT, 2, new Uint8Array(32).fill(2), 10)
    certify(bench, COMMIT, 1, one.hash, 10)
    bench.accept(one, at(20))
    expect(bench.state.finalView).toBe(1)
    expect(bench.state.mode.type).toBe('active')
  })

  it('a block is final when it and all before it were executed here, not earlier', () => {
    const bench = new Bench(3)
    const [one, two] = twoBlocks(bench)
    bench.accept(one, at(10))
    bench.feed({ type: 'proposal', nowMs: at(20), proposal: two.proposal })
    certify(bench, COMMIT, 2, two.hash, 30)
    expect(bench.state.finalView).toBe(0)
    const { hash } = two
    bench.feed({ type: 'checked', nowMs: at(40), hash, valid: true, isBoundary: false })
    expect(bench.state.finalView).toBe(2)
  })

  it('what stands beside the final block goes; views stay for 16 more, for evidence', () => {
    const bench = new Bench(3)
    const one = bench.proposal(1)
    bench.accept(one, at(10))
    const skips = [bench.certificate(VoteKind.SKIP, 1)]
    const beside = bench.proposal(2, { skips })
    bench.feed({ type: 'proposal', nowMs: at(20), proposal: beside.proposal })
    expect(bench.state.blocks.size).toBe(2)
    for (const view of [4, 5]) {
      const vote = bench.vote(1, VoteKind.SKIP, view)
      bench.feed({ type: 'vote', nowMs: at(25), vote })
    }
    certify(bench, COMMIT, 20, one.hash, 30)
    expect([...bench.state.blocks.keys()]).toEqual([keyOf(one.hash)])
    expect([...bench.state.views.keys()].toSorted((a, b) => a - b)).toEqual([5, 20])
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
      const effects = certify(bench, COMMIT, 5, beside.hash, 50)
      const shown = { certificates: [{ view: 5, block: beside.hash }], culprits: [] }
      expect(effects.filter(({ type }) => type === 'alarm')).toMatchObject([
        { code: 'FORK', view: 5, ...shown },
      ])
      expect(bench.state.mode).toEqual({ type: 'abstaining', reason: 'FORK' })
      expect(bench.state.finalKey).toBe(keyOf(made.hash))
    }
  })

  it('but not for one whose ancestors are not all here', () => {
    const bench = new Bench(3)
    const one = bench.proposal(1)
    bench.accept(one, at(10))
    certify(bench, COMMIT, 1, one.hash, 20)
    const qc = bench.certificate(VOTE, 3, { block: new Uint8Array(32).fill(9) })
    const four = bench.proposal(4, { parent: { hash: qc.block, height: 2, qc } })
    bench.feed({ type: 'proposal', nowMs: at(30), proposal: four.proposal })
    expect(codes(certify(bench, COMMIT, 4, four.hash, 40))).toEqual([])
    expect(bench.state.mode.type).toBe('active')
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
    const effects = certify(bench, COMMIT, 1, hash, 30)
    const shown = { certificates: [{ kind: COMMIT, block: hash }], culprits: [] }
    expect(effects.filter(({ type }) => type === 'alarm')).toMatchObject([
      { code: 'STATE_DIVERGED', view: 1, ...shown },
    ])
    expect(bench.state.mode).toEqual({ type: 'abstaining', reason: 'STATE_DIVERGED' })
    expect(bench.state.finalView).toBe(0)
    bench.feed({ type: 'tick', nowMs: at(20_000) })
    expect(bench.sent().filter(({ view }) => view > 1)).toEqual([])
  })
})

describe('FORK-1: a commit certificate of a block that this node refuses', () => {
  /** Block 1 is valid, and a quorum committed block 2, which is invalid here. */
  function diverged(bench: Bench): readonly [one: Made, two: Made] {
    const [one, two] = twoBlocks(bench)
    bench.accept(one, at(10))
    bench.feed({ type: 'proposal', nowMs: at(20), proposal: two.proposal })
    const { hash } = two
    bench.feed({ type: 'checked', nowMs: at(30), hash, valid: false, isBoundary: false })
    expect(codes(certify(bench, COMMIT, 2, hash, 40))).toEqual(['STATE_DIVERGED'])
    return [one, two]
  }

  it('stops it though the block before was valid, and that one still becomes final', () => {
    const bench = new Bench(3)
    const [one] = diverged(bench)
    expect(bench.state).toMatchObject({ finalView: 0, mode: { reason: 'STATE_DIVERGED' } })
    expect(codes(certify(bench, COMMIT, 1, one.hash, 50))).toEqual([])
    expect(bench.state).toMatchObject({ finalView: 1, mode: { reason: 'STATE_DIVERGED' } })
  })

  it('is the reason that its owner is told, also of a seat that abstained before', () => {
    const bench = new Bench(3)
    bench.feed({ type: 'gap', nowMs: at(1) })
    const votes = [bench.vote(3, VOTE, 9, new Uint8Array(32))]
    const seat = 0 as never
    bench.feed({ type: 'recoverAnswer', nowMs: at(2), seat, certificates: [], votes })
    expect(bench.state.mode).toEqual({ type: 'abstaining', reason: 'RECORD_OLD' })
    diverged(bench)
    expect(bench.state.mode).toEqual({ type: 'abstaining', reason: 'STATE_DIVERGED' })
  })
})

describe('EPOCH-2: the boundary closes the epoch', () => {
  it('made final by a tail, it comes with the headers that lead to the certified one', () => {
    const bench = new Bench(3)
    const [one, two] = twoBlocks(bench)
    const qc = bench.certificate(VOTE, 2, { block: two.hash })
    const three = bench.proposal(3, { parent: { hash: two.hash, height: 2, qc } })
    bench.accept(one, at(10))
    bench.feed({ type: 'proposal', nowMs: at(20), proposal: two.proposal })
    const { hash } = two
    bench.feed({ type: 'checked', nowMs: at(20), hash, valid: true, isBoundary: true })
    bench.feed({ type: 'proposal', nowMs: at(30), proposal: three.proposal })
    const tail = three.hash
    bench.feed({ type: 'checked', nowMs: at(30), hash: tail, valid: true, isBoundary: true })
    // Behind the boundary there is none a second time.
    const node = bench.state.blocks.get(keyOf(tail))
    expect([node?.isTail, node?.isBoundary]).toEqual([true, false])
    const effects = certify(bench, COMMIT, 3, tail, 40)
    const final = effects.find((effect) => effect.type === 'final')
    expect(final?.nodes.map(({ key }) => key)).toEqual([keyOf(one.hash), keyOf(two.hash)])
    expect(final?.path).toEqual([three.proposal.header])
    expect(final?.closesEpoch).toBe(true)
    // Who is behind still asks for them.
    expect(bench.state.blocks.size).toBe(3)
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
