import { describe, expect, it } from 'vitest'
import { at, Bench } from '../../../test/sim/bench4.ts'
import { resigned, type Made } from '../../../test/sim/resigned.ts'
import { VoteKind } from '../codec/chain.ts'
import { keyOf } from './draft.ts'

const { SKIP } = VoteKind

function answer(bench: Bench, made: Made, valid: boolean, offsetMs: number): void {
  const { hash } = made
  bench.feed({ type: 'checked', nowMs: at(offsetMs), hash, valid, isBoundary: false })
}

function built(bench: Bench, view: number, made: Made, offsetMs: number): void {
  const { header, body } = made.proposal
  const nowMs = at(offsetMs)
  bench.feed({ type: 'built', nowMs, view: view as never, header, body, isBoundary: false })
}

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
