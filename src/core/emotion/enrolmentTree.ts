/**
 * The enrolment tree: Poseidon, depth 20, leaf 0 for an empty slot (STATE-2).
 *
 * A persistent tree: `setLeaf` shares all untouched nodes with the tree it came from, so that a
 * state can keep the roots of several boundaries at 20 hashes a change.
 */

import { poseidon2 } from 'poseidon-lite/poseidon2'
import { assert } from '../base/assert.ts'
import { isField } from './field.ts'

export const enrolmentDepth = 20
export const enrolmentLeavesMax = 1 << enrolmentDepth

/** An empty subtree is `undefined`; its hash is `emptyHashes[level]`. */
type Node = TreeNode | undefined

interface TreeNode {
  readonly hash: bigint
  readonly left: Node
  readonly right: Node
}

export interface EnrolmentTree {
  readonly root: bigint
  readonly top: TreeNode | undefined
}

export interface EnrolmentPath {
  readonly leafIndex: number
  /** The sibling at each level, from the leaf up. */
  readonly siblings: readonly bigint[]
}

const emptyHashes: readonly bigint[] = buildEmptyHashes()

export const emptyEnrolmentTree: EnrolmentTree = { root: emptyHash(enrolmentDepth), top: undefined }

/** Writes one leaf; 0n clears it. */
export function setLeaf(tree: EnrolmentTree, leafIndex: number, leaf: bigint): EnrolmentTree {
  assertIndex(leafIndex)
  assert(isField(leaf), 'a leaf is a field element')
  const top = replace(tree.top, enrolmentDepth, leafIndex, leaf)
  return { root: hashOf(top, enrolmentDepth), top }
}

export function leafAt(tree: EnrolmentTree, leafIndex: number): bigint {
  assertIndex(leafIndex)
  let node: Node = tree.top
  for (let level = enrolmentDepth - 1; level >= 0; level -= 1)
    node = childAt(node, level, leafIndex)
  return hashOf(node, 0)
}

export function pathOf(tree: EnrolmentTree, leafIndex: number): EnrolmentPath {
  assertIndex(leafIndex)
  const siblings: bigint[] = []
  let node: Node = tree.top
  for (let level = enrolmentDepth - 1; level >= 0; level -= 1) {
    const isRight = bitAt(leafIndex, level)
    siblings.unshift(hashOf(isRight ? node?.left : node?.right, level))
    node = childAt(node, level, leafIndex)
  }
  return { leafIndex, siblings }
}

/** The root that a leaf with this path belongs to. */
export function rootFromPath(leaf: bigint, path: EnrolmentPath): bigint {
  assertIndex(path.leafIndex)
  assert(path.siblings.length === enrolmentDepth, 'a path has one sibling a level')
  return path.siblings.reduce(
    (hash, sibling, level) =>
      bitAt(path.leafIndex, level) ? poseidon2([sibling, hash]) : poseidon2([hash, sibling]),
    leaf,
  )
}

function replace(node: Node, level: number, leafIndex: number, leaf: bigint): Node {
  if (level === 0) {
    return leaf === 0n ? undefined : { hash: leaf, left: undefined, right: undefined }
  }
  const isRight = bitAt(leafIndex, level - 1)
  const left = isRight ? node?.left : replace(node?.left, level - 1, leafIndex, leaf)
  const right = isRight ? replace(node?.right, level - 1, leafIndex, leaf) : node?.right
  if (left === undefined && right === undefined) return undefined
  const hash = poseidon2([hashOf(left, level - 1), hashOf(right, level - 1)])
  return { hash, left, right }
}

function childAt(node: Node, level: number, leafIndex: number): Node {
  return bitAt(leafIndex, level) ? node?.right : node?.left
}

function hashOf(node: Node, level: number): bigint {
  return node === undefined ? emptyHash(level) : node.hash
}

function emptyHash(level: number): bigint {
  const hash = emptyHashes[level]
  assert(hash !== undefined, 'a level lies within the tree')
  return hash
}

function buildEmptyHashes(): readonly bigint[] {
  const hashes = [0n]
  for (let level = 0; level < enrolmentDepth; level += 1) {
    const below = hashes[level] ?? 0n
    hashes.push(poseidon2([below, below]))
  }
  return hashes
}

function bitAt(leafIndex: number, level: number): boolean {
  return ((leafIndex >> level) & 1) === 1
}

function assertIndex(leafIndex: number): void {
  assert(
    Number.isInteger(leafIndex) && leafIndex >= 0 && leafIndex < enrolmentLeavesMax,
    'a leaf index is below 2^20',
  )
}
