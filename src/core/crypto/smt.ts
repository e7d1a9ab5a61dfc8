/**
 * A persistent sparse Merkle tree over 256-bit keys (STATE-1).
 *
 * Nodes are immutable and shared: a write copies one path, and the tree before it stays whole, so
 * every recent state is available at no cost. A subtree with one leaf is that leaf, so a path is as
 * long as the longest shared prefix, not 256. The shape is a function of the set of leaves alone.
 * Hashes are computed when first asked for and kept. Proofs are in `smtProof.ts`.
 */
import { assert } from '../base/assert.ts'
import { compareBytes, equalBytes } from '../base/bytes.ts'
import { hash, hashBytes } from './hash.ts'

export interface SmtLeaf {
  readonly kind: 'leaf'
  readonly key: Uint8Array
  readonly value: Uint8Array
  /** What `value` encodes, where the owner of the tree keeps it; never part of the hash. */
  decoded: unknown
  digest: Uint8Array | undefined
}

export interface SmtBranch {
  readonly kind: 'branch'
  readonly left: SmtTree
  readonly right: SmtTree
  digest: Uint8Array | undefined
}

export type SmtNode = SmtLeaf | SmtBranch
/** `undefined` is the empty tree. */
export type SmtTree = SmtNode | undefined

export const smtKeyBytes = 32
/** Root of the empty tree; no digest is known to be all zeros. */
export const smtEmptyRoot: Uint8Array = new Uint8Array(hashBytes)

const tagValue = Uint8Array.of(0)
const tagLeaf = Uint8Array.of(1)

export function smtBit(key: Uint8Array, depth: number): 0 | 1 {
  return (((key[depth >> 3] ?? 0) >> (7 - (depth & 7))) & 1) as 0 | 1
}

export function smtValueHash(value: Uint8Array): Uint8Array {
  return hash('smtLeaf', tagValue, value)
}

export function smtLeafHash(key: Uint8Array, valueHash: Uint8Array): Uint8Array {
  return hash('smtLeaf', tagLeaf, key, valueHash)
}

export function smtBranchHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return hash('smtNode', left, right)
}

export function smtRoot(tree: SmtTree): Uint8Array {
  if (tree === undefined) return smtEmptyRoot
  tree.digest ??=
    tree.kind === 'leaf'
      ? smtLeafHash(tree.key, smtValueHash(tree.value))
      : smtBranchHash(smtRoot(tree.left), smtRoot(tree.right))
  return tree.digest
}

export function smtGet(tree: SmtTree, key: Uint8Array): SmtLeaf | undefined {
  let node = tree
  for (let depth = 0; node?.kind === 'branch'; depth += 1) {
    node = smtBit(key, depth) === 0 ? node.left : node.right
  }
  return node !== undefined && equalBytes(node.key, key) ? node : undefined
}

export function smtSet(
  tree: SmtTree,
  key: Uint8Array,
  value: Uint8Array,
  decoded?: unknown,
): SmtNode {
  assert(key.length === smtKeyBytes, 'a key has 256 bits')
  return insert(tree, { kind: 'leaf', key, value, decoded, digest: undefined }, 0)
}

export function smtDelete(tree: SmtTree, key: Uint8Array): SmtTree {
  return remove(tree, key, 0)
}

/** All leaves whose first key byte is `table`, or all of them, in the order of their keys. */
export function smtLeaves(tree: SmtTree, table?: number): readonly SmtLeaf[] {
  const leaves: SmtLeaf[] = []
  collect(table === undefined ? tree : subtree(tree, table), leaves)
  return leaves
}

export interface SmtChange {
  readonly key: Uint8Array
  /** `undefined` when the leaf is gone. */
  readonly value: Uint8Array | undefined
  readonly before: SmtLeaf | undefined
  readonly after: SmtLeaf | undefined
}

/**
 * What differs from one tree to another, or only among keys whose first byte is `table`, in the
 * order of keys; shared subtrees cost nothing.
 */
