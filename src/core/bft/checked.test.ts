import { describe, expect, it } from 'vitest'
import { at, Bench } from '../../../test/sim/bench4.ts'
import { resigned, type Made } from '../../../test/sim/resigned.ts'
import { Justification, VoteKind, type Certificate } from '../codec/chain.ts'
import { hash as digest } from '../crypto/hash.ts'
import { keyOf } from './draft.ts'

const { VOTE, COMMIT, SKIP } = VoteKind

function answer(bench: Bench, made: Made, valid: boolean, offsetMs: number): void {
  const { hash } = made
  bench.feed({ type: 'checked', nowMs: at(offsetMs), hash, valid, isBoundary: false })
}

function built(bench: Bench, view: number, made: Made, offsetMs: number): void {
  const { header, body } = made.proposal
  const nowMs = at(offsetMs)
  bench.feed({ type: 'built', nowMs, view: view as never, header, body, isBoundary: false })
}

/** What the header of the block that is asked for has to commit to. */
function requested(bench: Bench): Uint8Array | undefined {
  return bench.effects.find((effect) => effect.type === 'build')?.request.justification
}

const hashOf = (justification: Justification): Uint8Array =>
  digest('justification', Justification.encode(justification))

const proposals = (bench: Bench) => bench.effects.filter(({ type }) => type === 'sendProposal')

describe('BFT-3: what the shell says of a block', () => {
  it('an invalid block is skipped (BFT-5), and a later answer does not make it valid', () => {
    const bench = new Bench(3)
    const made = bench.proposal(1)
    bench.feed({ type: 'proposal', nowMs: at(20), proposal: made.proposal })
    answer(bench, made, false, 30)
    expect(bench.sent().map(({ kind }) => kind)).toEqual([SKIP])
    answer(bench, made, true, 40)
    expect(bench.state.blocks.get(keyOf(made.hash))?.validity).toBe('invalid')
    expect(bench.sent()).toEqual([])
  })

  it('an answer for a block that is not held changes nothing', () => {
    const bench = new Bench(3)
    answer(bench, bench.proposal(1), true, 30)
    expect(bench.state.blocks.size).toBe(0)
    expect(bench.sent()).toEqual([])
  })
})

