import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareBytes, equalBytes } from '../base/bytes.ts'
import type { StateChunk, StateLeaf } from '../codec/light.ts'
import { smtLeaves, smtRoot, smtSet, type SmtTree } from './smt.ts'
import { smtProveRange, smtVerifyRange, type VerifiedRange } from './smtRange.ts'

/** Far and close keys, so that edges are long and leaves stand alone beside them. */
const keys = fc
  .tuple(fc.nat(255), fc.constantFrom(0, 1, 3, 0x80), fc.constantFrom(0, 1, 0xff))
  .map(([first, second, last]) => {
    const key = new Uint8Array(32)
    key[0] = first
    key[1] = second
    key[31] = last
    return key
  })
const trees = fc
  .array(fc.tuple(keys, fc.uint8Array({ minLength: 1, maxLength: 5 })), {
    minLength: 1,
    maxLength: 40,
  })
  .map((list) => list.reduce<SmtTree>((tree, [key, value]) => smtSet(tree, key, value), undefined))

/** The whole tree in ranges, as an importer walks through it. */
function walk(tree: SmtTree, sizeBytesMax: number): readonly StateChunk[] {
  const chunks: StateChunk[] = []
  let after: Uint8Array | undefined
  for (;;) {
    const chunk = smtProveRange(tree, after, sizeBytesMax)
    if (chunk === undefined) throw new Error('there are leaves above')
    const verified = smtVerifyRange(smtRoot(tree), after, chunk)
    if (verified === undefined) throw new Error('a chunk proves itself')
    chunks.push(chunk)
    if (verified.isEnd) return chunks
    after = verified.lastKey
  }
}

const plain = ({ key, value }: StateLeaf): StateLeaf => ({ key, value })

