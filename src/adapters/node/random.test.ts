import { describe, expect, it } from 'vitest'
import { nodeRandom } from './random.ts'

describe('RAND-1: the generator of Node', () => {
  it('gives as many fresh bytes as asked for', () => {
    expect(nodeRandom.bytes(0).length).toBe(0)
    const first = nodeRandom.bytes(70_000)
    expect(first.length).toBe(70_000)
    expect(new Set(first).size).toBe(256)
    expect(nodeRandom.bytes(32)).not.toEqual(nodeRandom.bytes(32))
  })
})
