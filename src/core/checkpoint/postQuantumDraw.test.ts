import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkpointProtocol } from './parameters.ts'
import { postQuantumDraw } from './postQuantumDraw.ts'
import { hollowVoter, setOf, upTo } from './testVoters.fixture.ts'

const { postQuantumDraws: draws, postQuantumThreshold: threshold } = checkpointProtocol
const seedOf = (number: number) => ({ beacon: new Uint8Array(32).fill(8), number })

/** 3^128 · P(X ≥ least) for 128 draws that hit with a chance of hits/3, exactly. */
function tail(least: number, hits: bigint): bigint {
  let choose = 1n
  let sum = 0n
  for (let k = 0; k <= draws; k += 1) {
    if (k >= least) sum += choose * hits ** BigInt(k) * (3n - hits) ** BigInt(draws - k)
    choose = (choose * BigInt(draws - k)) / BigInt(k + 1)
  }
  return sum
}
const all = 3n ** BigInt(draws)

describe('CKPT-1: the threshold of ML-DSA-87', () => {
  it('is the least that a third of the stake reaches less than once in 2^30', () => {
    expect(tail(0, 1n)).toBe(all)
    expect(tail(threshold, 1n) << 30n < all).toBe(true)
    expect(tail(threshold - 1, 1n) << 30n < all).toBe(false)
  })

  it('is missed by 2/3 of the stake in one draw of twenty', () => {
    const missed = all - tail(threshold, 2n)
    expect(missed * 20n > all).toBe(true)
    expect(missed * 19n < all).toBe(true)
  })
})

describe('CKPT-1: the draw of units', () => {
  it('gives 128 of them, ascending, the same for the same seed', () => {
    const stakes = fc.array(fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }), {
      minLength: 1,
      maxLength: 200,
    })
    fc.assert(
      fc.property(stakes, fc.nat(), (list, number) => {
        const set = setOf(list.map((stake, id) => hollowVoter(id, stake < 128n ? 128n : stake)))
        const drawn = postQuantumDraw(set, seedOf(number))
        expect([...drawn.values()].reduce((sum, units) => sum + units, 0)).toBe(draws)
        const indices = [...drawn.keys()]
        expect(indices).toEqual(indices.toSorted((a, b) => a - b))
        for (const [index, units] of drawn) {
          expect(units).toBeGreaterThan(0)
          expect(BigInt(units) <= set.voters[index]!.stakeMicro).toBe(true)
        }
        expect(postQuantumDraw(set, seedOf(number))).toEqual(drawn)
      }),
      { numRuns: 40 },
    )
  })

  it('never takes a unit twice: who has 128 in all has drawn every one', () => {
    const set = setOf([100n, 20n, 7n, 1n].map((stake, id) => hollowVoter(id, stake)))
    expect([...postQuantumDraw(set, seedOf(1))]).toEqual([
      [0, 100],
      [1, 20],
      [2, 7],
      [3, 1],
    ])
  })

  it('goes by stake however it is split: a third stays far from the threshold', () => {
    // Ten voters hold two thirds, 5,000 accounts one third. Of 128 voters drawn without replacement
    // these would have 118 places.
    const dust = upTo(5_000).map((id) => hollowVoter(id + 10, 1_000n))
    const set = setOf([...upTo(10).map((id) => hollowVoter(id, 1_000_000n)), ...dust])
    let sum = 0
    for (let number = 0; number < 100; number += 1) {
      const drawn = postQuantumDraw(set, seedOf(number))
      const units = [...drawn].reduce((count, [at, share]) => count + (at >= 10 ? share : 0), 0)
      expect(units).toBeLessThan(threshold)
      sum += units
    }
    // Mean 42.7 of 128, standard deviation of the mean of a hundred 0.53.
    expect(Math.abs(sum / 100 - 128 / 3)).toBeLessThan(2.2)
  })
})
