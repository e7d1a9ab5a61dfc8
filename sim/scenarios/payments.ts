/** Payments in batches (BATCH-1 … BATCH-3), among seats of which some keep them from others. */
import type { Instance } from '../node/instance.ts'
import type { LoadOptions } from '../node/load.ts'
import { quantiles } from '../metrics.ts'
import type { Simulation } from '../simulation.ts'
import { Judge, faultyOf, simulate, type Outcome, type Scenario, type Setting } from './scenario.ts'

const tps = 100
const seconds = 30

/** Payments sent so late need not be final at the end. */
const tailSeconds = 5

const load: LoadOptions = {
  tps,
  transactionBytes: 200,
  blockBytesMax: 524_288,
  blockTransactionsMax: 512,
  executeEachUs: 100,
  reaches: () => true,
  takes: () => true,
}

function scenario(
  name: string,
  about: string,
  misbehave: (setting: Setting, faulty: ReadonlySet<number>) => Partial<LoadOptions>,
  judge: (judge: Judge, sim: Simulation) => void = () => undefined,
): Scenario {
  return {
    name,
    about,
    run: (setting): Outcome => {
      const byzantine = simulate(setting).random.fork(98).sample(faultyOf(setting), setting.seats)
      const change = misbehave(setting, new Set(byzantine))
      const sim = simulate(setting, { byzantine, load: { ...load, ...change } })
      sim.run(seconds * 1000)
      const finished = sim.load?.finished ?? []
      const count = finished.reduce((sum, batch) => sum + batch.count, 0)
      const { p50, p95 } = quantiles(finished.map(({ latencyMs }) => latencyMs))
      const verdict = new Judge(sim)
        .fact('payments', count)
        .fact('paymentMs', `${p50.toFixed(0)}/${p95.toFixed(0)}`)
        .fact('fetched', sim.load?.fetched ?? 0)
        .expect(sim.leastHeight(byzantine) >= 15, 'less than fifteen blocks')
        .expect(count >= tps * (seconds - tailSeconds), `only ${String(count)} payments are final`)
      judge(verdict, sim)
      return verdict.outcome()
    },
  }
}

export const paymentScenarios: readonly Scenario[] = [
  scenario(
    'payments',
    'a hundred payments a second in batches: all are final, nobody has to fetch any',
    () => ({}),
    (judge, sim) =>
      judge.expect(sim.load?.fetched === 0, 'a batch that was ready had to be fetched'),
  ),
  scenario(
    'withheld-batch',
    'F authors show their batches to a bare quorum: the others fetch them, blocks go on',
    ({ seats }, faulty) => {
      const quorum = seats - faulty.size
      const isNear = (from: Instance, to: Instance): boolean =>
        (to.validator - from.validator + seats) % seats < quorum
      return { reaches: (from, to) => !faulty.has(from.validator) || isNear(from, to) }
    },
    (judge, sim) => judge.expect((sim.load?.fetched ?? 0) > 0, 'nobody had to fetch a batch'),
  ),
  scenario(
    'censored-payments',
    'F leaders leave out every payment of one seat: the other leaders take them',
    (_setting, faulty) => ({
      takes: (leader, author) => !faulty.has(leader.validator) || author !== 0,
    }),
  ),
]
