/** Seats that stop, come back, stand still, or whose clocks are wrong (BFT-10, TIME-1). */
import { VoteKind } from '../../src/core/codec/chain.ts'
import { clockSkew } from './clocks.ts'
import { Judge, faultyOf, simulate, type Scenario } from './scenario.ts'

const massCrash: Scenario = {
  name: 'mass-crash',
  about: 'all seats crash at once, at random moments, and go on without equivocation',
  run: (setting) => {
    const sim = simulate(setting)
    for (let round = 0; round < 6; round += 1) {
      sim.run(700 + sim.random.below(1500))
      for (const { id } of sim.instances) sim.crash(id)
      sim.run(sim.random.below(300))
      for (const { id } of sim.instances) sim.restart(id)
    }
    const before = sim.leastHeight()
    sim.run(30_000)
    return new Judge(sim)
      .expect(sim.leastHeight() > before, 'no new final block within 30 s of the last crash')
      .outcome()
  },
}

/**
 * COMMITs are lost for a while, so that votes stand above what is final: only those can be
 * forgotten. Whatever came back of them is at every other seat.
 */
const amnesia: Scenario = {
  name: 'amnesia',
  about: 'F seats come back with a record older than their votes: each is told of one and abstains',
  run: (setting) => {
    const sim = simulate(setting)
    sim.run(2500)
    const old = sim.instances.map(({ record }) => record)
    const { filter } = sim
    sim.filter = (_from, _to, message) =>
      message.type === 'vote' && message.vote.kind === VoteKind.COMMIT ? [] : [message]
    sim.run(2500)
    const forgetful = sim.random.sample(faultyOf(setting), setting.seats)
    for (const index of forgetful) {
      sim.crash(index)
      sim.restart(index, old[index])
    }
    sim.run(1500)
    sim.filter = filter
    const before = sim.leastHeight(forgetful)
    sim.run(20_000)
    const rest = sim.leastHeight(forgetful)
    const signing = forgetful.filter((index) => {
      const mode = sim.instances[index]?.state.mode
      return mode?.type !== 'abstaining' || mode.reason !== 'RECORD_OLD'
    })
    return new Judge(sim)
      .fact('abstaining', forgetful.length - signing.length)
      .expect(signing.length === 0, `seats that do not abstain: ${signing.join(', ')}`)
      .expect(rest > before, 'the others did not go on')
      .nobodyNamed()
      .outcome()
  },
}

const restoredBackup: Scenario = {
  name: 'restored-backup',
  about: 'the same keys on a second device: it asks the others, finds its own votes and abstains',
  run: (setting) => {
    const sim = simulate(setting)
    sim.run(3000)
    const second = sim.addInstance(0)
    second.begin(second.env, sim.emptyRecordOf(second))
    sim.catchUp.resume(second)
    sim.run(10_000)
    const { mode } = second.state
    return new Judge(sim)
      .fact('secondDevice', mode.type === 'abstaining' ? mode.reason : mode.type)
      .expect(mode.type === 'abstaining', `the second device is ${mode.type}`)
      .outcome()
  },
}

const frozenTab: Scenario = {
  name: 'frozen-tab',
  about: 'F tabs run once a minute; the others go on, and nobody equivocates on waking',
  run: (setting) => {
    const sim = simulate(setting)
    const frozen = sim.random.sample(faultyOf(setting), setting.seats)
    sim.run(2000)
    for (let minute = 0; minute < 2; minute += 1) {
      for (const index of frozen) sim.freeze(index, 59_000)
      sim.run(60_000)
    }
    const least = sim.leastHeight(frozen)
    sim.run(20_000)
    const asleep = sim.instances.filter(({ state }) => state.mode.type !== 'active')
    return new Judge(sim)
      .expect(asleep.length === 0, `${String(asleep.length)} seats do not sign again`)
      .nobodyNamed()
      .expect(least >= 20, `only ${String(least)} blocks while tabs were frozen`)
      .expect(sim.leastHeight() >= least, 'a tab that woke did not catch up')
      .outcome()
  },
}

const tooManyOffline: Scenario = {
  name: 'quorum-lost',
  about: 'one seat more than may be gone: nothing is final; it comes back, and blocks go on',
  run: (setting) => {
    const sim = simulate(setting)
    sim.run(3000)
    const quorum = sim.instances[0]?.env.quorumPower ?? 0
    const gone = sim.random.sample(setting.seats - quorum + 1, setting.seats)
    for (const index of gone) sim.crash(index)
    sim.run(2000)
    const before = sim.oracle.finalBlocks
    sim.run(20_000)
    const during = sim.oracle.finalBlocks - before
    for (const index of gone) sim.restart(index)
    const left = sim.leastHeight(gone)
    sim.run(30_000)
    return new Judge(sim)
      .expect(during === 0, `${String(during)} blocks final without a quorum`)
      .expect(sim.leastHeight() > left, 'no finality at every seat after the return')
      .outcome()
  },
}

export const faultScenarios: readonly Scenario[] = [
  massCrash,
  amnesia,
  restoredBackup,
  frozenTab,
  clockSkew,
  tooManyOffline,
]
