import { describe, expect, it } from 'vitest'
import { hasCoresFor } from './cores.ts'

describe('ZK-12 the cores that two threads take', () => {
  it('are three, unless two threads are forced', () => {
    expect([1, 2, 3, 8].map((cores) => hasCoresFor('measured', cores))).toEqual([
      false,
      false,
      true,
      true,
    ])
    expect(hasCoresFor('forced', 1)).toBe(true)
  })
})
