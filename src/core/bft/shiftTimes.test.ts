import { describe, expect, it } from 'vitest'
import { at, Bench } from '../../../test/sim/bench4.ts'
import { timeOf } from '../types/ids.ts'
import { shiftTimes } from './shiftTimes.ts'

describe('BFT-10: the times of the agreement follow a clock that is set', () => {
  const { state } = new Bench(3)
  const later = { ...state, enteredAtMs: at(5), lastProgressAtMs: at(6), missingAtMs: at(7) }

  it('all of them by as much, and nothing else', () => {
    const shifted = shiftTimes(later, -1000)
    expect(shifted).toEqual({
      ...later,
      enteredAtMs: at(-995),
      lastProgressAtMs: at(-994),
      lastStandstillAtMs: timeOf(Math.max(0, later.lastStandstillAtMs - 1000)),
      missingAtMs: at(-993),
    })
    expect(shiftTimes({ ...later, missingAtMs: undefined }, 1000).missingAtMs).toBeUndefined()
  })

  it('none below zero, however far the clock went back', () => {
    const { enteredAtMs, missingAtMs } = shiftTimes(later, -Number.MAX_SAFE_INTEGER)
    expect([enteredAtMs, missingAtMs]).toEqual([0, 0])
  })
})
