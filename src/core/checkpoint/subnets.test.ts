import { describe, expect, it } from 'vitest'
import { aggregatorsOf, subnetCountOf, subnetsOf } from './subnets.ts'
import { hollowVoter, setOf, upTo } from './testVoters.fixture.ts'

const seed = { beacon: new Uint8Array(32).fill(5), number: 3 }

describe('CKPT-1: subnets', () => {
  it.each([
    [1, 1],
    [4, 1],
    [511, 1],
    [512, 64],
    [10_000, 64],
  ])('%d voters are %d', (voters, subnets) => {
    expect(subnetCountOf(voters)).toBe(subnets)
    const drawn = subnetsOf(voters, seed)
    expect(drawn).toHaveLength(subnets)
    const sizes = drawn.map(({ length }) => length)
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
    expect(drawn.flat().toSorted((a, b) => a - b)).toEqual(upTo(voters))
  })

  it('are others for another beacon or number, and the same for the same', () => {
    expect(subnetsOf(600, seed)).toEqual(subnetsOf(600, { ...seed }))
    expect(subnetsOf(600, { ...seed, number: 4 })).not.toEqual(subnetsOf(600, seed))
    const beacon = seed.beacon.with(31, 6)
    expect(subnetsOf(600, { ...seed, beacon })).not.toEqual(subnetsOf(600, seed))
  })

  it('put a voter anywhere alike', () => {
    const counts = new Array<number>(8).fill(0)
    const layout = { subnets: 8, subnetAggregators: 8 }
    for (let number = 0; number < 800; number += 1) {
      const place = subnetsOf(64, { ...seed, number }, layout).findIndex((list) => list.includes(0))
      counts[place] = (counts[place] ?? 0) + 1
    }
    // χ² of 7 degrees: above 29.9 once in 10,000 seeds; this one is fixed.
    const chi = counts.reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0)
    expect(chi).toBeLessThan(29.9)
  })
})

describe('CKPT-1: aggregators', () => {
  const set = setOf(upTo(100).map((id) => hollowVoter(id, id < 10 ? 9_000n : 1_000n)))

  it('are eight members, each once, or all of a small subnet', () => {
    const members = upTo(100).filter((index) => index % 3 === 0)
    const drawn = aggregatorsOf(set, members, seed)
    expect(drawn).toHaveLength(8)
    expect(new Set(drawn).size).toBe(8)
    expect(drawn.every((index) => members.includes(index))).toBe(true)
    expect(aggregatorsOf(set, members.toReversed(), seed)).toEqual(drawn)
    expect(aggregatorsOf(set, [7, 3], seed).toSorted()).toEqual([3, 7])
  })

  it('come by their stake: half of it is first half of the time', () => {
    let first = 0
    for (let number = 0; number < 1_000; number += 1) {
      first += (aggregatorsOf(set, upTo(100), { ...seed, number })[0] ?? 0) < 10 ? 1 : 0
    }
    // Ten voters hold half: mean 500, standard deviation 15.8.
    expect(Math.abs(first - 500)).toBeLessThan(64)
  })
})