describe('SYNC-1, STATE-1 range proofs', () => {
  it('walk through every leaf once, in the order of keys, each chunk proven alone', () => {
    fc.assert(
      fc.property(trees, fc.integer({ min: 1, max: 400 }), (tree, sizeBytesMax) => {
        const chunks = walk(tree, sizeBytesMax)
        const leaves = chunks.flatMap((chunk) => chunk.leaves)
        expect(leaves.map(plain)).toEqual(smtLeaves(tree).map(plain))
        for (const { leaves: own } of chunks) {
          const size = own.reduce((sum, { key, value }) => sum + key.length + value.length, 0)
          expect(own.length === 1 || size <= sizeBytesMax).toBe(true)
          const next = leaves[leaves.indexOf(own[own.length - 1]!) + 1]
          const nextBytes = next === undefined ? 0 : next.key.length + next.value.length
          expect(next === undefined || size + nextBytes > sizeBytesMax).toBe(true)
        }
      }),
    )
  })

  it('a chunk with a leaf left out, added, changed or moved proves nothing', () => {
    fc.assert(
      fc.property(
        trees,
        keys,
        fc.nat(),
        fc.integer({ min: 1, max: 300 }),
        (tree, key, pick, size) => {
          const chunks = walk(tree, size)
          const at = pick % chunks.length
          const chunk = chunks[at]
          const after = at === 0 ? undefined : chunks[at - 1]?.leaves.at(-1)?.key
          if (chunk === undefined) throw new Error('the walk has chunks')
          const { leaves } = chunk
          const holds = (other: StateChunk, from = after): VerifiedRange | undefined =>
            smtVerifyRange(smtRoot(tree), from, other)
          const one = pick % leaves.length
          const leftOut = leaves.filter((_, index) => index !== one)
          expect(holds({ ...chunk, leaves: leftOut })).toBeUndefined()
          const changed = leaves.map((leaf, index) =>
            index === one ? { ...leaf, value: Uint8Array.of(...leaf.value, 1) } : leaf,
          )
          expect(holds({ ...chunk, leaves: changed })).toBeUndefined()
          if (leaves.every((leaf) => !equalBytes(leaf.key, key))) {
            const moved = leaves.map((leaf, index) => (index === one ? { ...leaf, key } : leaf))
            expect(holds({ ...chunk, leaves: moved })).toBeUndefined()
            const added = [...leaves, { key, value: Uint8Array.of(1) }]
            const sorted = added.toSorted((left, right) => compareBytes(left.key, right.key))
            expect(holds({ ...chunk, leaves: sorted })).toBeUndefined()
            if (after === undefined || !equalBytes(after, key)) {
              expect(holds(chunk, key)).toBeUndefined()
            }
          }
          expect(holds({ ...chunk, leaves: [] })).toBeUndefined()
        },
      ),
    )
  })

  it('a chunk for another root, with other edges or other depths proves nothing', () => {
    fc.assert(
      fc.property(trees, fc.nat(), (tree, pick) => {
        const chunks = walk(tree, 100)
        const at = pick % chunks.length
        const chunk = chunks[at]
        const after = at === 0 ? undefined : chunks[at - 1]?.leaves.at(-1)?.key
        if (chunk === undefined) throw new Error('the walk has chunks')
        const holds = (change: Partial<StateChunk>): boolean =>
          smtVerifyRange(smtRoot(tree), after, { ...chunk, ...change }) !== undefined
        expect(smtVerifyRange(new Uint8Array(32), after, chunk)).toBeUndefined()
        const { left, right, lastDepth, afterDepth, afterValueHash } = chunk
        const spare = new Uint8Array(32).fill(7)
        expect(holds({ lastDepth: lastDepth + 1 })).toBe(false)
        expect(holds({ lastDepth: 0xffff_ffff })).toBe(false)
        expect(holds({ afterDepth: afterDepth + 1 })).toBe(false)
        expect(holds({ left: [...left, spare] })).toBe(false)
        expect(holds({ right: [...right, new Uint8Array(0)] })).toBe(false)
        expect(holds({ left: left.map(() => spare.slice(1)) })).toBe(left.length === 0)
        const gone = right.filter((hash) => hash.length > 0).length
        expect(holds({ right: right.map(() => new Uint8Array(0)) })).toBe(gone === 0)
        expect(holds({ afterValueHash: spare })).toBe(false)
        expect(holds({ afterValueHash: afterValueHash.slice(1) })).toBe(after === undefined)
      }),
    )
  })

  it('a leaf that hides behind the one below the range proves nothing', () => {
    const at = (...bytes: readonly number[]): Uint8Array => {
      const key = new Uint8Array(32)
      key.set(bytes)
      return key
    }
    const value = Uint8Array.of(1)
    const after = at(0x40)
    const tree = [after, at(0x60), at(0x90), at(0xc0)].reduce<SmtTree>(
      (sum, key) => smtSet(sum, key, value),
      undefined,
    )
    const holds = (chunk: StateChunk): boolean =>
      smtVerifyRange(smtRoot(tree), after, chunk) !== undefined
    for (const sizeBytesMax of [1, 1000]) {
      const chunk = smtProveRange(tree, after, sizeBytesMax)!
      expect(holds(chunk)).toBe(true)
      const hidden = { key: at(0x40, 1), value }
      expect(holds({ ...chunk, leaves: [hidden, ...chunk.leaves] })).toBe(false)
      expect(holds({ ...chunk, leaves: [{ key: after, value }, ...chunk.leaves] })).toBe(false)
    }
  })

  it('a leaf that is shown twice proves nothing, wherever it stands', () => {
    fc.assert(
      fc.property(trees, fc.nat(), (tree, pick) => {
        const [chunk] = walk(tree, 10_000)
        const { leaves } = chunk!
        const one = pick % leaves.length
        const twice = leaves.toSpliced(one, 0, leaves[one]!)
        expect(smtVerifyRange(smtRoot(tree), undefined, { ...chunk!, leaves: twice })).toBe(
          undefined,
        )
      }),
    )
  })

  it('nothing is proven above a key without a leaf, or above the last one', () => {
    const key = new Uint8Array(32).fill(9)
    const tree = smtSet(undefined, key, Uint8Array.of(1))
    expect(smtProveRange(tree, new Uint8Array(32), 100)).toBeUndefined()
    expect(smtProveRange(tree, key, 100)).toBeUndefined()
    expect(smtProveRange(undefined, undefined, 100)).toBeUndefined()
    expect(smtProveRange(undefined, key, 100)).toBeUndefined()
    const close = smtSet(tree, key.with(31, 8), Uint8Array.of(1))
    expect(smtProveRange(close, key.with(0, 0xff), 100)).toBeUndefined()
    expect(smtProveRange(close, new Uint8Array(32), 100)).toBeUndefined()
    expect(smtProveRange(close, key.with(31, 8), 100)?.leaves).toHaveLength(1)
    expect(smtProveRange(close, undefined, 66)?.leaves).toHaveLength(2)
    expect(smtProveRange(close, undefined, 65)?.leaves).toHaveLength(1)
    expect(walk(tree, 1)).toHaveLength(1)
  })
})
