import { describe, expect, it } from 'vitest'
import { RefusedCounters } from './refusedCounters.ts'

describe('NET-5: what is refused is counted by code', () => {
  it('under its code, in alphabetical order', () => {
    const counters = new RefusedCounters()
    for (const code of ['TX_FEE', 'MESSAGE_MALFORMED', 'TX_FEE']) counters.count(code)
    expect(Object.entries(counters.totals())).toEqual([
      ['MESSAGE_MALFORMED', 1],
      ['TX_FEE', 2],
    ])
  })

  it('and under one more for what is no code of this program, however much of it there is', () => {
    const counters = new RefusedCounters()
    const odd = ['', 'a sync answer', 'CODE', 'A_"}\n', `A_${'B'.repeat(60)}`, '__proto__']
    for (const text of odd) expect(counters.count(text)).toBe('OTHER')
    for (let index = 0; index < 1000; index += 1) counters.count(`CODE_${String(index)}`)
    const totals = counters.totals()
    expect(Object.keys(totals).length).toBeLessThanOrEqual(129)
    const sum = Object.values(totals).reduce((left, right) => left + right, 0)
    expect(sum).toBe(1000 + odd.length)
  })
})
