import { describe, expect, it } from 'vitest'
import { createBoundedCache } from './boundedCache.ts'

describe('DET-1: a cache that only saves work', () => {
  it('forgets the least recently used entry', () => {
    const cache = createBoundedCache<number>(2)
    cache.set('a', 1)
    cache.set('b', 2)
    expect(cache.get('a')).toBe(1)
    cache.set('c', 3)
    expect(cache.get('b')).toBeUndefined()
    expect(cache.get('a')).toBe(1)
    expect(cache.get('c')).toBe(3)
  })

  it('replaces an entry without losing another', () => {
    const cache = createBoundedCache<number>(2)
    cache.set('a', 1)
    cache.set('b', 2)
    cache.set('b', 3)
    expect(cache.get('a')).toBe(1)
    expect(cache.get('b')).toBe(3)
  })
})
