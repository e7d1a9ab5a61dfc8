/**
 * The production ledger at every node (`sim/ledger`): payments, stake, READY and CONFIRM, elections
 * and boundaries, in quiet, under faults, and with leaders that leave out who wants to serve.
 */
import type { LedgerRun } from '../ledger/ledgerRun.ts'
import { standardLedger, type LedgerOptions } from '../ledger/ledgerOptions.ts'
import type { Duty } from '../ledger/censorship.ts'
import type { SimOptions } from '../options.ts'
import type { Simulation } from '../simulation.ts'
import { Judge, faultyOf, simulate, type Scenario, type Setting } from './scenario.ts'

const epochMs = 30_000

/** Half as many again as sit, so that there is something to elect. */
function validatorsOf({ seats }: Setting): number {
  return seats + Math.ceil(seats / 2)
}

function onLedger(
  setting: Setting,
  change: Partial<LedgerOptions> = {},
  options: Partial<SimOptions> = {},
): { readonly sim: Simulation; readonly run: LedgerRun } {
  const validators = validatorsOf(setting)
  // Four payments a second over all accounts.
  const ledger = { ...standardLedger, paymentEveryMs: 250 * validators, ...change }
  const sim = simulate(setting, { validators, epochMs, ledger, ...options })
  const { ledger: run } = sim
  if (run === undefined) throw new Error('the run has a ledger')
  return { sim, run }
}

/** What every run on the ledger says and has to show. */
function judged(sim: Simulation, run: LedgerRun, epochsLeast: number): Judge {
  const epochs = leastEpoch(sim)
  const { committeeSizes, payments, members } = run.oracle
  return new Judge(sim)
    .fact('epochs', epochs)
    .fact('payments', payments)
    .fact('seats', committeeSizes.join('/'))
    .fact('served', members)
    .fact('secrets', secretsOf(run, epochs).join('/'))
    .expect(epochs >= epochsLeast, `only ${String(epochs)} epochs began at every node`)
    .expect(payments > 0, 'nobody paid anything')
}

/** That began at every node. */
function leastEpoch(sim: Simulation): number {
  return Math.min(...sim.instances.map(({ env }) => env.epoch))
}

/** Secrets of each sharing that is over (BEACON-6). */
function secretsOf({ secrets }: LedgerRun, epochs: number): readonly number[] {
  return Array.from({ length: epochs }, (_none, epoch) => secrets.get(epoch) ?? 0)
}

const quiet: Scenario = {
  name: 'ledger-quiet',
  about: 'the production ledger at every node: elections, payments, stake, an absence; no faults',
  run: (setting) => {
    const away = [validatorsOf(setting) - 1]
    const { sim, run } = onLedger(setting, { away })
    sim.run(4.5 * epochMs)
    return judged(sim, run, 4)
      .expect(
        secretsOf(run, 4).every((count) => count === setting.seats),
        'a sharing ended without all its secrets',
      )
      .expect(run.oracle.members > setting.seats, 'nobody but the first committee ever sat')
      .expect(sim.leastHeight() >= 100, `only ${String(sim.leastHeight())} blocks`)
      .outcome()
  },
}

