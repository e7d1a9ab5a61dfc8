import { describe, expect, it } from 'vitest'
import { scenarios } from '../../../sim/scenarios/all.ts'
import { Simulation } from '../../../sim/simulation.ts'
import { timesWith } from '../../../sim/options.ts'

const short = timesWith({ blockIntervalMs: 150 })

function failuresOf(name: string, seats: number, seed = 1): readonly string[] {
  const scenario = scenarios.find((one) => one.name === name)
  if (scenario === undefined) throw new Error(`no scenario ${name}`)
  return scenario.run({ seed, seats }).failures
}

describe('BFT-1 to BFT-7: seats finalise one chain', () => {
  it('21 seats over ten regions', () => {
    const sim = new Simulation({ seats: 21, seed: 1, times: short })
    sim.run(8000)
    sim.oracle.finish()
    expect(sim.oracle.violations).toEqual([])
    expect(sim.oracle.alarms).toEqual([])
    expect(sim.leastHeight()).toBeGreaterThan(20)
  })

  it('21 seats of which F are gone (BFT-5)', () => {
    const sim = new Simulation({ seats: 21, seed: 3, times: short })
    for (let index = 0; index < 6; index += 1) sim.crash(index)
    sim.run(12_000)
    sim.oracle.finish()
    expect(sim.oracle.violations).toEqual([])
    expect(sim.leastHeight([0, 1, 2, 3, 4, 5])).toBeGreaterThan(5)
  })

  it('weighted seats count in power (BFT-11)', () => {
    const sim = new Simulation({ seats: 6, seed: 4, powers: [3, 3, 1, 1, 1, 1], times: short })
    sim.run(5000)
    expect(sim.oracle.violations).toEqual([])
    expect(sim.leastHeight()).toBeGreaterThan(5)
    // W = 10, F = 3, q = 7: three seats of six are gone, and 7 is left.
    const gone = [2, 3, 4]
    for (const index of gone) sim.crash(index)
    const before = sim.leastHeight(gone)
    sim.run(20_000)
    expect(sim.leastHeight(gone)).toBeGreaterThan(before)
    sim.crash(5)
    // What is on its way may still become final.
    sim.run(1000)
    const stopped = sim.leastHeight([...gone, 5])
    sim.run(10_000)
    expect(sim.leastHeight([...gone, 5])).toBe(stopped)
    expect(sim.oracle.violations).toEqual([])
  })
})

describe('BFT-8 and BFT-9: what was cut heals', () => {
  it('one seat more than F gone: nothing is final until it returns', () => {
    expect(failuresOf('quorum-lost', 4)).toEqual([])
  })

  it('two halves of seven, and back within 30 s', () => {
    expect(failuresOf('partition-11-10', 7)).toEqual([])
  })
})

describe('BFT-10: crash and restart from the record', () => {
  it('all seats crash at once, at random moments, and go on without equivocation', () => {
    expect(failuresOf('mass-crash', 4)).toEqual([])
  })

  it('a seat with an older record abstains, and the others go on', () => {
    expect(failuresOf('amnesia', 4)).toEqual([])
  })
})

describe('EPOCH-2: the boundary closes the epoch', () => {
  it('ten epochs, committees drawn anew each time', () => {
    expect(failuresOf('hand-over', 4)).toEqual([])
  })
})

describe('FORK-1: more Byzantine seats than two quorums may share', () => {
  it('the fork is detected, and everyone who signed both sides is named', () => {
    expect(failuresOf('byzantine-fork', 4)).toEqual([])
    expect(failuresOf('byzantine-fork', 6)).toEqual([])
  })
})

describe('DET-1: the same seed gives the same run', () => {
  it('input by input and effect by effect; another seed gives another one', () => {
    const digests = [10, 10, 11].map((seed) => {
      const sim = new Simulation({ seats: 4, seed, times: short })
      sim.run(3000)
      expect(sim.leastHeight()).toBeGreaterThan(5)
      return sim.audit.digest()
    })
    expect(digests[0]).toBe(digests[1])
    expect(digests[0]).not.toBe(digests[2])
  })
})
