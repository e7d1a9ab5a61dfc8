/** Long runs: what a node holds and sends stays bounded, whatever the length (section 7). */
import { overheadBytes } from '../network/links.ts'
import { bytesOf, type Message } from '../node/message.ts'
import type { Simulation } from '../simulation.ts'
import { Judge, faultyOf, simulate, type Scenario } from './scenario.ts'

/** BFT-8: repeated each second, of certificates and of votes; the proposal once. */
const repeatedMax = 48

/** To each other seat: 48 certificates, 48 votes and a proposal, as large as the largest seen. */
function standstillBytes(seats: number, largest: ReadonlyMap<Message['type'], number>): number {
  const sizeOf = (type: Message['type']): number => (largest.get(type) ?? 0) + overheadBytes
  const said = repeatedMax * (sizeOf('certificate') + sizeOf('vote')) + sizeOf('proposal')
  return (seats - 1) * said
}

/** The largest message of each kind from now on. */
function watchSizes(sim: Simulation): ReadonlyMap<Message['type'], number> {
  const largest = new Map<Message['type'], number>()
  sim.filter = (_from, _to, message) => {
    const bytes = bytesOf(message).length
    largest.set(message.type, Math.max(bytes, largest.get(message.type) ?? 0))
    return [message]
  }
  return largest
}

const standstill: Scenario = {
  name: 'standstill-egress',
  about: 'a minute without a quorum: no second costs a seat more than BFT-8 lets it repeat',
  run: (setting) => {
    const sim = simulate(setting)
    sim.run(3000)
    const quorum = sim.instances[0]?.env.quorumPower ?? 0
    const gone = sim.random.sample(setting.seats - quorum + 1, setting.seats)
    for (const index of gone) sim.crash(index)
    sim.run(5000)
    const largest = watchSizes(sim)
    let busiest = 0
    for (let second = 0; second < 60; second += 1) {
      const before = [...sim.links.sentBytes]
      sim.run(1000)
      const sent = sim.links.sentBytes.map((bytes, index) => bytes - (before[index] ?? 0))
      busiest = Math.max(busiest, ...sent)
    }
    const bound = standstillBytes(setting.seats, largest)
    return new Judge(sim)
      .fact('busiestBytes', busiest)
      .fact('boundBytes', bound)
      .expect(largest.size > 0, 'nobody repeats anything')
      .expect(
        busiest <= bound,
        `${String(busiest)} bytes in a second, ${String(bound)} are allowed`,
      )
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
