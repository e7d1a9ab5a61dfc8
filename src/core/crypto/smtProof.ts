/**
 * Proofs of inclusion and of absence in the state tree (STATE-1), checked against a root alone.
 *
 * Siblings run from the root down; empty ones are left out and marked in a bitmap. A proof of
 * absence ends at an empty place, or at another leaf in the way, which then stands in the proof.
 */
import { equalBytes } from '../base/bytes.ts'
import type { StateProof } from '../codec/state.ts'
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

export function smtProve(tree: SmtTree, key: Uint8Array): StateProof {
  const siblings: Uint8Array[] = []
  const marks: boolean[] = []
  let node = tree
  for (let depth = 0; node?.kind === 'branch'; depth += 1) {
    const goesLeft = smtBit(key, depth) === 0
    const sibling = goesLeft ? node.right : node.left
    marks.push(sibling !== undefined)
    if (sibling !== undefined) siblings.push(smtRoot(sibling))
    node = goesLeft ? node.left : node.right
  }
  const present = new Uint8Array(Math.ceil(marks.length / 8))
  marks.forEach((mark, depth) => {
    if (mark) present[depth >> 3] = (present[depth >> 3] ?? 0) | (1 << (depth & 7))
  })
  const other = node !== undefined && !equalBytes(node.key, key) ? node : undefined
  return {
    depth: marks.length,
    present,
    siblings,
    otherKey: other?.key ?? none,
    otherValueHash: other === undefined ? none : smtValueHash(other.value),
  }
}

/** Whether the tree of `root` holds `value` at `key`, or nothing when `value` is undefined. */
export function smtVerify(
  root: Uint8Array,
  key: Uint8Array,
  value: Uint8Array | undefined,
  proof: StateProof,
): boolean {
  if (key.length !== smtKeyBytes) return false
  const siblings = siblingsOf(proof)
  const end = siblings === undefined ? undefined : endHash(key, value, proof)
  if (siblings === undefined || end === undefined) return false
  let digest = end
  for (let depth = siblings.length - 1; depth >= 0; depth -= 1) {
    const sibling = siblings[depth] ?? smtEmptyRoot
    digest =
      smtBit(key, depth) === 0 ? smtBranchHash(digest, sibling) : smtBranchHash(sibling, digest)
  }
  return equalBytes(digest, root)
}

function siblingsOf(proof: StateProof): readonly Uint8Array[] | undefined {
  if (proof.depth > depthMax || proof.present.length !== Math.ceil(proof.depth / 8)) {
    return undefined
  }
  const full: Uint8Array[] = []
  let next = 0
  for (let bit = 0; bit < 8 * proof.present.length; bit += 1) {
    const isPresent = (((proof.present[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1
    if (bit >= proof.depth) {
      if (isPresent) return undefined
      continue
    }
    const sibling = isPresent ? proof.siblings[next] : smtEmptyRoot
    if (sibling?.length !== hashBytes) return undefined
    if (isPresent) next += 1
    full.push(sibling)
  }
  return next === proof.siblings.length ? full : undefined
}

/** Hash of what stands at the end of the path. */
function endHash(
  key: Uint8Array,
  value: Uint8Array | undefined,
  proof: StateProof,
): Uint8Array | undefined {
  const { otherKey, otherValueHash } = proof
  if (value !== undefined) {
    const isPlain = otherKey.length === 0 && otherValueHash.length === 0
    return isPlain ? smtLeafHash(key, smtValueHash(value)) : undefined
  }
  if (otherKey.length === 0 && otherValueHash.length === 0) return smtEmptyRoot
  if (otherKey.length !== smtKeyBytes || otherValueHash.length !== hashBytes) return undefined
  if (equalBytes(otherKey, key)) return undefined
  for (let depth = 0; depth < proof.depth; depth += 1) {
    if (smtBit(otherKey, depth) !== smtBit(key, depth)) return undefined
  }
  return smtLeafHash(otherKey, otherValueHash)
}
