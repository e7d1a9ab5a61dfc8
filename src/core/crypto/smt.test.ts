import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hex } from '../base/bytes.ts'
import {
  smtChanges,
  smtDelete,
  smtEmptyRoot,
  smtGet,
  smtLeaves,
  smtRoot,
  smtSet,
  type SmtTree,
} from './smt.ts'
import { smtProve, smtVerify } from './smtProof.ts'

/** Few and close keys, so that paths are shared and leaves stand in each other's way. */
const keys = fc
  .tuple(fc.constantFrom(0, 1, 2, 0x80), fc.constantFrom(0, 1, 3, 0x80), fc.constantFrom(0, 0xff))
  .map(([first, second, last]) => {
    const key = new Uint8Array(32)
    key[0] = first
    key[1] = second
    key[31] = last
    return key
  })
const values = fc.uint8Array({ minLength: 0, maxLength: 4 })
const operations = fc.array(fc.tuple(keys, fc.option(values, { nil: undefined })), {
  maxLength: 40,
})

type Operation = readonly [Uint8Array, Uint8Array | undefined]

function apply(tree: SmtTree, list: readonly Operation[]): SmtTree {
  return list.reduce<SmtTree>(
    (sum, [key, value]) => (value === undefined ? smtDelete(sum, key) : smtSet(sum, key, value)),
    tree,
  )
}

function model(list: readonly Operation[]): Map<string, Uint8Array> {
  const map = new Map<string, Uint8Array>()
  for (const [key, value] of list) {
    if (value === undefined) map.delete(hex(key))
    else map.set(hex(key), value)
  }
  return map
}

describe('STATE-1 sparse Merkle tree', () => {
  it('holds what a map holds, in the order of keys', () => {
    fc.assert(
      fc.property(operations, keys, (list, probe) => {
        const tree = apply(undefined, list)
        const map = model(list)
        expect(smtGet(tree, probe)?.value).toEqual(map.get(hex(probe)))
        const expected = [...map].sort(([left], [right]) => (left < right ? -1 : 1))
        expect(smtLeaves(tree).map((leaf) => [hex(leaf.key), leaf.value])).toEqual(expected)
        const table = expected.filter(([key]) => key.startsWith('01'))
        expect(smtLeaves(tree, 1).map((leaf) => hex(leaf.key))).toEqual(table.map(([key]) => key))
      }),
    )
  })

  it('has a root that depends on the leaves alone, not on how they came', () => {
    fc.assert(
      fc.property(operations, (list) => {
        const map = model(list)
        const direct = apply(
          undefined,
          [...map]
            .reverse()
            .map(([key, value]) => [Uint8Array.from(Buffer.from(key, 'hex')), value]),
        )
        expect(smtRoot(apply(undefined, list))).toEqual(smtRoot(direct))
        if (map.size === 0) expect(smtRoot(apply(undefined, list))).toEqual(smtEmptyRoot)
      }),
    )
  })

  it('has another root for other leaves', () => {
    fc.assert(
      fc.property(operations, operations, (first, second) => {
        const isSame =
          JSON.stringify([...model(first)].sort()) === JSON.stringify([...model(second)].sort())
        const left = hex(smtRoot(apply(undefined, first)))
        expect(left === hex(smtRoot(apply(undefined, second)))).toBe(isSame)
      }),
    )
  })

  it('keeps the old tree when a new one is made', () => {
    fc.assert(
      fc.property(operations, operations, (first, second) => {
        const old = apply(undefined, first)
        apply(old, second)
        expect(smtLeaves(old).map((leaf) => hex(leaf.key))).toEqual([...model(first).keys()].sort())
      }),
    )
  })

  it('lists exactly the changes', () => {
    fc.assert(
      fc.property(operations, operations, (first, second) => {
        const before = apply(undefined, first)
        const after = apply(before, second)
        const changes = smtChanges(before, after)
        const again = apply(
          before,
          changes.map((change) => [change.key, change.value]),
        )
        expect(smtRoot(again)).toEqual(smtRoot(after))
        for (const change of changes) {
          expect(smtGet(before, change.key)?.value).not.toEqual(smtGet(after, change.key)?.value)
        }
        const ofTable = changes.filter(({ key }) => key[0] === 1)
        expect(smtChanges(before, after, 1)).toEqual(ofTable)
      }),
    )
  })

  it('lists what is gone before what came, where a leaf gives way to others', () => {
    const tree = (...firsts: readonly number[]): SmtTree =>
      apply(
        undefined,
        firsts.map((first) => [new Uint8Array(32).fill(first), Uint8Array.of(first)]),
      )
    const listed = (before: SmtTree, after: SmtTree): unknown =>
      smtChanges(before, after).map(({ key, value }) => [key[0], value?.[0]])
    expect(listed(tree(1), tree(2, 3))).toEqual([
      [1, undefined],
      [2, 2],
      [3, 3],
    ])
    expect(listed(tree(2, 3), tree(1))).toEqual([
      [1, 1],
      [2, undefined],
      [3, undefined],
    ])
    expect(listed(tree(2, 3), undefined)).toEqual([
      [2, undefined],
      [3, undefined],
    ])
    expect(listed(tree(2), tree(1, 2, 3))).toEqual([
      [1, 1],
      [3, 3],
    ])
  })

  it('does not look into what two trees share', () => {
    const shared: SmtTree = {
      kind: 'branch',
      digest: undefined,
      get left(): SmtTree {
        throw new Error('looked into')
      },
      get right(): SmtTree {
        throw new Error('looked into')
      },
    }
    const key = new Uint8Array(32).fill(255)
    const over = (value: number): SmtTree => ({
      kind: 'branch',
      digest: undefined,
      left: shared,
      right: smtSet(undefined, key, Uint8Array.of(value)),
    })
    const changes = smtChanges(over(1), over(2))
    expect(changes.map((change) => [change.key, change.value])).toEqual([[key, Uint8Array.of(2)]])
  })

  it('stays itself when what is deleted is not there', () => {
    fc.assert(
      fc.property(operations, keys, (list, key) => {
        const tree = apply(undefined, list)
        const isThere = smtGet(tree, key) !== undefined
        expect(smtDelete(tree, key) === tree).toBe(!isThere)
      }),
    )
  })
})

