/**
 * Range proofs in the state tree (STATE-1, SYNC-1): all leaves above one key up to another, checked
 * against a root alone.
 *
 * The two edges of a range are paths of leaves: the one below the range (none in the first range)
 * and the last one in it. What hangs off these paths to the outside is given by hash, and all that
 * lies between them is rebuilt from the leaves shown, so that a leaf left out, added or changed
 * gives another root. The depth of the two edge leaves must be told, because what is next to them
 * outside decides it (decision 0013).
 */
import { compareBytes, equalBytes } from '../base/bytes.ts'
import type { StateChunk, StateLeaf } from '../codec/light.ts'
import { hashBytes } from './hash.ts'
import {
  smtBit,
  smtBranchHash,
  smtEmptyRoot,
  smtKeyBytes,
  smtLeafHash,
  smtRoot,
  smtValueHash,
  type SmtTree,
} from './smt.ts'

const none = new Uint8Array(0)
const depthMax = 8 * smtKeyBytes

/**
 * The leaves above `after` in the order of their keys, at most `sizeBytesMax` of keys and values
 * but at least one; undefined when there is no leaf `after`, or none above it.
 */
export function smtProveRange(
  tree: SmtTree,
  after: Uint8Array | undefined,
  sizeBytesMax: number,
): StateChunk | undefined {
  const below = after === undefined ? undefined : pathTo(tree, after)
  if (after !== undefined && below === undefined) return undefined
  const leaves = leavesAbove(tree, after, sizeBytesMax)
  const last = leaves.at(-1)
  const edge = last && pathTo(tree, last.key)
  if (edge === undefined) return undefined
  return {
    leaves,
    afterValueHash: below === undefined ? none : smtValueHash(below.value),
    afterDepth: below?.depth ?? 0,
    lastDepth: edge.depth,
    left: below?.left ?? [],
    right: edge.right,
  }
}

export interface VerifiedRange {
  readonly lastKey: Uint8Array
  /** Nothing lies above it. */
  readonly isEnd: boolean
}

/** What a chunk proves about the tree of `root`; undefined when it proves nothing. */
export function smtVerifyRange(
  root: Uint8Array,
  after: Uint8Array | undefined,
  chunk: StateChunk,
): VerifiedRange | undefined {
  const { leaves, right, afterValueHash } = chunk
  const last = leaves.at(-1)
  if (last === undefined || !isAscending(after, leaves)) return undefined
  const isPlain = afterValueHash.length === 0 && chunk.afterDepth === 0
  if (after === undefined ? !isPlain : afterValueHash.length !== hashBytes) return undefined
  const digest = new Rebuild(after, chunk).root(last.key)
  if (digest === undefined || !equalBytes(digest, root)) return undefined
  return { lastKey: last.key, isEnd: right.every((hash) => hash.length === 0) }
}

function isAscending(after: Uint8Array | undefined, leaves: readonly StateLeaf[]): boolean {
  let previous = after
  for (const { key } of leaves) {
    if (key.length !== smtKeyBytes) return false
    if (previous !== undefined && compareBytes(previous, key) >= 0) return false
    previous = key
  }
  return after === undefined || after.length === smtKeyBytes
}

interface Edges {
  /** Whether the path of the leaf below the range, and that of its last leaf, pass here. */
  readonly onAfter: boolean
  readonly onLast: boolean
}

/** Hashes of the tree from the leaves shown and the subtrees outside, from the root down. */
class Rebuild {
  readonly #after: Uint8Array
  readonly #onAfter: boolean
  readonly #chunk: StateChunk
  #last: Uint8Array = none
  #leftTaken = 0
  #rightTaken = 0

  constructor(after: Uint8Array | undefined, chunk: StateChunk) {
    this.#after = after ?? none
    this.#onAfter = after !== undefined
    this.#chunk = chunk
  }

  root(last: Uint8Array): Uint8Array | undefined {
    this.#last = last
    const { leaves, left, right } = this.#chunk
    const digest = this.#node(0, leaves, { onAfter: this.#onAfter, onLast: true })
    const isUsed = this.#leftTaken === left.length && this.#rightTaken === right.length
    return isUsed ? digest : undefined
  }

