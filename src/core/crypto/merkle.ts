/**
 * Ordered Merkle trees over transactions and receipts (STATE-1), after RFC 6962.
 *
 * Leaves, inner nodes and the root are hashed apart, and the root covers the number of leaves, so
 * no inner node can be shown as a leaf and no two lists share a root. A list is split at the
 * largest power of two below its length; nothing is ever duplicated.
 */
import { assert } from '../base/assert.ts'
import { equalBytes, u32be } from '../base/bytes.ts'
import { hash, hashBytes, type HashDomain } from './hash.ts'

export interface MerkleDomains {
  readonly leaf: HashDomain
  readonly tree: HashDomain
}

export const transactionTree: MerkleDomains = { leaf: 'txLeaf', tree: 'txTree' }
export const receiptTree: MerkleDomains = { leaf: 'receiptLeaf', tree: 'receiptTree' }

export interface MerkleProof {
  readonly index: number
  readonly count: number
  /** From the leaf up. */
  readonly siblings: readonly Uint8Array[]
}

const tagNode = Uint8Array.of(0)
const tagRoot = Uint8Array.of(1)

export function merkleRoot(domains: MerkleDomains, items: readonly Uint8Array[]): Uint8Array {
  return rootHash(domains, items.length, items.length === 0 ? undefined : subtree(domains, items))
}

export function merkleProve(
  domains: MerkleDomains,
  items: readonly Uint8Array[],
  index: number,
): MerkleProof {
  assert(index >= 0 && index < items.length, 'a proof is of an item of the list')
  const siblings: Uint8Array[] = []
  let rest = items
  let position = index
  while (rest.length > 1) {
    const half = splitAt(rest.length)
    const goesLeft = position < half
    siblings.push(subtree(domains, goesLeft ? rest.slice(half) : rest.slice(0, half)))
    rest = goesLeft ? rest.slice(0, half) : rest.slice(half)
    if (!goesLeft) position -= half
  }
  return { index, count: items.length, siblings: siblings.reverse() }
}

export function merkleVerify(
  domains: MerkleDomains,
  root: Uint8Array,
  item: Uint8Array,
  proof: MerkleProof,
): boolean {
  const { index, count, siblings } = proof
  const isPlace = Number.isSafeInteger(count) && Number.isSafeInteger(index)
  if (!isPlace || index < 0 || index >= count || count > 0xffff_ffff) return false
  const turns = turnsTo(index, count)
  if (turns.length !== siblings.length) return false
  let digest = hash(domains.leaf, item)
  for (const [level, goesLeft] of turns.reverse().entries()) {
    const sibling = siblings[level]
    if (sibling?.length !== hashBytes) return false
    digest = goesLeft
      ? hash(domains.tree, tagNode, digest, sibling)
      : hash(domains.tree, tagNode, sibling, digest)
  }
  return equalBytes(rootHash(domains, count, digest), root)
}

/** From the root down: whether each step goes left. */
function turnsTo(index: number, count: number): boolean[] {
  const turns: boolean[] = []
  let size = count
  let position = index
  while (size > 1) {
    const half = splitAt(size)
    const goesLeft = position < half
    turns.push(goesLeft)
    size = goesLeft ? half : size - half
    if (!goesLeft) position -= half
  }
  return turns
}

function subtree(domains: MerkleDomains, items: readonly Uint8Array[]): Uint8Array {
  const only = items[0]
  if (items.length === 1 && only !== undefined) return hash(domains.leaf, only)
  const half = splitAt(items.length)
  return hash(
    domains.tree,
    tagNode,
    subtree(domains, items.slice(0, half)),
    subtree(domains, items.slice(half)),
  )
}

/** The largest power of two below `count`, for counts above one. */
function splitAt(count: number): number {
  let half = 1
  while (2 * half < count) half *= 2
  return half
}

function rootHash(
  domains: MerkleDomains,
  count: number,
  digest: Uint8Array | undefined,
): Uint8Array {
  return hash(domains.tree, tagRoot, u32be(count), digest ?? new Uint8Array(0))
}