describe('STATE-1 proofs', () => {
  it('show what is there and what is not, and nothing else', () => {
    fc.assert(
      fc.property(operations, keys, values, (list, probe, other) => {
        const tree = apply(undefined, list)
        const root = smtRoot(tree)
        const value = smtGet(tree, probe)?.value
        const proof = smtProve(tree, probe)
        expect(smtVerify(root, probe, value, proof)).toBe(true)
        expect(smtVerify(root, probe, value === undefined ? other : undefined, proof)).toBe(false)
        const isSame = value !== undefined && hex(value) === hex(other)
        expect(smtVerify(root, probe, other, proof)).toBe(isSame)
      }),
    )
  })

  it('fail when any byte of them or of the root differs', () => {
    fc.assert(
      fc.property(operations, keys, fc.nat(), (list, probe, seed) => {
        const tree = apply(undefined, list)
        const value = smtGet(tree, probe)?.value
        const proof = smtProve(tree, probe)
        const root = smtRoot(tree).slice()
        root[seed % 32] = (root[seed % 32] ?? 0) ^ 1
        expect(smtVerify(root, probe, value, proof)).toBe(false)
        for (const [index, sibling] of proof.siblings.entries()) {
          const changed = sibling.slice()
          changed[seed % 32] = (changed[seed % 32] ?? 0) ^ 1
          const siblings = proof.siblings.with(index, changed)
          expect(smtVerify(smtRoot(tree), probe, value, { ...proof, siblings })).toBe(false)
        }
      }),
    )
  })

  it('have one form', () => {
    const tree = apply(undefined, [
      [new Uint8Array(32), Uint8Array.of(1)],
      [new Uint8Array(32).fill(255), Uint8Array.of(2)],
    ])
    const key = new Uint8Array(32)
    const proof = smtProve(tree, key)
    const root = smtRoot(tree)
    const value = Uint8Array.of(1)
    expect(smtVerify(root, key, value, proof)).toBe(true)
    const extra = new Uint8Array(32)
    for (const bad of [
      { ...proof, siblings: [...proof.siblings, extra] },
      { ...proof, siblings: [] },
      { ...proof, present: Uint8Array.of(3) },
      { ...proof, present: Uint8Array.of(1, 0) },
      { ...proof, depth: 300 },
      { ...proof, otherKey: extra, otherValueHash: extra },
    ]) {
      expect(smtVerify(root, key, value, bad)).toBe(false)
    }
  })
})