const faults: Scenario = {
  name: 'ledger-faults',
  about: 'loss, a cut at a boundary, F seats gone over the next, on the production ledger',
  run: (setting) => {
    const links = { lossShare: 0.02, lossIsFinal: true, uploadQueueMs: 2000 }
    const { sim, run } = onLedger(setting, {}, { links })
    const open = sim.isLinked
    sim.run(26_000)
    const sides = sim.instances.map(() => sim.random.below(2))
    sim.isLinked = (from, to) => sides[from.id] === sides[to.id]
    sim.run(6000)
    sim.isLinked = open
    const before = sim.leastHeight()
    const healedMs = sim.elapsedMs
    while (sim.leastHeight() <= before && sim.elapsedMs < healedMs + 30_000) sim.run(200)
    const isBack = sim.leastHeight() > before
    // From before the secrets are opened until after the boundary.
    while (nextBoundaryMs(sim) < 17_000) sim.run(1000)
    sim.run(nextBoundaryMs(sim) - 17_000)
    const epoch = Math.max(...sim.instances.map(({ env }) => env.epoch))
    const { validators } = sim.committees.of(epoch)
    const gone = validators.slice(0, Math.floor((setting.seats - 1) / 3))
    for (const index of gone) sim.crash(index)
    sim.run(20_000)
    for (const index of gone) sim.restart(index)
    sim.run(20_000)
    const late = sim.leastHeight()
    sim.run(10_000)
    // What stood still at boundaries moved the next ones by some seconds.
    for (let more = 0; more < 10 && leastEpoch(sim) < 3; more += 1) sim.run(1000)
    return judged(sim, run, 3)
      .expect(
        secretsOf(run, 2).every((count) => count === setting.seats),
        'a sharing ended without all its secrets',
      )
      .expect(isBack, 'no finality within 30 s after the cut')
      .expect(sim.leastHeight() > late, 'no finality at every node at the end')
      .outcome()
  },
}

/** True milliseconds until the running epoch may end, by the state of the node that is ahead. */
function nextBoundaryMs(sim: Simulation): number {
  const [ahead] = sim.instances.toSorted((left, right) => right.final.length - left.final.length)
  const first = ahead?.final.find(({ node }) => node.header.epoch === ahead.env.epoch)
  const startMs = first?.node.header.timeMs ?? ahead?.nowMs ?? 0
  return Math.max(2000, startMs + (28 / 30) * epochMs - sim.queue.nowUs / 1000)
}

const censored: Scenario = {
  name: 'censored-ready',
  about: 'F leaders leave out every READY and CONFIRM of the others: all of them get in by others',
  run: (setting) => {
    const byzantine = leadersInARow(setting)
    const { sim, run } = onLedger(setting, { censors: byzantine }, { byzantine })
    sim.run(4.5 * epochMs)
    const epochs = Math.max(...sim.instances.map(({ env }) => env.epoch))
    // What is said in the last seconds may be on its way.
    const due = [...run.censorship.duties.values()].filter(({ epoch }) => epoch <= epochs)
    const honest = due.filter(({ validator }) => !byzantine.includes(validator))
    const missing = honest.filter(({ takenUs }) => takenUs === undefined)
    const passed = honest.filter(({ passedOver }) => passedOver > 0)
    const leaders = Math.max(0, ...honest.map(({ passedOver }) => passedOver)) + 1
    const least = Math.min(...run.oracle.committeeSizes)
    return judged(sim, run, 4)
      .fact('duties', honest.length)
      .fact('passedOver', passed.length)
      .fact('leaders', leaders)
      .fact('mostMs', Math.max(...honest.map(tookMs)).toFixed(0))
      .expect(byzantine.length === 0 || passed.length > 0, 'nobody was left out by any leader')
      .expect(missing.length === 0, `never in a block: ${missing.slice(0, 3).map(nameOf).join()}`)
      .expect(leaders <= byzantine.length + 1, `${String(leaders)} leaders were needed`)
      .expect(least === setting.seats, `a committee of ${String(least)}`)
      .outcome()
  },
}

/** F seats that lead one after the other, from when the READYs of epoch 0 have spread. */
function leadersInARow(setting: Setting): readonly number[] {
  const { leaders, validators } = onLedger(setting).sim.committees.of(0)
  return leaders.slice(1, 1 + faultyOf(setting)).map((seat) => validators[seat] ?? 0)
}

function tookMs({ saidUs, takenUs }: Duty): number {
  return ((takenUs ?? saidUs) - saidUs) / 1000
}

function nameOf({ kind, validator, epoch }: Duty): string {
  return `${kind} of ${String(validator)} for ${String(epoch)}`
}

export const ledgerScenarios: readonly Scenario[] = [quiet, faults, censored]
