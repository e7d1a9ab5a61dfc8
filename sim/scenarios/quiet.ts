/** Runs without an adversary: the network alone is bad. */
import { regionSets } from '../network/regions.ts'
import { homesIn } from '../options.ts'
import { Judge, faultyOf, simulate, type Scenario } from './scenario.ts'

const quiet = (name: string, about: string, links: object, least: number): Scenario => ({
  name,
  about,
  run: (setting) => {
    const sim = simulate(setting, {
      links: { lossShare: 0, lossIsFinal: false, uploadQueueMs: 2000, ...links },
    })
    sim.run(60_000)
    return new Judge(sim)
      .expect(sim.leastHeight() >= least, `only ${String(sim.leastHeight())} blocks in a minute`)
      .expect(sim.oracle.alarms.length === 0, 'an alarm without a cause')
      .outcome()
  },
})

const lossy = [1, 5, 20].map((percent) =>
  quiet(
    `loss-${String(percent)}`,
    `${String(percent)} % of all messages are lost for good; blocks go on`,
    { lossShare: percent / 100, lossIsFinal: true },
    percent > 10 ? 5 : 20,
  ),
)

export const quietScenarios: readonly Scenario[] = [
  quiet('quiet', 'ten regions, nothing goes wrong: a block a second', {}, 50),
  ...lossy,
  quiet('jitter', 'one message in five is sent again later', { lossShare: 0.2 }, 20),
  {
    name: 'bufferbloat',
    about: 'uploads of 0.5 Mb/s whose queues grow to two seconds',
    run: (setting) => {
      const places = homesIn(regionSets['ten'] ?? [], setting.seats, 0.5)
      const sim = simulate(setting, { places })
      sim.run(60_000)
      return new Judge(sim).expect(sim.leastHeight() >= 10, 'less than ten blocks').outcome()
    },
  },
  {
    name: 'offline-f',
    about: 'F seats are gone from the start; the others finalise',
    run: (setting) => {
      const sim = simulate(setting)
      const gone = sim.random.sample(faultyOf(setting), setting.seats)
      for (const index of gone) sim.crash(index)
      sim.run(60_000)
      const least = sim.leastHeight(gone)
      return new Judge(sim)
        .fact('offline', gone.length)
        .expect(least >= 10, `only ${String(least)} blocks`)
        .outcome()
    },
  },
]
