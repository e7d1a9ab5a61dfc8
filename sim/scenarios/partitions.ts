/** Cuts of the network (NET-8): no fork meanwhile, finality back within 30 s after (BFT-9). */
import type { Instance } from '../node/instance.ts'
import type { Simulation } from '../simulation.ts'
import { Judge, simulate, type Scenario } from './scenario.ts'

type Linked = (from: number, to: number, sim: Simulation) => boolean

interface Cut {
  readonly linked: Linked
  /** The links stay as they are while the cut lasts. */
  readonly isSteady: boolean
}

const healMs = 30_000
const cutMs = 20_000

/** What was sent before the cut still arrives, and may make a block final. */
const settleMs = 2000

/** Seats whose messages reach a seat, itself among them, directly or passed on. */
function reaching(
  seat: number,
  all: readonly number[],
  linked: (from: number, to: number) => boolean,
) {
  const found = new Set([seat])
  for (const known of found) {
    for (const other of all) if (linked(other, known)) found.add(other)
  }
  return [...found]
}

/**
 * While the cut lasts: a seat that no quorum of votes reaches, nor anybody who could tell it of
 * one, has no final block; where a quorum hears each other blocks go on.
 */
function judgeDuring(judge: Judge, sim: Simulation, linked: (from: number, to: number) => boolean) {
  const quorum = sim.instances[0]?.env.quorumPower ?? 0
  const all = sim.instances.map(({ validator }) => validator)
  const heard = all.map((seat) => all.filter((from) => from === seat || linked(from, seat)))
  const before = sim.instances.map(({ final }) => final.length)
  sim.run(cutMs - settleMs)
  const during = sim.instances.map(({ final }, seat) => final.length - (before[seat] ?? 0))
  const mutual = (seat: number): readonly number[] =>
    all.filter((other) => other === seat || (linked(seat, other) && linked(other, seat)))
  let [alone, together] = [0, 0]
  for (const seat of all) {
    const blocks = during[seat] ?? 0
    const sources = reaching(seat, all, linked)
    if (sources.every((source) => (heard[source]?.length ?? 0) < quorum)) {
      alone += 1
      judge.expect(blocks === 0, `seat ${String(seat)}: ${String(blocks)} blocks without a quorum`)
    }
    const side = mutual(seat)
    const isClique = side.every((one) => side.every((two) => one === two || linked(one, two)))
    if (side.length >= quorum && isClique) {
      together += 1
      judge.expect(blocks >= 4, `seat ${String(seat)}: ${String(blocks)} blocks with a quorum`)
    }
  }
  judge.fact('aloneSeats', alone).fact('quorumSeats', together)
}

function cut(name: string, about: string, cutIn: (seats: number) => Cut): Scenario {
  return {
    name,
    about: `${about}; finality is back within 30 s of healing`,
    run: (setting) => {
      const sim = simulate(setting)
      const judge = new Judge(sim)
      const { linked, isSteady } = cutIn(setting.seats)
      sim.run(3000 + sim.random.below(2000))
      const between = sim.isLinked
      sim.isLinked = (from: Instance, to: Instance) => linked(from.validator, to.validator, sim)
      sim.run(settleMs)
      if (isSteady) judgeDuring(judge, sim, (from, to) => linked(from, to, sim))
      else sim.run(cutMs - settleMs)
      sim.isLinked = between
      const before = sim.leastHeight()
      const healedMs = sim.elapsedMs
      while (sim.leastHeight() <= before && sim.elapsedMs < healedMs + healMs) sim.run(100)
      const backMs = sim.elapsedMs - healedMs
      const isBack = sim.leastHeight() > before
      sim.run(5000)
      return judge
        .fact('backMs', backMs)
        .expect(isBack, 'no finality at every seat within 30 s of healing')
        .nobodyNamed()
        .outcome()
    },
  }
}

/** Two sides; the first has this share of the seats. */
const sides =
  (share: number) =>
  (seats: number): Cut => {
    const edge = Math.round(seats * share)
    return { linked: (from, to) => from < edge === to < edge, isSteady: true }
  }

const threeWay = (seats: number): Cut => {
  const sideOf = (seat: number): number => Math.floor((seat * 3) / seats)
  return { linked: (from, to) => sideOf(from) === sideOf(to), isSteady: true }
}

/** Two halves that only the last seat reaches. */
const bridge = (seats: number): Cut => {
  const { linked: half } = sides(0.5)(seats)
  const linked: Linked = (from, to, sim) =>
    from === seats - 1 || to === seats - 1 || half(from, to, sim)
  return { linked, isSteady: true }
}

/** The first third hears everyone, and nobody else hears it. */
const asymmetric = (seats: number): Cut => ({
  linked: (from, to) => from >= seats / 3 || to < seats / 3,
  isSteady: true,
})

/** Open for a second, closed for two. */
const flapping = (seats: number): Cut => {
  const { linked: half } = sides(0.5)(seats)
  const linked: Linked = (from, to, sim) =>
    Math.floor(sim.elapsedMs / 1000) % 3 === 0 || half(from, to, sim)
  return { linked, isSteady: false }
}

export const partitionScenarios: readonly Scenario[] = [
  cut('partition-14-7', 'a third is cut off', sides(2 / 3)),
  cut('partition-11-10', 'two halves', sides(0.52)),
  cut('partition-three-way', 'three thirds', threeWay),
  cut('partition-bridge', 'two halves and one seat that reaches both', bridge),
  cut('partition-asymmetric', 'a third is not heard', asymmetric),
  cut('partition-flapping', 'two halves that meet for a second in three', flapping),
]
