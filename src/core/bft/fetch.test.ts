import { describe, expect, it } from 'vitest'
import { at, Bench } from '../../../test/sim/bench4.ts'
import { resigned } from '../../../test/sim/resigned.ts'
import { VoteKind } from '../codec/chain.ts'

const { VOTE, COMMIT, SKIP } = VoteKind

interface Asked {
  readonly hashes: readonly Uint8Array[]
  readonly seats: readonly number[]
}

/** What is asked for when time passes. */
function asked(bench: Bench, offsetMs: number): readonly Asked[] {
  return bench
    .feed({ type: 'tick', nowMs: at(offsetMs) })
    .flatMap((effect) =>
      effect.type === 'fetch' ? [{ hashes: effect.hashes, seats: effect.seats }] : [],
    )
}

function certify(
  bench: Bench,
  offsetMs: number,
  ...certificate: Parameters<Bench['certificate']>
): void {
  const made = bench.certificate(...certificate)
  const effects = bench.feed({ type: 'certificate', nowMs: at(offsetMs), certificate: made })
  // It may be on its way: nobody is asked before Δ.
  expect(effects.filter(({ type }) => type === 'fetch')).toEqual([])
}

const unknown = (salt: number): Uint8Array => new Uint8Array(32).fill(salt)

describe('BFT-8: a missing block is asked of its signers', () => {
  it('after Δ, then again each Δ, and no more when it is there', () => {
    const bench = new Bench(3)
    const made = bench.proposal(1)
    const block = made.hash
    certify(bench, 20, VOTE, 1, { block, seats: [0, 2, 3] })
    const fetch = { hashes: [block], seats: [0, 2, 3] }
    expect(asked(bench, 269)).toEqual([])
    expect(asked(bench, 270)).toEqual([fetch])
    expect(asked(bench, 271)).toEqual([])
    expect(asked(bench, 519)).toEqual([])
    expect(asked(bench, 520)).toEqual([fetch])
    bench.accept(made, at(530))
    expect(asked(bench, 2000)).toEqual([])
    expect(bench.state.missingAtMs).toBeUndefined()
    // The next one has its own Δ.
    certify(bench, 2010, VOTE, 2, { block: unknown(2) })
    expect(asked(bench, 2259)).toEqual([])
    expect(asked(bench, 2260)).toHaveLength(1)
  })

  it('less often the longer nothing is final, up to the first cap of Δ', () => {
    const bench = new Bench(3)
    const views = [1, 2, 3, 4, 5]
    for (const view of views) certify(bench, 20, SKIP, view, { block: new Uint8Array(0) })
    certify(bench, 30, VOTE, 6, { block: unknown(6) })
    expect(bench.state.view).toBe(6)
    // View 6 is three views beyond those that are asked for promptly: 250 · 1.5³, rounded down.
    expect(asked(bench, 872)).toEqual([])
    expect(asked(bench, 873)).toHaveLength(1)
    const far = new Bench(3)
    for (let view = 1; view <= 30; view += 1) {
      certify(far, 20, SKIP, view, { block: new Uint8Array(0) })
    }
    certify(far, 30, VOTE, 31, { block: unknown(31) })
    expect(asked(far, 1229)).toEqual([])
    expect(asked(far, 1230)).toHaveLength(1)
  })

  it('of who committed it rather than of who voted for it', () => {
    const bench = new Bench(3)
    const block = unknown(1)
    certify(bench, 10, VOTE, 1, { block, seats: [0, 1, 2] })
    certify(bench, 20, COMMIT, 1, { block, seats: [1, 2, 3] })
    expect(asked(bench, 260)).toEqual([{ hashes: [block], seats: [1, 2, 3] }])
    // What is missing is no fork (FORK-1).
    expect(bench.state.mode.type).toBe('active')
  })

  it('16 at once at most, oldest views first', () => {
    const bench = new Bench(3)
    for (let view = 1; view <= 17; view += 1) {
      certify(bench, 10, VOTE, view, { block: unknown(view) })
    }
    const fetches = asked(bench, 260)
    expect(fetches.map(({ hashes }) => hashes)).toEqual(
      Array.from({ length: 16 }, (_none, index) => [unknown(index + 1)]),
    )
  })

  it('a view that was skipped has no block to ask for', () => {
    const bench = new Bench(3)
    certify(bench, 10, SKIP, 1)
    expect(asked(bench, 260)).toEqual([])
    expect(bench.state.missingAtMs).toBeUndefined()
  })

  it('the parent of a block that is held is asked of who proposed on it', () => {
    const bench = new Bench(3)
    const parent = { hash: unknown(9), height: 1 }
    const qc = bench.certificate(VOTE, 1, { block: parent.hash, seats: [0, 1, 3] })
    const two = bench.proposal(2, { parent: { ...parent, qc } })
    bench.feed({ type: 'proposal', nowMs: at(20), proposal: two.proposal })
    expect(asked(bench, 270)).toEqual([
      { hashes: [parent.hash], seats: [0, 1, 3] },
      { hashes: [parent.hash], seats: [1] },
    ])
  })

  it('a parent that nobody certified may be made up: nobody is asked for it', () => {
    const bench = new Bench(3)
    const bare = resigned(bench, bench.proposal(1), { parent: unknown(9), height: 2 })
    bench.feed({ type: 'proposal', nowMs: at(20), proposal: bare.proposal })
    expect(bench.state.blocks.size).toBe(1)
    expect(asked(bench, 270)).toEqual([])
    expect(asked(bench, 540)).toEqual([])
  })
})

describe('BFT-8: what is held or final is not asked for', () => {
  /** Block 1 is final, block 2 is valid on it and certified. */
  function twoHeld(): Bench {
    const bench = new Bench(3)
    const one = bench.proposal(1)
    bench.accept(one, at(10))
    certify(bench, 20, COMMIT, 1, { block: one.hash })
    const qc = bench.certificate(VOTE, 1, { block: one.hash })
    const two = bench.proposal(2, { parent: { hash: one.hash, height: 1, qc } })
    bench.accept(two, at(30))
    certify(bench, 40, VOTE, 2, { block: two.hash })
    expect([bench.state.finalView, bench.state.view]).toEqual([1, 3])
    return bench
  }

  it('neither the root, nor the final block, nor a block above it', () => {
    const bench = twoHeld()
    expect(bench.state.missingAtMs).toBeUndefined()
    expect(asked(bench, 400)).toEqual([])
  })

  it('nor what finality has passed, however it was certified', () => {
    const bench = twoHeld()
    const two = bench.state.views.get(2 as never)?.quorum?.block ?? unknown(0)
    certify(bench, 50, COMMIT, 2, { block: two })
    expect([bench.state.finalView, bench.state.blocks.size]).toEqual([2, 1])
    expect(asked(bench, 400)).toEqual([])
    expect(asked(bench, 800)).toEqual([])
  })

  it('nor the parent of a block that finality has left behind', () => {
    const bench = new Bench(3)
    const one = bench.proposal(1)
    bench.accept(one, at(10))
    const parent = { hash: unknown(9), height: 4 }
    const qc = bench.certificate(VOTE, 2, { block: parent.hash })
    const beside = bench.proposal(3, { parent: { ...parent, qc } })
    bench.feed({ type: 'proposal', nowMs: at(20), proposal: beside.proposal })
    certify(bench, 30, COMMIT, 3, { block: one.hash })
    expect([bench.state.finalView, bench.state.blocks.size]).toEqual([3, 2])
    expect(asked(bench, 300)).toEqual([])
    expect(asked(bench, 600)).toEqual([])
  })
})
