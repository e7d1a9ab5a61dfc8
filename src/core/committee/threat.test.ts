import { describe, expect, it } from 'vitest'
import { strongPowerOf, threatLevel } from './threat.ts'

describe('BFT-12: the threat level sets how many seats make a block strong', () => {
  it('without evidence a final block of 21 seats is strong at once', () => {
    expect(threatLevel(0, 6)).toBe(0)
    expect(strongPowerOf({ totalPower: 21, quorumPower: 15, threat: 0 })).toBe(15)
    expect(strongPowerOf({ totalPower: 4, quorumPower: 3, threat: 0 })).toBe(3)
  })

  it('rises to 82 % when F + 1 seats were convicted, and no further', () => {
    expect(threatLevel(7, 6)).toBe(10_000)
    expect(threatLevel(70, 6)).toBe(10_000)
    expect(strongPowerOf({ totalPower: 21, quorumPower: 15, threat: 10_000 })).toBe(18)
    expect(strongPowerOf({ totalPower: 4, quorumPower: 3, threat: 10_000 })).toBe(4)
  })

  it('never falls, never is below the quorum or above the committee', () => {
    for (let totalPower = 1; totalPower <= 63; totalPower += 1) {
      const faulty = Math.floor((totalPower - 1) / 3)
      const quorumPower = totalPower - faulty
      let before = 0
      for (let convicted = 0; convicted <= faulty + 2; convicted += 1) {
        const threat = threatLevel(convicted, faulty)
        const power = strongPowerOf({ totalPower, quorumPower, threat })
        expect(power).toBeGreaterThanOrEqual(Math.max(before, quorumPower))
        expect(power).toBeLessThanOrEqual(totalPower)
        before = power
      }
    }
  })
})