export function smtChanges(before: SmtTree, after: SmtTree, table?: number): readonly SmtChange[] {
  const changes: SmtChange[] = []
  if (table === undefined) compare(before, after, changes)
  else compare(subtree(before, table), subtree(after, table), changes)
  return changes
}

/** The leaves whose first key byte is `table`. */
function subtree(tree: SmtTree, table: number): SmtTree {
  const prefix = Uint8Array.of(table)
  let node = tree
  for (let depth = 0; depth < 8 && node?.kind === 'branch'; depth += 1) {
    node = smtBit(prefix, depth) === 0 ? node.left : node.right
  }
  return node?.kind === 'leaf' && node.key[0] !== table ? undefined : node
}

function insert(node: SmtTree, leaf: SmtLeaf, depth: number): SmtNode {
  if (node === undefined) return leaf
  if (node.kind === 'branch') {
    return smtBit(leaf.key, depth) === 0
      ? branch(insert(node.left, leaf, depth + 1), node.right)
      : branch(node.left, insert(node.right, leaf, depth + 1))
  }
  return equalBytes(node.key, leaf.key) ? leaf : split(node, leaf, depth)
}

/** Two different leaves below one node: a chain of branches down to where their keys part. */
function split(first: SmtLeaf, second: SmtLeaf, depth: number): SmtBranch {
  const bit = smtBit(second.key, depth)
  if (smtBit(first.key, depth) !== bit) {
    return bit === 0 ? branch(second, first) : branch(first, second)
  }
  const below = split(first, second, depth + 1)
  return bit === 0 ? branch(below, undefined) : branch(undefined, below)
}

function remove(node: SmtTree, key: Uint8Array, depth: number): SmtTree {
  if (node === undefined) return undefined
  if (node.kind === 'leaf') return equalBytes(node.key, key) ? undefined : node
  const goesLeft = smtBit(key, depth) === 0
  const before = goesLeft ? node.left : node.right
  const after = remove(before, key, depth + 1)
  if (after === before) return node
  const other = goesLeft ? node.right : node.left
  if (after === undefined && other?.kind !== 'branch') return other
  if (other === undefined && after?.kind === 'leaf') return after
  return goesLeft ? branch(after, other) : branch(other, after)
}

function branch(left: SmtTree, right: SmtTree): SmtBranch {
  return { kind: 'branch', left, right, digest: undefined }
}

function collect(node: SmtTree, leaves: SmtLeaf[]): void {
  if (node === undefined) return
  if (node.kind === 'leaf') {
    leaves.push(node)
    return
  }
  collect(node.left, leaves)
  collect(node.right, leaves)
}

function compare(before: SmtTree, after: SmtTree, changes: SmtChange[]): void {
  if (before === after) return
  if (before?.kind === 'branch' && after?.kind === 'branch') {
    compare(before.left, after.left, changes)
    compare(before.right, after.right, changes)
    return
  }
  const olds: SmtLeaf[] = []
  const news: SmtLeaf[] = []
  collect(before, olds)
  collect(after, news)
  merge(olds, news, changes)
}

function merge(olds: readonly SmtLeaf[], news: readonly SmtLeaf[], changes: SmtChange[]): void {
  let oldIndex = 0
  let newIndex = 0
  for (;;) {
    const old = olds[oldIndex]
    const fresh = news[newIndex]
    const leaf = old ?? fresh
    if (leaf === undefined) return
    const order = orderOf(old, fresh)
    if (order <= 0) oldIndex += 1
    if (order >= 0) newIndex += 1
    const before = order <= 0 ? old : undefined
    const after = order >= 0 ? fresh : undefined
    if (before !== undefined && after !== undefined && equalBytes(before.value, after.value)) {
      continue
    }
    changes.push({ key: (before ?? after ?? leaf).key, value: after?.value, before, after })
  }
}

function orderOf(old: SmtLeaf | undefined, fresh: SmtLeaf | undefined): number {
  if (old === undefined) return 1
  return fresh === undefined ? -1 : compareBytes(old.key, fresh.key)
}
