import { describe, expect, it } from 'vitest'
import { checkQuality } from './quality.ts'
import { checkWindow, isIrregular, isJump, jumpsOf } from './window.ts'

/** 61 beats of which so many couples jump, their sums kept. */
function ticksWith(count: number): readonly number[] {
  const ticks = Array.from({ length: 61 }, () => 1000)
  for (let couple = 0; couple < count; couple += 1) ticks.splice(4 * couple, 2, 1110, 890)
  return ticks
}

describe('HRV-3 jumps', () => {
  it('are differences above a fifth of the mean, either way', () => {
    expect(isJump([1100, 900])).toBe(false)
    expect(isJump([1101, 900])).toBe(true)
    expect(isJump([900, 1100])).toBe(false)
    expect(isJump([900, 1101])).toBe(true)
    expect(jumpsOf([1000, 1000, 1300, 1000])).toEqual([false, true, true])
    expect(jumpsOf([1000])).toEqual([])
  })

  it('are too many above 15 % of the neighbours, whether marked or not', () => {
    expect(isIrregular(ticksWith(9))).toBe(false)
    expect(isIrregular(ticksWith(10))).toBe(true)
    for (const marked of [false, true]) {
      const marks = ticksWith(10).map((_, index) => marked && index < 8)
      const window = { ticks: ticksWith(10), marks, firstOffsetTicks: 220 }
      expect(checkWindow(window)).toEqual({
        ok: false,
        error: { code: 'WINDOW_IRREGULAR', jumpCount: 10 },
      })
      expect(checkQuality(window).reasons).toContain('IRREGULAR_RHYTHM')
      expect(checkWindow({ ...window, ticks: ticksWith(9) }).ok).toBe(true)
    }
  })
})
