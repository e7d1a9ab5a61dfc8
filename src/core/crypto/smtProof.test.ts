import { describe, expect, it } from 'vitest'
import type { StateProof } from '../codec/state.ts'
import { smtBranchHash, smtEmptyRoot, smtLeafHash, smtRoot, smtSet, smtValueHash } from './smt.ts'
import { smtProve, smtVerify } from './smtProof.ts'

/**
 * Proofs that a liar makes, each under a root that fits it: only the rule itself refuses them, not
 * the hash.
 */
const none = new Uint8Array(0)
const key = new Uint8Array(32)
const value = Uint8Array.of(7)
const valueHash = smtValueHash(value)
const far = new Uint8Array(32).fill(0x80)
const near = new Uint8Array(32)
near[31] = 1

/** At the root itself: no sibling, nothing in the way. */
const bare: StateProof = {
  depth: 0,
  present: none,
  siblings: [],
  otherKey: none,
  otherValueHash: none,
}

/** An end that lies so deep below empty siblings, and the root that it gives on `key`'s path. */
function belowNothing(end: Uint8Array, depth: number): { root: Uint8Array; proof: StateProof } {
  let root = end
  for (let level = 0; level < depth; level += 1) root = smtBranchHash(root, smtEmptyRoot)
  return { root, proof: { ...bare, depth, present: new Uint8Array(Math.ceil(depth / 8)) } }
}

describe('STATE-1: a proof that fits its root and breaks a rule proves nothing', () => {
  it('the rules leave what is right: a leaf, and another leaf in the way', () => {
    const leaf = smtLeafHash(key, valueHash)
    expect(smtVerify(leaf, key, value, bare)).toBe(true)
    const inTheWay = { ...bare, otherKey: key, otherValueHash: valueHash }
    expect(smtVerify(leaf, near, undefined, inTheWay)).toBe(true)
    expect(smtVerify(leaf, far, undefined, inTheWay)).toBe(true)
    expect(smtVerify(smtEmptyRoot, key, undefined, bare)).toBe(true)
  })

  it('no leaf is in the way of itself: what is there is never shown to be absent', () => {
    const tree = smtSet(smtSet(undefined, key, value), far, value)
    const proof = { ...smtProve(tree, key), otherKey: key, otherValueHash: valueHash }
    expect(smtVerify(smtRoot(tree), key, undefined, proof)).toBe(false)
    expect(smtVerify(smtRoot(tree), key, value, smtProve(tree, key))).toBe(true)
  })

  it('a leaf in the way lies on the path of the key that it stands for', () => {
    const root = smtBranchHash(smtLeafHash(far, valueHash), smtEmptyRoot)
    const proof = { ...bare, depth: 1, present: new Uint8Array(1) }
    const other = { otherKey: far, otherValueHash: valueHash }
    expect(smtVerify(root, key, undefined, { ...proof, ...other })).toBe(false)
    const fits = smtBranchHash(smtLeafHash(near, valueHash), smtEmptyRoot)
    const placed = { otherKey: near, otherValueHash: valueHash }
    expect(smtVerify(fits, key, undefined, { ...proof, ...placed })).toBe(true)
  })

  it('a leaf in the way has a key and a hash of the right length, both or none', () => {
    for (const [otherKey, otherValueHash] of [
      [far, none],
      [none, valueHash],
      [far.subarray(1), valueHash],
      [far, valueHash.subarray(1)],
      [far.subarray(1), valueHash.subarray(1)],
    ] as const) {
      const proof = { ...bare, otherKey, otherValueHash }
      const leaf = smtLeafHash(otherKey, otherValueHash)
      expect(smtVerify(leaf, key, undefined, proof)).toBe(false)
      expect(smtVerify(smtEmptyRoot, key, undefined, proof)).toBe(false)
      expect(smtVerify(smtLeafHash(key, valueHash), key, value, proof)).toBe(false)
    }
  })

  it('a key has 256 bits, and a path no more', () => {
    for (const odd of [key.subarray(1), new Uint8Array(33)]) {
      expect(smtVerify(smtLeafHash(odd, valueHash), odd, value, bare)).toBe(false)
      expect(smtVerify(smtEmptyRoot, odd, undefined, bare)).toBe(false)
    }
    const longest = belowNothing(smtLeafHash(key, valueHash), 256)
    expect(smtVerify(longest.root, key, value, longest.proof)).toBe(true)
    const longer = belowNothing(smtLeafHash(key, valueHash), 257)
    expect(smtVerify(longer.root, key, value, longer.proof)).toBe(false)
  })

  it('a sibling is a digest', () => {
    const leaf = smtLeafHash(key, valueHash)
    for (const sibling of [none, new Uint8Array(31).fill(1), new Uint8Array(33).fill(1)]) {
      const proof = { ...bare, depth: 1, present: Uint8Array.of(1), siblings: [sibling] }
      expect(smtVerify(smtBranchHash(leaf, sibling), key, value, proof)).toBe(false)
    }
  })
})
