import { describe, expect, it } from 'vitest'
import { VoteKind } from '../codec/chain.ts'
import type { View } from '../types/ids.ts'
import { mayCommit, mayPropose, maySignIn, maySkip, mayVote, skipsFillGap } from './guards.ts'
import type { OwnVotes } from './types.ts'

describe('BFT-10: where a seat may sign', () => {
  it('only while active, from its floor on and above what is final', () => {
    const at = (floorView: number, finalView: number) => ({
      mode: { type: 'active' } as const,
      floorView: floorView as View,
      finalView: finalView as View,
    })
    const allowed = (floorView: number, finalView: number): boolean[] =>
      [4, 5, 6].map((view) => maySignIn(at(floorView, finalView), view))
    expect(allowed(5, 0)).toEqual([false, true, true])
    expect(allowed(1, 5)).toEqual([false, false, true])
    expect(maySignIn({ ...at(1, 0), mode: { type: 'observing' } }, 6)).toBe(false)
  })
})

describe('BFT-2 to BFT-5: what a seat signed in a view forbids other signatures there', () => {
  const vote = {} as NonNullable<OwnVotes['vote']>
  const none = { propose: undefined, vote: undefined, commit: undefined, skip: undefined }
  const allowed = (own: OwnVotes): readonly string[] => [
    ...(mayPropose(own) ? ['PROPOSE'] : []),
    ...(mayVote(own) ? ['VOTE'] : []),
    ...(mayCommit(own) ? ['COMMIT'] : []),
    ...(maySkip(own) ? ['SKIP'] : []),
  ]

  it.each([
    ['nothing', {}, ['PROPOSE', 'VOTE', 'COMMIT', 'SKIP']],
    ['PROPOSE', { propose: vote }, ['VOTE', 'COMMIT', 'SKIP']],
    ['VOTE', { vote }, ['PROPOSE', 'COMMIT', 'SKIP']],
    ['COMMIT', { commit: vote }, ['PROPOSE', 'VOTE']],
    ['SKIP', { skip: vote }, ['VOTE']],
  ])('after %s', (_name, own, expected) => {
    expect(allowed({ ...none, ...own })).toEqual(expected)
  })
})

describe('BFT-2: what fills the gap between a parent and its child', () => {
  it('is one SKIP of each view in between, in order, and nothing else', () => {
    const skips = (...views: number[]) => views.map((view) => ({ kind: VoteKind.SKIP, view }))
    const gap = { parentView: 3, view: 7 }
    expect(skipsFillGap(skips(4, 5, 6), gap)).toBe(true)
    for (const views of [
      [4, 5],
      [4, 6, 5],
      [5, 6, 7],
      [3, 4, 5],
      [4, 4, 4],
      [4, 5, 6, 7],
    ]) {
      expect(skipsFillGap(skips(...views), gap)).toBe(false)
    }
    const [first, ...rest] = skips(4, 5, 6)
    expect(skipsFillGap([{ kind: VoteKind.VOTE, view: first?.view ?? 0 }, ...rest], gap)).toBe(
      false,
    )
    expect(skipsFillGap([], { parentView: 3, view: 4 })).toBe(true)
  })
})
