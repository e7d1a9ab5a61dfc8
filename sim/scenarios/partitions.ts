/** Cuts of the network (NET-8): no fork meanwhile, finality back within 30 s after (BFT-9). */
import type { Instance } from '../node/instance.ts'
import type { Simulation } from '../simulation.ts'
import { Judge, simulate, type Scenario } from './scenario.ts'

type Linked = (from: number, to: number, sim: Simulation) => boolean

const healMs = 30_000

function cut(name: string, about: string, linkedIn: (seats: number) => Linked): Scenario {
  return {
    name,
    about: `${about}; finality is back within 30 s of healing`,
    run: (setting) => {
      const sim = simulate(setting)
      const linked = linkedIn(setting.seats)
      sim.run(3000 + sim.random.below(2000))
      const between = sim.isLinked
      sim.isLinked = (from: Instance, to: Instance) => linked(from.validator, to.validator, sim)
      sim.run(20_000)
      sim.isLinked = between
      const before = sim.leastHeight()
      const healedMs = sim.elapsedMs
      while (sim.leastHeight() <= before && sim.elapsedMs < healedMs + healMs) sim.run(100)
      const backMs = sim.elapsedMs - healedMs
      const isBack = sim.leastHeight() > before
      sim.run(5000)
      return new Judge(sim)
        .fact('backMs', backMs)
        .expect(isBack, 'no finality at every seat within 30 s of healing')
        .outcome()
    },
  }
}

/** Two sides; the first has this share of the seats. */
const sides =
  (share: number) =>
  (seats: number): Linked => {
    const edge = Math.round(seats * share)
    return (from, to) => from < edge === to < edge
  }

const threeWay = (seats: number): Linked => {
  const sideOf = (seat: number): number => Math.floor((seat * 3) / seats)
  return (from, to) => sideOf(from) === sideOf(to)
}

/** Two halves that only the last seat reaches. */
const bridge = (seats: number): Linked => {
  const half = sides(0.5)(seats)
  return (from, to, sim) => from === seats - 1 || to === seats - 1 || half(from, to, sim)
}

/** The first third hears everyone, and nobody hears it. */
const asymmetric =
  (seats: number): Linked =>
  (from, to) =>
    from >= seats / 3 || to < seats / 3

/** Open for a second, closed for two. */
const flapping = (seats: number): Linked => {
  const half = sides(0.5)(seats)
  return (from, to, sim) => Math.floor(sim.elapsedMs / 1000) % 3 === 0 || half(from, to, sim)
}

export const partitionScenarios: readonly Scenario[] = [
  cut('partition-14-7', 'a third is cut off', sides(2 / 3)),
  cut('partition-11-10', 'two halves', sides(0.52)),
  cut('partition-three-way', 'three thirds', threeWay),
  cut('partition-bridge', 'two halves and one seat that reaches both', bridge),
  cut('partition-asymmetric', 'a third is not heard', asymmetric),
  cut('partition-flapping', 'two halves that meet for a second in three', flapping),
]
