import { describe, expect, it } from 'vitest'
import { quietMs, Settling, settlingMsMax, type Round } from './settling.ts'

const round = (live: readonly string[], change: Partial<Round> = {}): Round => {
  return { height: 7, behindBlocks: 0, candidates: 4, live, ...change }
}

describe('RECOVER-1: how long npm run restart asks who is there', () => {
  it('not a moment longer when everybody is', () => {
    const settling = new Settling()
    expect(settling.isOver(round(['a', 'b', 'c']), 0)).toBe(false)
    expect(settling.isOver(round(['a', 'b', 'c', 'd']), 1)).toBe(true)
  })

  it('until nobody was added or lost for a while', () => {
    const settling = new Settling()
    expect(settling.isOver(round(['a', 'b']), 0)).toBe(false)
    expect(settling.isOver(round(['b', 'a']), quietMs - 1)).toBe(false)
    expect(settling.isOver(round(['a', 'b', 'c']), quietMs)).toBe(false)
    expect(settling.isOver(round(['a', 'b', 'c']), 2 * quietMs - 1)).toBe(false)
    expect(settling.isOver(round(['c', 'b', 'a']), 2 * quietMs)).toBe(true)
  })

  it('anew when the chain moved', () => {
    const settling = new Settling()
    expect(settling.isOver(round(['a', 'b']), 0)).toBe(false)
    expect(settling.isOver(round(['a', 'b'], { height: 8 }), quietMs)).toBe(false)
    expect(settling.isOver(round(['a', 'b'], { height: 8 }), 2 * quietMs)).toBe(true)
  })

  it('longer while they are too few, and not for ever', () => {
    const settling = new Settling()
    expect(settling.isOver(round(['a']), 1000)).toBe(false)
    expect(settling.isOver(round(['a']), 999 + settlingMsMax)).toBe(false)
    expect(settling.isOver(round(['a']), 1000 + settlingMsMax)).toBe(true)
  })

  it('as long as it catches up, or nobody answers', () => {
    const settling = new Settling()
    for (const behindBlocks of [Infinity, 500, 3]) {
      const behind = round(['a', 'b', 'c', 'd'], { behindBlocks })
      expect(settling.isOver(behind, 2 * settlingMsMax)).toBe(false)
    }
    expect(settling.isOver(round([]), 3 * settlingMsMax)).toBe(false)
    expect(settling.isOver(round([]), 4 * settlingMsMax)).toBe(true)
  })

  it('ends on a chain that goes on, whose peers are a block ahead now and then', () => {
    const settling = new Settling()
    for (let second = 0; second < 20; second += 1) {
      const behindBlocks = second % 2
      const here = round(['a', 'b'], { height: second, behindBlocks })
      expect(settling.isOver(here, 1000 * second)).toBe(false)
    }
    expect(settling.isOver(round(['a', 'b'], { height: 20 }), settlingMsMax)).toBe(true)
  })
})
