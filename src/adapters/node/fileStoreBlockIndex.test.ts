import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BlockIndex, type BlockPlace } from './fileStoreBlockIndex.ts'

const place = (file: number, offset: number, mark: number): BlockPlace => ({
  file,
  position: { offset, length: offset + 7 },
  ordinal: offset % 3,
  hash: Uint8Array.of(0, 0, 0, 0, 0, mark, ...new Uint8Array(26).fill(offset % 256)),
})

const heights = fc.nat(200)
const steps = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('put' as const),
      height: heights,
      file: fc.nat(3),
      offset: fc.nat(),
      mark: fc.nat(3),
    }),
    fc.record({
      do: fc.constant('remove' as const),
      heights: fc.array(heights, { size: 'max', maxLength: 150 }),
    }),
    fc.record({ do: fc.constant('drop' as const), file: fc.nat(3) }),
    fc.record({ do: fc.constant('below' as const), height: heights }),
  ),
  { maxLength: 250, size: 'max' },
)

describe('SYNC-3: where the blocks of the file store lie', () => {
  it('has nothing at first, and nothing that was forgotten', () => {
    const index = new BlockIndex()
    expect([index.get(0), index.heights(), index.heightsFrom(0, 9)]).toEqual([undefined, [], []])
    index.put(0, place(1, 5, 1))
    index.remove(() => true)
    expect([index.get(0), index.heights(), index.firstFile]).toEqual([undefined, [], undefined])
    expect(index.heightsLike(place(1, 5, 1).hash)).toEqual([])
  })

  it('is what a map by height says, in any order of what comes and goes', () => {
    fc.assert(
      fc.property(steps, heights, fc.nat(50), (list, least, count) => {
        const index = new BlockIndex()
        const map = new Map<number, BlockPlace>()
        for (const step of list) {
          if (step.do === 'put') {
            const one = place(step.file, step.offset, step.mark)
            index.put(step.height, one)
            map.set(step.height, one)
          } else if (step.do === 'below') {
            index.removeBelow(step.height)
            for (const height of map.keys()) if (height < step.height) map.delete(height)
          } else {
            const isGone = (height: number, file: number): boolean =>
              step.do === 'drop' ? file === step.file : step.heights.includes(height)
            index.remove(isGone)
            for (const [height, { file }] of map) if (isGone(height, file)) map.delete(height)
          }
        }
        const held = [...map.keys()].sort((left, right) => left - right)
        expect(index.heights()).toEqual(held)
        const above = held.filter((height) => height >= least)
        expect(index.heightsFrom(least, count)).toEqual(above.slice(0, count))
        for (const [height, { hash, ...rest }] of map) {
          expect(index.get(height)).toEqual(rest)
          const alike = held.filter((other) => map.get(other)?.hash[5] === hash[5])
          expect(index.heightsLike(hash)).toEqual(alike)
        }
        expect(index.firstFile).toBe(map.get(held[0] ?? -1)?.file)
        expect(index.get(201)).toBeUndefined()
      }),
    )
  })
})
