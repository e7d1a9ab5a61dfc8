import { describe, expect, it } from 'vitest'
import { BftNetwork, type NetworkOptions } from '../../../test/sim/bftNetwork.ts'
import { Oracle } from '../../../test/sim/oracle.ts'
import { quorumOf } from '../committee/quorum.ts'

function network(options: NetworkOptions, byzantine: readonly number[] = []): BftNetwork {
  const { quorumPower } = quorumOf(Array.from({ length: options.seats }, () => 1))
  const oracle = new Oracle({ seatCount: options.seats, quorum: quorumPower, byzantine })
  return new BftNetwork(options, oracle)
}

describe('BFT-1 to BFT-7: seats finalise one chain', () => {
  for (const seats of [4, 21]) {
    it(`${String(seats)} seats, a quiet network`, () => {
      const run = network({ seats, seed: 1, blockIntervalMs: seats === 21 ? 150 : 0 })
      run.run(10_000)
      expect(run.oracle.violations).toEqual([])
      expect(run.oracle.alarms).toEqual([])
      expect(run.oracle.leastHeight()).toBeGreaterThan(60)
    })

    it(`${String(seats)} seats, 10 % loss and 5–150 ms`, () => {
      const run = network({
        seats,
        seed: 2,
        lossShare: 0.1,
        delayMs: [5, 150],
        blockIntervalMs: 200,
      })
      run.run(30_000)
      expect(run.oracle.violations).toEqual([])
      expect(run.oracle.leastHeight()).toBeGreaterThan(20)
    })

    it(`${String(seats)} seats, F of them gone, the first leader too (BFT-5)`, () => {
      const run = network({ seats, seed: 3 })
      const gone = Math.floor((seats - 1) / 3)
      for (let index = 0; index < gone; index += 1) run.crash(index)
      run.run(20_000)
      expect(run.oracle.violations).toEqual([])
      const rest = run.nodes.map((_node, index) => index).slice(gone)
      expect(run.oracle.leastHeight(rest)).toBeGreaterThan(20)
    })
  }

  it('one seat more than F gone: nothing is final until it returns (BFT-9)', () => {
    const run = network({ seats: 4, seed: 4 })
    run.run(1000)
    run.crash(0)
    run.crash(1)
    run.run(500)
    const before = run.oracle.finalBlocks
    run.run(20_000)
    expect(run.oracle.finalBlocks).toBe(before)
    run.restart(1)
    run.run(30_000)
    expect(run.oracle.finalBlocks).toBeGreaterThan(before + 5)
    expect(run.oracle.violations).toEqual([])
  })
})

describe('BFT-8: a cut heals', () => {
  it('no finality in a 2/2 cut of 4, then within 30 s of healing', () => {
    const run = network({ seats: 4, seed: 5 })
    run.run(2000)
    run.isLinked = (from, to) => from < 2 === to < 2
    run.run(1000)
    const during = run.oracle.finalBlocks
    run.run(25_000)
    expect(run.oracle.finalBlocks).toBe(during)
    run.isLinked = () => true
    run.run(30_000)
    expect(run.oracle.finalBlocks).toBeGreaterThan(during + 5)
    expect(run.oracle.violations).toEqual([])
  })

  it('a seat that was cut off fetches what it missed', () => {
    const run = network({ seats: 4, seed: 6 })
    run.run(1000)
    run.isLinked = (from, to) => from !== 3 && to !== 3
    run.run(5000)
    run.isLinked = () => true
    run.run(10_000)
    expect(run.oracle.violations).toEqual([])
    expect(run.oracle.leastHeight([0, 1, 2])).toBeGreaterThan(50)
  })
})

describe('BFT-10: crash and restart from the record', () => {
  it('all seats crash at once, at random moments, and go on without equivocation', () => {
    const run = network({ seats: 4, seed: 7, persistMs: 8 })
    for (let round = 0; round < 12; round += 1) {
      run.run(300 + run.random.below(400))
      run.nodes.forEach((_node, index) => {
        run.crash(index)
      })
      run.nodes.forEach((_node, index) => {
        run.restart(index)
      })
    }
    const before = run.oracle.finalBlocks
    run.run(10_000)
    expect(run.oracle.violations).toEqual([])
    expect(run.oracle.finalBlocks).toBeGreaterThan(before)
  })

  it('a seat with an older record abstains, and the others go on', () => {
    const run = network({ seats: 4, seed: 8 })
    run.run(500)
    const old = run.nodes[2]?.record
    run.run(400)
    run.crash(2)
    run.restart(2, old)
    run.run(5000)
    expect(run.oracle.violations).toEqual([])
    expect(run.oracle.finalBlocks).toBeGreaterThan(20)
  })
})

describe('EPOCH-2: the boundary closes the epoch', () => {
  it('every seat closes with the same boundary', () => {
    const run = network({ seats: 4, seed: 9, boundaryAtMs: 3000, blockIntervalMs: 500 })
    run.run(8000)
    expect(run.oracle.violations).toEqual([])
    expect(run.oracle.closed.size).toBe(4)
    const last = run.oracle.chain.get(run.oracle.leastHeight())
    expect(last?.by.size).toBe(4)
  })
})

describe('DET-1: the same seed gives the same run', () => {
  it('final chains are equal', () => {
    const chains = [1, 2].map(() => {
      const run = network({ seats: 4, seed: 10, lossShare: 0.05 })
      run.run(5000)
      return [...run.oracle.chain.values()].map((block) => block.key)
    })
    expect(chains[0]).toEqual(chains[1])
    expect(chains[0]?.length).toBeGreaterThan(20)
  })
})
