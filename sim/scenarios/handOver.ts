/** The edge of two epochs (EPOCH-2): one boundary, one next committee, whatever is cut. */
import { Judge, simulate, type Scenario } from './scenario.ts'

/** Six-second epochs, so that a run sees many of them. */
const short = { epochMs: 6000, boundaryMs: 4000 }

const handOver: Scenario = {
  name: 'hand-over',
  about: 'committees drawn anew from twice as many nodes, epoch after epoch',
  run: (setting) => {
    const sim = simulate(setting, { ...short, validators: setting.seats * 2 })
    sim.run(60_000)
    const epoch = Math.min(...sim.instances.map(({ env }) => env.epoch))
    return new Judge(sim)
      .fact('epochs', epoch)
      .expect(epoch >= 7, `only ${String(epoch)} epochs in a minute`)
      .outcome()
  },
}

const partitioned: Scenario = {
  name: 'partition-at-hand-over',
  about: 'a cut through both committees while they hand over; one chain, and back within 30 s',
  run: (setting) => {
    const sim = simulate(setting, { ...short, validators: setting.seats * 2 })
    const open = sim.isLinked
    for (let round = 0; round < 3; round += 1) {
      const inEpoch = sim.elapsedMs % 6000
      sim.run(((3200 - inEpoch + 6000) % 6000) + sim.random.below(1200))
      const sides = sim.instances.map(() => sim.random.below(2))
      sim.isLinked = (from, to) => sides[from.id] === sides[to.id]
      sim.run(6000)
      sim.isLinked = open
      const before = sim.leastHeight()
      const healedMs = sim.elapsedMs
      while (sim.leastHeight() <= before && sim.elapsedMs < healedMs + 30_000) sim.run(200)
      if (sim.leastHeight() <= before) break
    }
    const before = sim.leastHeight()
    sim.run(10_000)
    return new Judge(sim).expect(sim.leastHeight() > before, 'no finality after the cuts').outcome()
  },
}

const leaving: Scenario = {
  name: 'crash-at-hand-over',
  about: 'F seats of each committee crash at its boundary and return in the middle of the next',
  run: (setting) => {
    const sim = simulate(setting, { ...short, validators: setting.seats * 2 })
    for (let round = 0; round < 4; round += 1) {
      const inEpoch = sim.elapsedMs % 6000
      sim.run((4000 - inEpoch + 6000) % 6000)
      const epoch = Math.max(...sim.instances.map(({ env }) => env.epoch))
      const { validators } = sim.committees.of(epoch)
      const gone = validators.slice(0, Math.floor((setting.seats - 1) / 3))
      for (const index of gone) sim.crash(index)
      sim.run(3000)
      for (const index of gone) sim.restart(index)
    }
    const before = sim.leastHeight()
    sim.run(20_000)
    return new Judge(sim)
      .expect(sim.leastHeight() > before, 'no finality at every node at the end')
      .outcome()
  },
}

export const handOverScenarios: readonly Scenario[] = [handOver, partitioned, leaving]
