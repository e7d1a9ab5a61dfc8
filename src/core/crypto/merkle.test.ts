import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hex } from '../base/bytes.ts'
import { merkleProve, merkleRoot, merkleVerify, receiptTree, transactionTree } from './merkle.ts'

const lists = fc.array(fc.uint8Array({ maxLength: 3 }), { maxLength: 20 })

describe('STATE-1 ordered Merkle tree', () => {
  it('proves every item at its place and at no other', () => {
    fc.assert(
      fc.property(lists, fc.nat(), (items, seed) => {
        const root = merkleRoot(transactionTree, items)
        for (const [index, item] of items.entries()) {
          const proof = merkleProve(transactionTree, items, index)
          expect(merkleVerify(transactionTree, root, item, proof)).toBe(true)
          expect(merkleVerify(receiptTree, root, item, proof)).toBe(false)
          const place = seed % (items.length + 1)
          if (place !== index) {
            const moved = { ...proof, index: place }
            const claim = merkleVerify(transactionTree, root, item, moved)
            expect(claim && hex(items[place] ?? Uint8Array.of(9, 9, 9, 9)) !== hex(item)).toBe(
              false,
            )
          }
          const counted = { ...proof, count: items.length + 1 }
          expect(merkleVerify(transactionTree, root, item, counted)).toBe(false)
        }
      }),
    )
  })

  it('gives two lists one root only when they are equal', () => {
    fc.assert(
      fc.property(lists, lists, (first, second) => {
        const isSame = JSON.stringify(first) === JSON.stringify(second)
        const left = hex(merkleRoot(transactionTree, first))
        expect(left === hex(merkleRoot(transactionTree, second))).toBe(isSame)
      }),
    )
  })

  it('takes no proof of a place that there is not, nor with a sibling more or less', () => {
    const items = [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)]
    const [item = new Uint8Array(0)] = items
    const root = merkleRoot(transactionTree, items)
    const proof = merkleProve(transactionTree, items, 0)
    const { siblings } = proof
    expect(merkleVerify(transactionTree, root, item, proof)).toBe(true)
    for (const change of [
      { index: -1 },
      { index: 0.5 },
      { index: Number.NaN },
      { index: 3 },
      { count: 2.5 },
      { count: 2 ** 32 },
      { count: Number.POSITIVE_INFINITY },
      { siblings: [...siblings, new Uint8Array(32)] },
      { siblings: siblings.slice(1) },
      { siblings: [] },
      { siblings: siblings.map((one) => one.slice(1)) },
    ]) {
      expect(merkleVerify(transactionTree, root, item, { ...proof, ...change })).toBe(false)
    }
  })

  it('does not take an inner node for a leaf', () => {
    const items = [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)]
    const root = merkleRoot(transactionTree, items)
    const proof = merkleProve(transactionTree, items, 2)
    const inner = proof.siblings[0] ?? new Uint8Array(0)
    expect(merkleVerify(transactionTree, root, inner, { index: 0, count: 2, siblings: [] })).toBe(
      false,
    )
    expect(merkleVerify(transactionTree, root, inner, { ...proof, index: 0, count: 2 })).toBe(false)
  })
})
