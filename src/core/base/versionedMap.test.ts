import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VersionedMap } from './versionedMap.ts'

interface Value {
  readonly number: number
}

/** Writes to any version made so far, or looks at one: a tree of versions, not a line. */
const steps = fc.array(
  fc.record({
    version: fc.nat(),
    key: fc.constantFrom('a', 'b', 'c', 'd'),
    kind: fc.constantFrom('read', 'write', 'writeTwo'),
  }),
  { maxLength: 60 },
)

describe('STATE-1 versions of a map', () => {
  it('all say what copies would say, in whatever order they are asked', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const versions = [VersionedMap.empty<Value>()]
        const copies = [new Map<string, Value>()]
        for (const [number, { version, key, kind }] of list.entries()) {
          const at = version % versions.length
          const map = versions[at] as VersionedMap<Value>
          const copy = copies[at] as Map<string, Value>
          expect(map.get(key)).toBe(copy.get(key))
          if (kind === 'read') continue
          const value = { number }
          const other = { number: -number }
          if (kind === 'write') {
            versions.push(map.set(key, value))
            copies.push(new Map(copy).set(key, value))
          } else {
            versions.push(map.setAll([key, 'e'], [value, other]))
            copies.push(new Map(copy).set(key, value).set('e', other))
          }
        }
        for (const [at, map] of versions.entries()) {
          expect(new Set(map.values())).toEqual(new Set(copies[at]?.values()))
        }
      }),
      { numRuns: 300 },
    )
  })

  it('keep what was noted in an old version apart from what a newer one says', () => {
    const old = VersionedMap.empty<Value>()
    const changed = { number: 2 }
    const found = { number: 1 }
    const newer = old.set('a', changed)
    expect(old.get('a')).toBe(undefined)
    old.note('a', found)
    expect(newer.get('a')).toBe(changed)
    expect(old.get('a')).toBe(found)
    expect(newer.get('a')).toBe(changed)
  })
})
