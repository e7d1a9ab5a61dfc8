import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Simulation } from '../../../sim/simulation.ts'
import { startMs, timesWith } from '../../../sim/options.ts'
import { VoteKind, type Vote } from '../codec/chain.ts'
import { timeOf } from '../types/ids.ts'
import { draftOf, patchView, viewState, type Draft } from './draft.ts'
import { signVote } from './signing.ts'
import type { VoteSlot } from './types.ts'
import { dropWrong } from './wrongVotes.ts'

const { COMMIT } = VoteKind
const block = new Uint8Array(32).fill(5)
const { instances } = new Simulation({ seats: 21, seed: 5, times: timesWith({}) })
const real = instances
  .slice(0, 15)
  .map(({ env }) => signVote(env, { kind: COMMIT, view: 1, block }, new Uint8Array(0)))

interface Asked {
  readonly sums: () => number
  readonly single: () => number
  readonly draft: Draft
}

/** Everything is kept in view 1, and the checks are counted. */
function draftWith(slots: readonly VoteSlot[]): Asked {
  const [first] = instances
  if (first === undefined) throw new Error('21 seats')
  let [sums, single] = [0, 0]
  const { bls } = first.env
  const counted: typeof bls = {
    ...bls,
    verify: (...question) => {
      single += 1
      return bls.verify(...question)
    },
    fastAggregateVerify: (...question) => {
      sums += 1
      return bls.fastAggregateVerify(...question)
    },
  }
  const draft = draftOf({ ...first.env, bls: counted }, first.state, timeOf(startMs))
  patchView(draft, 1, { commits: new Map(slots.map((slot) => [slot.vote.seat, slot])) })
  return { draft, sums: () => sums, single: () => single }
}

function moved(vote: Vote, by: number): Vote {
  const signature = vote.signature.slice()
  signature[7] = ((signature[7] ?? 0) + by) & 255
  return { ...vote, signature }
}

const kept = (draft: Draft): readonly number[] => [...viewState(draft.state, 1).commits.keys()]

const refused = (draft: Draft): readonly unknown[] =>
  draft.early.flatMap((effect) => (effect.type === 'refused' ? [effect.message] : []))

describe('SIG-1: of a sum that fails', () => {
  it('exactly the wrong ones are forgotten and refused, whichever they are', () => {
    const some = fc.uniqueArray(fc.nat({ max: 14 }), { minLength: 1, maxLength: 15 })
    fc.assert(
      fc.property(some, fc.nat({ max: 6 }), (wrong, verified) => {
        const slots = real.map((vote, seat): VoteSlot => {
          const isWrong = wrong.includes(seat)
          // Distinct powers of two cancel in no sum of them.
          const at = isWrong ? moved(vote, 1 + 2 * seat) : vote
          return { vote: at, verified: !isWrong && seat < verified }
        })
        const { draft, single } = draftWith(slots)
        const good = dropWrong(draft, 'commits', slots)
        // Sums modulo 256 may cancel: what is left holds together, and no real one is lost.
        const lost = real.map(({ seat }) => seat).filter((seat) => !kept(draft).includes(seat))
        expect(wrong).toEqual(expect.arrayContaining([...lost]))
        expect(good.map(({ vote }) => vote.seat)).toEqual(kept(draft))
        expect(refused(draft)).toHaveLength(lost.length)
        const sum = draft.env.bls.aggregateSignatures(good.map(({ vote }) => vote.signature))
        const honest = good.map(({ vote }) => real[vote.seat]?.signature ?? block)
        expect(sum).toEqual(draft.env.bls.aggregateSignatures(honest))
        expect(single()).toBeGreaterThanOrEqual(lost.length)
      }),
    )
  })

  it.each(real.map(({ seat }) => seat))('one wrong of 15, seat %i: at most 9 checks', (seat) => {
    const slots = real.map((vote): VoteSlot => {
      return { vote: vote.seat === seat ? moved(vote, 1) : vote, verified: false }
    })
    const { draft, sums, single } = draftWith(slots)
    dropWrong(draft, 'commits', slots)
    expect(kept(draft)).toEqual(real.map((vote) => vote.seat).filter((other) => other !== seat))
    expect(sums() + single()).toBeLessThanOrEqual(9)
  })

  it('those that cancel each other are not called verified', () => {
    const slots = real.map((vote, seat): VoteSlot => {
      const by = [1, -1][seat] ?? (seat === 14 ? 3 : 0)
      return { vote: by === 0 ? vote : moved(vote, by), verified: false }
    })
    const { draft } = draftWith(slots)
    const good = dropWrong(draft, 'commits', slots)
    expect(good).toHaveLength(14)
    expect(good.slice(0, 2).map(({ verified, summed }) => [verified, summed])).toEqual([
      [false, true],
      [false, true],
    ])
  })

  it('of a second one each is asked alone, and the answers are kept', () => {
    const slots = real.map((vote, seat): VoteSlot => {
      return seat === 3
        ? { vote: moved(vote, 1), verified: false }
        : { vote, verified: false, summed: true }
    })
    const { draft, sums, single } = draftWith(slots)
    const good = dropWrong(draft, 'commits', slots)
    expect([sums(), single()]).toEqual([0, 15])
    expect(good).toHaveLength(14)
    expect(good.every(({ verified }) => verified)).toBe(true)
    expect(viewState(draft.state, 1).commits.get(3)).toBeUndefined()
    expect(viewState(draft.state, 1).commits.get(4)).toEqual({ vote: real[4], verified: true })
  })

  it('bytes that are no signature are found as any other', () => {
    const none = new Uint8Array(0)
    const slots = real.map((vote, seat): VoteSlot => {
      return { vote: seat === 6 ? { ...vote, signature: none } : vote, verified: false }
    })
    const { draft } = draftWith(slots)
    const { bls } = draft.env
    const strict: typeof bls = {
      ...bls,
      aggregateSignatures: (all) =>
        all.some(({ length }) => length === 0) ? undefined : bls.aggregateSignatures(all),
      verify: (key, message, signature) =>
        signature.length > 0 && bls.verify(key, message, signature),
    }
    const asked = draftOf({ ...draft.env, bls: strict }, draft.state, timeOf(startMs))
    expect(dropWrong(asked, 'commits', slots)).toHaveLength(14)
    expect(kept(asked)).not.toContain(6)
  })

  it('of none there is nothing to say', () => {
    const { draft } = draftWith([])
    expect(dropWrong(draft, 'commits', [])).toEqual([])
  })
})
