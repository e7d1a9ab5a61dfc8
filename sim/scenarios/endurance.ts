/** Long runs: what a node holds and sends stays bounded, whatever the length (section 7). */
import { mapKey } from '../../src/core/base/bytes.ts'
import { overheadBytes } from '../network/links.ts'
import { bytesOf } from '../node/message.ts'
import type { Simulation } from '../simulation.ts'
import { Judge, faultyOf, simulate, type Scenario } from './scenario.ts'

/** BFT-8: certificates and votes, so many of each, and a proposal. */
const differentMax = 48 + 48 + 1

/** What each seat says from now on: the size of each different message, by its bytes. */
function watchSaid(sim: Simulation): readonly ReadonlyMap<string, number>[] {
  const said = Array.from(sim.links.sentBytes, () => new Map<string, number>())
  sim.filter = ({ validator }, _to, message) => {
    const bytes = bytesOf(message)
    said[validator]?.set(mapKey(bytes), bytes.length + overheadBytes)
    return [message]
  }
  return said
}

/**
 * Without a quorum nothing new is said, so BFT-8 repeats the same messages. In a second each of
 * them goes to each other seat once.
 */
const standstill: Scenario = {
  name: 'standstill-egress',
  about: 'a minute without a quorum: a second costs a seat each message once to each other seat',
  run: (setting) => {
    const sim = simulate(setting)
    sim.run(3000)
    const quorum = sim.instances[0]?.env.quorumPower ?? 0
    const gone = sim.random.sample(setting.seats - quorum + 1, setting.seats)
    for (const index of gone) sim.crash(index)
    sim.run(5000)
    const said = watchSaid(sim)
    const busiest = Array.from(sim.links.sentBytes, () => 0)
    for (let second = 0; second < 60; second += 1) {
      const before = [...sim.links.sentBytes]
      sim.run(1000)
      for (const [index, bytes] of sim.links.sentBytes.entries()) {
        busiest[index] = Math.max(busiest[index] ?? 0, bytes - (before[index] ?? 0))
      }
    }
    const once = said.map((sizes) => (setting.seats - 1) * [...sizes.values()].reduce(sum, 0))
    const judge = new Judge(sim)
      .fact('busiestBytes', Math.max(...busiest))
      .fact('boundBytes', Math.max(...once))
      .expect(Math.max(...once) > 0, 'nobody repeats anything')
    for (const [index, bytes] of busiest.entries()) {
      const bound = once[index] ?? 0
      const different = said[index]?.size ?? 0
      judge.expect(different <= differentMax, `${String(different)} different messages`)
      const text = `seat ${String(index)}: ${String(bytes)} bytes in a second, not ${String(bound)}`
      judge.expect(bytes <= bound, text)
    }
    return judge.outcome()
  },
}

const sum = (left: number, right: number): number => left + right

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
