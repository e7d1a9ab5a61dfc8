import { blake3 } from '@noble/hashes/blake3.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hex } from '../base/bytes.ts'
import { hashContexts } from './hash.ts'
import { smtDelete, smtGet, smtLeaves, smtRoot, smtSet, type SmtTree } from './smt.ts'
import { smtUpdate, type SmtWrite } from './smtUpdate.ts'

/** Few and close keys, so that paths are shared and leaves stand in each other's way. */
const closeKeys = fc
  .tuple(fc.constantFrom(0, 1, 2, 0x80), fc.constantFrom(0, 1, 3), fc.constantFrom(0, 1, 0xff))
  .map(([first, second, last]) => {
    const key = new Uint8Array(32)
    key[0] = first
    key[1] = second
    key[31] = last
    return key
  })
const keys = fc.oneof(closeKeys, fc.uint8Array({ minLength: 32, maxLength: 32 }))
const values = fc.option(fc.uint8Array({ maxLength: 4 }), { nil: undefined })
/** One batch: each key once, a third of the writes remove. */
const batches = fc.uniqueArray(fc.record({ key: keys, value: values }), {
  maxLength: 30,
  selector: ({ key }) => hex(key),
})
const rounds = fc.array(batches, { minLength: 1, maxLength: 4 })

function oneByOne(tree: SmtTree, batch: readonly SmtWrite[]): SmtTree {
  return batch.reduce<SmtTree>(
    (sum, { key, value }) => (value === undefined ? smtDelete(sum, key) : smtSet(sum, key, value)),
    tree,
  )
}

interface ModelLeaf {
  readonly key: string
  /** The key bit by bit. */
  readonly bits: string
  readonly value: Uint8Array
}

const bytesOf = (key: string): Uint8Array => Uint8Array.from(Buffer.from(key, 'hex'))

function digestOf(use: 'smtLeaf' | 'smtNode', ...parts: readonly Uint8Array[]): Uint8Array {
  return blake3(Buffer.concat(parts), { context: Buffer.from(hashContexts[use]) })
}

/** STATE-1 as it is written: over all leaves below a place, bit by bit, with nothing of smt.ts. */
function referenceRoot(list: readonly ModelLeaf[], depth = 0): Uint8Array {
  const [first] = list
  if (first === undefined) return new Uint8Array(32)
  if (list.length === 1) {
    const value = digestOf('smtLeaf', Uint8Array.of(0), first.value)
    return digestOf('smtLeaf', Uint8Array.of(1), bytesOf(first.key), value)
  }
  const [left, right] = ['0', '1'].map((bit) => list.filter(({ bits }) => bits[depth] === bit))
  const below = [left, right].map((side) => referenceRoot(side ?? [], depth + 1))
  return digestOf('smtNode', ...below)
}

function modelLeaf([key, value]: readonly [string, Uint8Array]): ModelLeaf {
  const bits = [...bytesOf(key)].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return { key, bits, value }
}

describe('STATE-1 many writes at once', () => {
  it('give the tree of the same writes one by one, and the root that the rule says', () => {
    fc.assert(
      fc.property(rounds, (list) => {
        const model = new Map<string, Uint8Array>()
        let single: SmtTree
        let tree: SmtTree
        for (const batch of list) {
          single = oneByOne(single, batch)
          tree = smtUpdate(tree, batch)
          for (const { key, value } of batch) {
            if (value === undefined) model.delete(hex(key))
            else model.set(hex(key), value)
          }
          expect(hex(smtRoot(tree))).toBe(hex(smtRoot(single)))
          expect(hex(smtRoot(tree))).toBe(hex(referenceRoot([...model].map(modelLeaf))))
        }
        expect(smtLeaves(tree).map(({ key, value }) => [hex(key), value])).toEqual(
          [...model].sort(([left], [right]) => (left < right ? -1 : 1)),
        )
      }),
      { numRuns: 40 },
    )
  })

  it('do not depend on their order', () => {
    fc.assert(
      fc.property(batches, batches, (first, second) => {
        const before = smtUpdate(undefined, first)
        const root = smtRoot(smtUpdate(before, second))
        expect(smtRoot(smtUpdate(before, [...second].reverse()))).toEqual(root)
      }),
    )
  })

  it('leave the tree before as it was, and the list of writes', () => {
    fc.assert(
      fc.property(batches, batches, (first, second) => {
        const before = smtUpdate(undefined, first)
        const leaves = smtLeaves(before)
        const root = hex(smtRoot(before))
        const given = [...second]
        smtUpdate(before, second)
        expect(second).toEqual(given)
        expect(smtLeaves(before)).toEqual(leaves)
        expect(hex(smtRoot(smtUpdate(undefined, first)))).toBe(root)
      }),
    )
  })

  it('give the same tree when they change nothing', () => {
    fc.assert(
      fc.property(batches, keys, (batch, other) => {
        const tree = smtUpdate(undefined, batch)
        const again = smtLeaves(tree).map(({ key, value }) => ({ key, value: value.slice() }))
        expect(smtUpdate(tree, again)).toBe(tree)
        expect(smtUpdate(tree, [])).toBe(tree)
        if (smtGet(tree, other) !== undefined) return
        expect(smtUpdate(tree, [{ key: other, value: undefined }])).toBe(tree)
      }),
    )
  })

  it('name each key once', () => {
    const key = new Uint8Array(32)
    const twice = [1, 2].map((byte) => ({ key, value: Uint8Array.of(byte) }))
    expect(() => smtUpdate(undefined, twice)).toThrow('each key is written once')
  })
})
