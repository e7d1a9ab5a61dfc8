/**
 * Twins (Bano et al., OPODIS 2021; arXiv 2004.10617): a faulty seat is two correct nodes with one
 * key. With changing partitions they equivocate in every way that correct code can.
 */
import { equivocate } from '../adversary/equivocate.ts'
import type { Instance } from '../node/instance.ts'
import type { Simulation } from '../simulation.ts'
import { Judge, faultyOf, simulate, type Outcome, type Scenario, type Setting } from './scenario.ts'

/** Twin nodes of the faulty validators; their ids follow those of the first nodes. */
function addTwins(sim: Simulation, faulty: readonly number[]): void {
  for (const validator of faulty) sim.addInstance(validator)
}

const twins: Scenario = {
  name: 'twins',
  about: 'F seats run twice behind partitions that change every second',
  run: (setting): Outcome => {
    const faulty = Array.from({ length: faultyOf(setting) }, (_none, seat) => seat)
    const sim = simulate(setting, { byzantine: faulty })
    addTwins(sim, faulty)
    let second = -1
    let groups: readonly number[] = []
    const open = sim.isLinked
    sim.isLinked = (from: Instance, to: Instance) => {
      const now = Math.floor(sim.elapsedMs / 1000)
      if (now !== second) {
        second = now
        const parts = 1 + sim.random.below(3)
        groups = sim.instances.map(() => sim.random.below(parts))
      }
      return groups[from.id] === groups[to.id]
    }
    sim.run(30_000)
    sim.isLinked = open
    const before = sim.leastHeight(faulty)
    sim.run(30_000)
    return new Judge(sim)
      .fact('named', sim.oracle.convicted.size)
      .expect(sim.leastHeight(faulty) > before, 'no finality after the partitions ended')
      .outcome()
  },
}

/** Just enough faulty seats that two quorums share no honest one: 2q − n. */
function forking(setting: Setting): { readonly byzantine: number[]; readonly quorum: number } {
  const quorum = simulate(setting).instances[0]?.env.quorumPower ?? 0
  const count = 2 * quorum - setting.seats
  return { byzantine: Array.from({ length: count }, (_none, seat) => seat), quorum }
}

const fork: Scenario = {
  name: 'byzantine-fork',
  about: '2q − n seats run twice, one on each side of a cut: a fork, detected, its culprits named',
  run: (setting): Outcome => {
    const { byzantine, quorum } = forking(setting)
    const sim = simulate(setting, { byzantine })
    addTwins(sim, byzantine)
    const count = byzantine.length
    const half = count + (setting.seats - count) / 2
    const sideOf = ({ id, validator }: Instance): number => {
      if (validator < count) return id < setting.seats ? 0 : 1
      return validator < half ? 0 : 1
    }
    const open = sim.isLinked
    sim.isLinked = (from, to) => sideOf(from) === sideOf(to)
    sim.run(5000)
    sim.isLinked = open
    sim.run(20_000)
    const alarmed = new Set(sim.oracle.alarms.map(({ node }) => node))
    const culprits = new Set([...sim.oracle.convicted.keys(), ...sim.oracle.named])
    return new Judge(sim)
      .fact('byzantine', count)
      .fact('named', culprits.size)
      .fact('nodesAlarmed', alarmed.size)
      .expect(sim.oracle.forked, 'there was no fork: this run shows nothing')
      .expect(alarmed.size > 0, 'no node raised the alarm (FORK-1)')
      .expect(culprits.size >= 2 * quorum - setting.seats, 'too few culprits were named')
      .outcome({ mayFork: true })
  },
}

const oneTooMany: Scenario = {
  name: 'byzantine-f-plus-1',
  about: 'F + 1 seats tell two halves two stories: what they sign twice is detected and named',
  run: (setting): Outcome => {
    const byzantine = Array.from({ length: faultyOf(setting) + 1 }, (_none, seat) => seat)
    const sim = simulate(setting, { byzantine })
    const isSecondSide = (validator: number): boolean => validator % 2 === 0
    const told = new Map<number, number>()
    sim.filter = equivocate(sim, {
      byzantine: new Set(byzantine),
      isSecondSide,
      votesTwice: true,
      told,
    })
    sim.run(30_000)
    // Both halves have to meet before anybody can know.
    const untilUs = sim.queue.nowUs - 5_000_000
    const liars = [...told].filter(([, atUs]) => atUs < untilUs).map(([liar]) => liar)
    const { quorum } = forking(setting)
    const mayFork = byzantine.length >= 2 * quorum - setting.seats
    return new Judge(sim)
      .fact('byzantine', byzantine.length)
      .fact('liars', liars.length)
      .expect(liars.length > 0, 'nobody told two stories: this run shows nothing')
      .named(liars)
      .outcome({ mayFork })
  },
}

export const twinScenarios: readonly Scenario[] = [twins, oneTooMany, fork]
