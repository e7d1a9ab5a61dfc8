/**
 * The votes of one seat in one view as bits, and as the `OwnVotes` that the product's predicates
 * take: with k blocks in the view, bit i is VOTE of block i, bit k + i its COMMIT, bit 2k SKIP, and
 * bit 2k + 1 + i a second VOTE, which only the fast path has.
 */
import { VoteKind, type Vote } from '../src/core/codec/chain.ts'
import type { OwnVotes } from '../src/core/bft/types.ts'

export interface Layout {
  readonly view: number
  readonly blocks: number
}

export const voteBit = (_layout: Layout, block: number): number => 1 << block
export const commitBit = (layout: Layout, block: number): number => 1 << (layout.blocks + block)
export const skipBit = (layout: Layout): number => 1 << (2 * layout.blocks)
export const secondBit = (layout: Layout, block: number): number =>
  1 << (2 * layout.blocks + 1 + block)

/** The first vote of each kind, as a safety record has it. */
export function ownVotesOf(layout: Layout, votes: number): OwnVotes {
  const first = (kind: VoteKind, bitOf: (layout: Layout, block: number) => number) => {
    for (let block = 0; block < layout.blocks; block += 1) {
      if ((votes & bitOf(layout, block)) !== 0) return vote(kind, layout.view, block)
    }
    return undefined
  }
  return {
    propose: undefined,
    vote: first(VoteKind.VOTE, voteBit),
    commit: first(VoteKind.COMMIT, commitBit),
    skip: (votes & skipBit(layout)) === 0 ? undefined : vote(VoteKind.SKIP, layout.view, 0),
  }
}

/** Says what a bit means, for a trace. */
export function bitName(layout: Layout, bit: number, names: readonly string[]): string {
  const place = 31 - Math.clz32(bit)
  const { blocks } = layout
  if (place < blocks) return `VOTE ${names[place] ?? '?'}`
  if (place < 2 * blocks) return `COMMIT ${names[place - blocks] ?? '?'}`
  if (place === 2 * blocks) return `SKIP ${layout.view}`
  return `SECOND ${names[place - 2 * blocks - 1] ?? '?'}`
}

const none = new Uint8Array(0)

function vote(kind: VoteKind, view: number, block: number): Vote {
  return {
    kind,
    epoch: 0,
    view,
    block: kind === VoteKind.SKIP ? none : Uint8Array.of(block),
    seat: 0,
    signature: none,
    leaderSignature: none,
  }
}
