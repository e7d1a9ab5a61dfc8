import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compareBytes, hex } from '../../core/base/bytes.ts'
import { applyPacked, packChanges, sortedLeaves, type Leaves } from './fileStoreLeaves.ts'

const changes = fc.array(
  fc.record({
    key: fc.uint8Array({ minLength: 1, maxLength: 2 }),
    value: fc.option(fc.uint8Array({ maxLength: 300 }), { nil: undefined }),
  }),
  { maxLength: 20 },
)

it('packed changes leave what the changes say, in the order of keys', () => {
  fc.assert(
    fc.property(fc.array(changes, { maxLength: 4 }), (all) => {
      const leaves: Leaves = new Map()
      const model = new Map<string, { readonly key: Uint8Array; readonly value: Uint8Array }>()
      for (const list of all) {
        const packed = packChanges(list)
        for (const { key, value } of list) {
          if (value === undefined) model.delete(hex(key))
          else model.set(hex(key), { key: key.slice(), value: value.slice() })
          // The caller's own again.
          key.fill(0)
        }
        applyPacked(leaves, packed)
      }
      const expected = [...model.values()].sort((left, right) => compareBytes(left.key, right.key))
      expect(sortedLeaves(leaves)).toEqual(expected)
    }),
  )
})