describe('BFT-2: the leader signs the block it asked for, and no other', () => {
  /** Leads view 1 and has asked for a block. */
  function leader(): Bench {
    const bench = new Bench(0)
    bench.feed({ type: 'start', nowMs: at(0) })
    expect(bench.state.building?.view).toBe(1)
    return bench
  }

  it('in the view it was asked for', () => {
    const bench = leader()
    built(bench, 1, bench.proposal(1), 20)
    expect(proposals(bench)).toHaveLength(1)
    expect(bench.effects.findIndex(({ type }) => type === 'persist')).toBeLessThan(
      bench.effects.findIndex(({ type }) => type === 'sendProposal'),
    )
  })

  it('once', () => {
    const bench = leader()
    built(bench, 1, bench.proposal(1), 20)
    built(bench, 1, bench.proposal(1, { salt: 1 }), 30)
    expect(proposals(bench)).toEqual([])
  })

  it('not in a view that was left', () => {
    const bench = leader()
    const nowMs = at(10)
    bench.feed({ type: 'certificate', nowMs, certificate: bench.certificate(SKIP, 1) })
    built(bench, 1, bench.proposal(1), 20)
    expect(proposals(bench)).toEqual([])
  })

  it('not on another parent', () => {
    const bench = leader()
    const made = bench.proposal(1)
    built(bench, 1, resigned(bench, made, { parent: new Uint8Array(32).fill(1) }), 20)
    expect(proposals(bench)).toEqual([])
    expect(bench.sent()).toEqual([])
  })

  it('not a late answer to an earlier question', () => {
    const bench = leader()
    for (let view = 1; view <= 4; view += 1) {
      const certificate = bench.certificate(SKIP, view)
      bench.feed({ type: 'certificate', nowMs: at(10), certificate })
    }
    expect(bench.state.building?.view).toBe(5)
    built(bench, 1, bench.proposal(1), 20)
    expect(proposals(bench)).toEqual([])
  })

  it('not a block that nobody asked for', () => {
    const bench = new Bench(3)
    built(bench, 1, bench.proposal(1), 20)
    expect(proposals(bench)).toEqual([])
    expect(bench.state.blocks.size).toBe(0)
  })

  it('as it was built, with the certificates that were asked for and its own signature', () => {
    const bench = new Bench(1) // Leads view 2.
    const one = bench.proposal(1)
    bench.accept(one, at(10))
    const qc = bench.certificate(VOTE, 1, { block: one.hash })
    bench.feed({ type: 'certificate', nowMs: at(20), certificate: qc })
    const made = bench.proposal(2, { parent: { hash: one.hash, height: 1, qc } })
    built(bench, 2, made, 30)
    expect(proposals(bench)).toEqual([{ type: 'sendProposal', proposal: made.proposal }])
    // Its VOTE does not hold the proposal up: it is cast in the next step, at once. The block is
    // stored with the PROPOSE, and once.
    const stored = (): readonly Uint8Array[] =>
      bench.effects.flatMap((effect) =>
        effect.type === 'persist' ? effect.pending.map(({ hash }) => hash) : [],
      )
    expect(stored()).toEqual([made.hash])
    expect(bench.sent(VOTE)).toEqual([])
    expect(bench.effects.filter(({ type }) => type === 'wake')).toEqual([
      { type: 'wake', atMs: at(30) },
    ])
    bench.feed({ type: 'tick', nowMs: at(30) })
    expect(bench.sent(VOTE).map(({ block }) => block)).toEqual([made.hash])
    expect(stored()).toEqual([])
  })

  it('with the NC of each view that was left out', () => {
    const bench = new Bench(1)
    const skips = [bench.certificate(SKIP, 1)]
    for (const certificate of skips) {
      bench.feed({ type: 'certificate', nowMs: at(10), certificate })
    }
    const made = bench.proposal(2, { skips })
    built(bench, 2, made, 20)
    expect(proposals(bench)).toEqual([{ type: 'sendProposal', proposal: made.proposal }])
  })

  it('with more than one of them in the order of their views', () => {
    const bench = new Bench(3) // Leads view 4.
    const one = bench.proposal(1)
    bench.accept(one, at(10))
    const qc = bench.certificate(VOTE, 1, { block: one.hash })
    for (const certificate of [qc, bench.certificate(SKIP, 2), bench.certificate(SKIP, 3)]) {
      bench.feed({ type: 'certificate', nowMs: at(20), certificate })
    }
    const { building } = bench.state
    expect(building?.certificate).toEqual(qc)
    expect(building?.skips.map(({ view }) => view)).toEqual([2, 3])
  })

  it('the first block of an epoch shows the hand-over, the others do not (EPOCH-2)', () => {
    const path = [Uint8Array.of(1, 2, 3)]
    const handedOver = (bench: Bench): Certificate => {
      const certificate = bench.certificate(COMMIT, 9, { block: new Uint8Array(32) })
      Object.assign(bench.env, { root: { ...bench.env.root, certificate, path } })
      return certificate
    }
    const first = new Bench(0)
    const parent = handedOver(first)
    first.feed({ type: 'start', nowMs: at(0) })
    expect(requested(first)).toEqual(hashOf({ parent, path, skips: [] }))
    const justification = hashOf({ parent, path, skips: [] })
    built(first, 1, resigned(first, first.proposal(1), { justification }), 20)
    expect(proposals(first)).toMatchObject([{ proposal: { parent, path, skips: [] } }])

    const second = new Bench(1)
    handedOver(second)
    const one = second.proposal(1)
    second.accept(one, at(10))
    const qc = second.certificate(VOTE, 1, { block: one.hash })
    second.feed({ type: 'certificate', nowMs: at(20), certificate: qc })
    expect(requested(second)).toEqual(hashOf({ parent: qc, path: [], skips: [] }))
  })

  it('a PROPOSE is durable before it leaves, also while the leader has no VOTE (BFT-10)', () => {
    const bench = leader()
    const made = bench.proposal(1, { timeMs: at(600) })
    built(bench, 1, made, 20)
    expect(bench.sent()).toEqual([])
    const kinds = bench.effects.map(({ type }) => type)
    expect(kinds.filter((type) => type !== 'wake')).toEqual(['persist', 'sendProposal'])
  })

  it('a boundary that it builds closes the epoch, a tail on it is none (EPOCH-2)', () => {
    const flags = (bench: Bench, made: Made) => {
      const node = bench.state.blocks.get(keyOf(made.hash))
      return [node?.isBoundary, node?.isTail]
    }
    const isBoundary = true
    const bench = new Bench(1)
    const one = bench.proposal(1)
    bench.feed({ type: 'proposal', nowMs: at(10), proposal: one.proposal })
    const { hash } = one
    bench.feed({ type: 'checked', nowMs: at(10), hash, valid: true, isBoundary })
    expect(flags(bench, one)).toEqual([true, false])
    const qc = bench.certificate(VOTE, 1, { block: hash })
    bench.feed({ type: 'certificate', nowMs: at(20), certificate: qc })
    const asked = bench.effects.find((effect) => effect.type === 'build')
    expect(asked?.request.isTail).toBe(true)
    const tail = bench.proposal(2, { parent: { hash, height: 1, qc } })
    const { header, body } = tail.proposal
    const view = bench.state.view
    bench.feed({ type: 'built', nowMs: at(30), view, header, body, isBoundary })
    expect(flags(bench, tail)).toEqual([false, true])

    const first = leader()
    const made = first.proposal(1)
    const { proposal } = made
    first.feed({ type: 'built', nowMs: at(20), view: 1 as never, ...proposal, isBoundary })
    expect(flags(first, made)).toEqual([true, false])
  })

  it('asks once for a block, and not after it has given the view up', () => {
    const bench = leader()
    bench.feed({ type: 'tick', nowMs: at(10) })
    expect(bench.effects.filter(({ type }) => type === 'build')).toEqual([])
    const gone = new Bench(0)
    gone.feed({ type: 'tick', nowMs: at(750) })
    expect(gone.sent(SKIP)).toHaveLength(1)
    expect(gone.effects.filter(({ type }) => type === 'build')).toEqual([])
    const silent = new Bench(0)
    silent.feed({ type: 'gap', nowMs: at(1) })
    expect(silent.effects.filter(({ type }) => type === 'build')).toEqual([])
  })

  it('only the leader of the view asks for one', () => {
    const bench = new Bench(3)
    bench.feed({ type: 'start', nowMs: at(0) })
    expect(bench.effects.filter(({ type }) => type === 'build')).toEqual([])
  })

  it('a leader that cannot build skips its view at once (BFT-5)', () => {
    const bench = leader()
    bench.feed({ type: 'buildFailed', nowMs: at(10), view: 1 as never })
    expect(bench.sent(SKIP).map(({ view }) => view)).toEqual([1])
  })

  it('but not a view that it is not in', () => {
    const bench = leader()
    const nowMs = at(10)
    bench.feed({ type: 'certificate', nowMs, certificate: bench.certificate(SKIP, 1) })
    bench.feed({ type: 'buildFailed', nowMs: at(20), view: 1 as never })
    expect(bench.sent()).toEqual([])
  })

  it('asks for no block while a certificate for a view below is missing', () => {
    const bench = new Bench(2) // Leads view 3.
    const nc = (view: number, offsetMs: number): void => {
      const certificate = bench.certificate(SKIP, view)
      bench.feed({ type: 'certificate', nowMs: at(offsetMs), certificate })
    }
    nc(2, 10)
    expect([bench.state.view, bench.state.building]).toEqual([3, undefined])
    nc(1, 20)
    expect(bench.state.building?.skips.map(({ view }) => view)).toEqual([1, 2])
  })
})