  #node(depth: number, leaves: readonly StateLeaf[], edges: Edges): Uint8Array | undefined {
    const { onAfter, onLast } = edges
    if (!onAfter && !onLast) return inside(depth, leaves)
    const { afterDepth, lastDepth, afterValueHash } = this.#chunk
    if (onAfter && depth === afterDepth) {
      return leaves.length === 0 ? smtLeafHash(this.#after, afterValueHash) : undefined
    }
    if (onLast && depth === lastDepth) {
      const [only] = leaves
      const isAlone = leaves.length === 1 && !onAfter && only !== undefined
      return isAlone ? smtLeafHash(only.key, smtValueHash(only.value)) : undefined
    }
    return depth >= depthMax ? undefined : this.#branch(depth, leaves, edges)
  }

  #branch(
    depth: number,
    leaves: readonly StateLeaf[],
    { onAfter, onLast }: Edges,
  ): Uint8Array | undefined {
    const afterGoesRight = onAfter && smtBit(this.#after, depth) === 1
    const lastGoesLeft = onLast && smtBit(this.#last, depth) === 0
    // Both are taken before going down: they are listed from the root on.
    const outerLeft = afterGoesRight ? this.#take('left') : undefined
    const outerRight = lastGoesLeft ? this.#take('right') : undefined
    const middle = firstRight(leaves, depth)
    const left = afterGoesRight
      ? outerLeft
      : this.#node(depth + 1, leaves.slice(0, middle), { onAfter, onLast: lastGoesLeft })
    const right = lastGoesLeft
      ? outerRight
      : this.#node(depth + 1, leaves.slice(middle), { onAfter: afterGoesRight, onLast })
    if (left === undefined || right === undefined) return undefined
    return smtBranchHash(left, right)
  }

  #take(side: 'left' | 'right'): Uint8Array | undefined {
    const list = this.#chunk[side]
    const digest = list[side === 'left' ? this.#leftTaken++ : this.#rightTaken++]
    if (digest?.length === 0) return smtEmptyRoot
    return digest?.length === hashBytes ? digest : undefined
  }
}

/** A subtree that is shown whole has its canonical form: one leaf is a leaf. */
function inside(depth: number, leaves: readonly StateLeaf[]): Uint8Array {
  const [only] = leaves
  if (only === undefined) return smtEmptyRoot
  if (leaves.length === 1) return smtLeafHash(only.key, smtValueHash(only.value))
  const middle = firstRight(leaves, depth)
  return smtBranchHash(
    inside(depth + 1, leaves.slice(0, middle)),
    inside(depth + 1, leaves.slice(middle)),
  )
}

/** Index of the first leaf that goes right at this depth; they share the bits above. */
function firstRight(leaves: readonly StateLeaf[], depth: number): number {
  let from = 0
  let to = leaves.length
  while (from < to) {
    const middle = (from + to) >> 1
    const leaf = leaves[middle]
    if (leaf !== undefined && smtBit(leaf.key, depth) === 0) from = middle + 1
    else to = middle
  }
  return from
}

interface Path {
  readonly depth: number
  readonly value: Uint8Array
  readonly left: Uint8Array[]
  readonly right: Uint8Array[]
}

function pathTo(tree: SmtTree, key: Uint8Array): Path | undefined {
  const left: Uint8Array[] = []
  const right: Uint8Array[] = []
  let node = tree
  let depth = 0
  for (; node?.kind === 'branch'; depth += 1) {
    const goesLeft = smtBit(key, depth) === 0
    const outside = goesLeft ? node.right : node.left
    const digest = outside === undefined ? none : smtRoot(outside)
    if (goesLeft) right.push(digest)
    else left.push(digest)
    node = goesLeft ? node.left : node.right
  }
  if (node === undefined || !equalBytes(node.key, key)) return undefined
  return { depth, value: node.value, left, right }
}

/**
 * The bound path ends in the leaf `after`, which is there. Never visits more of the tree than the
 * leaves it returns and the path to them.
 */
function leavesAbove(
  tree: SmtTree,
  after: Uint8Array | undefined,
  sizeBytesMax: number,
): StateLeaf[] {
  const leaves: StateLeaf[] = []
  let sizeBytes = 0
  let isFull = false
  const visit = (node: SmtTree, depth: number, isBound: boolean): void => {
    if (node === undefined || isFull) return
    if (node.kind === 'branch') {
      const skipsLeft = isBound && after !== undefined && smtBit(after, depth) === 1
      if (!skipsLeft) visit(node.left, depth + 1, isBound)
      visit(node.right, depth + 1, isBound && skipsLeft)
      return
    }
    if (isBound) return
    sizeBytes += node.key.length + node.value.length
    isFull = leaves.length > 0 && sizeBytes > sizeBytesMax
    if (!isFull) leaves.push({ key: node.key, value: node.value })
  }
  visit(tree, 0, after !== undefined)
  return leaves
}
