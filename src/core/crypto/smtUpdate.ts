/**
 * Many writes to a sparse Merkle tree in one pass (STATE-1).
 *
 * The writes are parted at each branch as the tree parts its keys, so that each node on their ways
 * is made once, however many of them pass it, and hashed once when the root is asked for. The tree
 * before stays whole. The outcome is that of `smtSet` and `smtDelete` one after the other.
 */
import { assert } from '../base/assert.ts'
import { equalBytes } from '../base/bytes.ts'
import { smtBit, smtKeyBytes, type SmtLeaf, type SmtTree } from './smt.ts'

export interface SmtWrite {
  readonly key: Uint8Array
  /** `undefined` removes the leaf. */
  readonly value: Uint8Array | undefined
  /** What `value` encodes, where the owner of the tree keeps it. */
  readonly decoded?: unknown
}

/** Each key at most once, in any order: the shape of a tree depends on its leaves alone. */
export function smtUpdate(tree: SmtTree, writes: readonly SmtWrite[]): SmtTree {
  for (const { key } of writes) assert(key.length === smtKeyBytes, 'a key has 256 bits')
  return update(tree, [...writes], { from: 0, to: writes.length, depth: 0 })
}

/** Which of the writes are below a node; they are moved about within these bounds alone. */
interface Range {
  readonly from: number
  readonly to: number
  readonly depth: number
}

function update(node: SmtTree, writes: SmtWrite[], range: Range): SmtTree {
  const { from, to, depth } = range
  const first = writes[from]
  if (from === to || first === undefined) return node
  if (to === from + 1 && node?.kind !== 'branch') {
    if (node === undefined || equalBytes(node.key, first.key)) return leafOf(first, node)
    if (first.value === undefined) return node
  }
  assert(depth < 8 * smtKeyBytes, 'each key is written once')
  const middle = part(writes, range)
  const [left, right] = childrenOf(node, depth)
  const newLeft = update(left, writes, { from, to: middle, depth: depth + 1 })
  const newRight = update(right, writes, { from: middle, to, depth: depth + 1 })
  const isSame = newLeft === left && newRight === right
  return isSame ? node : joined(newLeft, newRight)
}

/** The leaf that a write leaves where `before` was or nothing; the same when nothing changes. */
function leafOf({ key, value, decoded }: SmtWrite, before: SmtLeaf | undefined): SmtTree {
  if (value === undefined) return undefined
  if (before !== undefined && equalBytes(before.value, value)) return before
  return { kind: 'leaf', key, value, decoded, digest: undefined }
}

/** Writes that go left first; returns where those begin that go right. */
function part(writes: SmtWrite[], { from, to, depth }: Range): number {
  let middle = from
  for (let index = from; index < to; index += 1) {
    const write = writes[index] as SmtWrite
    if (smtBit(write.key, depth) !== 0) continue
    writes[index] = writes[middle] as SmtWrite
    writes[middle] = write
    middle += 1
  }
  return middle
}

/** A leaf that is in the way of others goes to its side of the branch that takes its place. */
function childrenOf(node: SmtTree, depth: number): readonly [SmtTree, SmtTree] {
  if (node === undefined) return [undefined, undefined]
  if (node.kind === 'branch') return [node.left, node.right]
  return smtBit(node.key, depth) === 0 ? [node, undefined] : [undefined, node]
}

/** A subtree with one leaf is that leaf. */
function joined(left: SmtTree, right: SmtTree): SmtTree {
  if (left === undefined && right?.kind !== 'branch') return right
  if (right === undefined && left?.kind !== 'branch') return left
  return { kind: 'branch', left, right, digest: undefined }
}
