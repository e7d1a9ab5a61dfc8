/** Long runs: what a node holds and sends stays bounded, whatever the length (section 7). */
import { Judge, faultyOf, simulate, type Scenario } from './scenario.ts'

/** Upload of a seat while nothing is final, Mb/s: far below a home's (BFT-8). */
const standstillMbps = 5

const standstill: Scenario = {
  name: 'standstill-egress',
  about: 'a minute without a quorum: what seats repeat stays within a budget (BFT-8)',
  run: (setting) => {
    const sim = simulate(setting)
    sim.run(3000)
    const quorum = sim.instances[0]?.env.quorumPower ?? 0
    const gone = sim.random.sample(setting.seats - quorum + 1, setting.seats)
    for (const index of gone) sim.crash(index)
    sim.run(5000)
    const before = [...sim.links.sentBytes]
    sim.run(60_000)
    const mbps = sim.links.sentBytes.map(
      (bytes, index) => ((bytes - (before[index] ?? 0)) * 8) / 60 / 1e6,
    )
    const busiest = Math.max(...mbps)
    return new Judge(sim)
      .fact('busiestMbps', busiest.toFixed(2))
      .expect(busiest <= standstillMbps, `a seat sends ${busiest.toFixed(1)} Mb/s at a standstill`)
      .outcome()
  },
}

/** Ten minutes with faults all along; the sizes of the second half are those of the first. */
const endurance: Scenario = {
  name: 'endurance',
  about: 'ten minutes with F seats that come and go: what a node holds does not grow',
  run: (setting) => {
    const sim = simulate(setting, { epochMs: 30_000, boundaryMs: 28_000 })
    const peaks: number[] = []
    for (let part = 0; part < 4; part += 1) {
      sim.metrics.viewsMax = 0
      sim.metrics.recordBytesMax = 0
      const gone = sim.random.sample(faultyOf(setting), setting.seats)
      sim.run(50_000)
      for (const index of gone) sim.crash(index)
      sim.run(50_000)
      for (const index of gone) sim.restart(index)
      sim.run(50_000)
      peaks.push(sim.metrics.viewsMax, sim.metrics.recordBytesMax)
    }
    const [views = 0, bytes = 0, , , , , lastViews = 0, lastBytes = 0] = peaks
    return new Judge(sim)
      .fact('viewsMax', lastViews)
      .fact('recordBytesMax', lastBytes)
      .expect(lastViews <= views * 1.5 + 8, `views held: ${String(views)}, ${String(lastViews)}`)
      .expect(lastBytes <= bytes * 2 + 4096, `record: ${String(bytes)}, ${String(lastBytes)} bytes`)
      .expect(sim.leastHeight() > 200, `only ${String(sim.leastHeight())} blocks`)
      .outcome()
  },
}

export const enduranceScenarios: readonly Scenario[] = [standstill, endurance]
