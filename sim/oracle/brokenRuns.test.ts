/** Whole runs in which one rule is broken on the way: the oracle names it. */
import { expect, it } from 'vitest'
import { SafetyRecord } from '../../src/core/codec/chain.ts'
import { equivocate } from '../adversary/equivocate.ts'
import { Simulation } from '../simulation.ts'

const shape = { seed: 3, seats: 4 }

function violationsOf(breakIt: (sim: Simulation) => void): readonly string[] {
  const sim = new Simulation(shape)
  breakIt(sim)
  sim.run(8000)
  sim.oracle.finish()
  return sim.oracle.violations
}

it('a run in which nothing is broken', () => {
  expect(violationsOf(() => undefined)).toEqual([])
})

it('BFT-10: a store that forgets what it was given', () => {
  const violations = violationsOf((sim) => {
    const { durable } = sim
    sim.durable = (instance, record) => {
      if (instance.id !== 1) durable.call(sim, instance, record)
    }
  })
  expect(
    violations.some((text) => /^BFT-10: node 1 sent .* before it was durable$/.test(text)),
  ).toBe(true)
})

it('BFT-10: a seat that goes on from an old record without asking anybody', () => {
  const violations = violationsOf((sim) => {
    sim.run(1500)
    const [node] = sim.instances
    if (node?.record === undefined) throw new Error('the seat has a record by now')
    const { record } = node
    sim.run(3000)
    // Alone in a view that it has left, it waits for its leader in vain.
    sim.isLinked = (from, to) => from !== node && to !== node
    node.begin(node.env, SafetyRecord.decode(record))
    node.state = { ...node.state, mode: { type: 'active' } }
  })
  expect(violations.some((text) => /^BFT-5: node 0 sent COMMIT and SKIP/.test(text))).toBe(true)
})

it('BFT-11: a quorum of two among four', () => {
  const violations = violationsOf((sim) => {
    for (const node of sim.instances) node.env = { ...node.env, quorumPower: 2 }
  })
  expect(violations.some((text) => /certificate without quorum/.test(text))).toBe(true)
})

it('a seat that the scenario does not call Byzantine and that tells two stories', () => {
  const violations = violationsOf((sim) => {
    const byzantine = new Set([0])
    const isSecondSide = (seat: number): boolean => seat > 1
    sim.filter = equivocate(sim, { byzantine, isSecondSide, votesTwice: true })
  })
  expect(violations).toContain('E1_DOUBLE_PROPOSE against honest node 0')
})
