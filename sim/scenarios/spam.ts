/** Floods and forgeries by a faulty seat: bounded memory, no crash, blocks go on. */
import { VoteKind, type Vote } from '../../src/core/codec/chain.ts'
import { forgeVote } from '../adversary/forge.ts'
import type { Message } from '../node/message.ts'
import type { Simulation } from '../simulation.ts'
import { Judge, simulate, type Scenario } from './scenario.ts'

const everyMs = 20

/** Seat 0 sends what `make` gives to all others, again and again, besides its duty. */
function flood(
  name: string,
  about: string,
  make: (sim: Simulation, round: number) => readonly Message[],
  judge: (judge: Judge, sim: Simulation) => Judge = (verdict) => verdict.nobodyNamed(),
): Scenario {
  return {
    name,
    about,
    run: (setting) => {
      const sim = simulate(setting, { byzantine: [0], hasEvidence: true })
      const [spammer] = sim.instances
      const send = (round: number): void => {
        for (const message of make(sim, round)) {
          for (const to of sim.instances) {
            if (to !== spammer && spammer !== undefined) sim.deliver(spammer, to, message)
          }
        }
        sim.queue.after(everyMs * 1000, () => {
          send(round + 1)
        })
      }
      sim.queue.after(1000, () => {
        send(0)
      })
      sim.run(30_000)
      const { viewsMax, blocksMax } = sim.metrics
      const verdict = new Judge(sim)
        .fact('viewsMax', viewsMax)
        .fact('blocksMax', blocksMax)
        .expect(sim.leastHeight([0]) >= 10, 'blocks do not go on')
        .expect(viewsMax <= 128, `an agreement held ${String(viewsMax)} views`)
        .expect(blocksMax <= 256, `an agreement held ${String(blocksMax)} blocks`)
      return judge(verdict, sim).outcome()
    },
  }
}

const some = (message: Message | undefined): readonly Message[] =>
  message === undefined ? [] : [message]

const viewOf = (sim: Simulation): number => sim.instances[1]?.state.view ?? 1

const futureViews = flood('spam-future-views', 'votes for views far ahead', (sim, round) => {
  const [by] = sim.instances
  if (by === undefined) return []
  const view = viewOf(sim) + 1 + (round % 2000)
  return some(forgeVote(sim, by, { kind: VoteKind.VOTE, view, block: sim.random.bytes(32) }))
})

const badSignatures = flood(
  'spam-bad-signatures',
  'votes in the name of others, with signatures of nobody, ahead of the real ones',
  (sim, round) => {
    const { epoch } = sim.instances[1]?.env ?? { epoch: 0 }
    const vote: Vote = {
      kind: [VoteKind.VOTE, VoteKind.COMMIT, VoteKind.SKIP][round % 3] ?? VoteKind.VOTE,
      epoch,
      view: viewOf(sim) + (round % 2),
      block: round % 3 === 2 ? new Uint8Array(0) : sim.random.bytes(32),
      seat: 1 + (round % (sim.options.seats - 1)),
      signature: sim.random.bytes(96),
      leaderSignature: sim.random.bytes(96),
    }
    return [{ type: 'vote', epoch, vote }]
  },
)

const evidenceFlood = flood(
  'evidence-flood',
  'one seat contradicts itself in every view: filed once for each kind, view and seat',
  (sim) => {
    const [by] = sim.instances
    if (by === undefined) return []
    const view = viewOf(sim)
    const commit = (): readonly Message[] =>
      some(forgeVote(sim, by, { kind: VoteKind.COMMIT, view, block: sim.random.bytes(32) }))
    const skip = { kind: VoteKind.SKIP, view, block: new Uint8Array(0) }
    return [...commit(), ...commit(), ...some(forgeVote(sim, by, skip))]
  },
  (verdict, sim) => {
    const filings = [...sim.metrics.filings.values()]
    const most = Math.max(0, ...filings)
    const held = sim.evidence?.found.size ?? 0
    return verdict
      .fact('filings', filings.length)
      .fact('offences', held)
      .named([0], 'E3_DOUBLE_COMMIT')
      .named([0], 'E4_COMMIT_AND_SKIP')
      .evidence()
      .expect(most === 1, `one node filed the same offence ${String(most)} times`)
      .expect(held >= 10, `only ${String(held)} offences were found`)
  },
)

const replay: Scenario = {
  name: 'replay-across-epochs',
  about: 'votes and certificates of an epoch, relabelled for the next one and for other views',
  run: (setting) => {
    const sim = simulate(setting, { epochMs: 6000, boundaryMs: 4000 })
    const kept: Message[] = []
    sim.filter = (_from, _to, message) => {
      if (message.type !== 'proposal' && kept.length < 500) kept.push(message)
      return [message]
    }
    const again = (): void => {
      const [by] = sim.instances
      const message = kept[sim.random.below(kept.length)]
      const to = sim.random.pick(sim.instances)
      if (by !== undefined && message !== undefined) {
        const { epoch } = to.env
        const view = to.state.view
        if (message.type === 'vote') {
          sim.deliver(by, to, { ...message, epoch, vote: { ...message.vote, epoch, view } })
        } else if (message.type === 'certificate') {
          const certificate = { ...message.certificate, epoch, view }
          sim.deliver(by, to, { ...message, epoch, certificate })
        }
      }
      sim.queue.after(5000, again)
    }
    sim.queue.after(3_000_000, again)
    sim.run(30_000)
    return new Judge(sim)
      .expect(sim.leastHeight() >= 10, 'blocks do not go on')
      .expect(sim.oracle.convicted.size === 0, 'a replayed vote convicted someone')
      .expect(sim.oracle.alarms.length === 0, 'a replayed certificate raised an alarm')
      .outcome()
  },
}

const eclipse: Scenario = {
  name: 'eclipse',
  about: 'one seat hears only a faulty one that tells it nothing; set free, it catches up',
  run: (setting) => {
    const sim = simulate(setting, { byzantine: [0] })
    const open = sim.isLinked
    sim.isLinked = (from, to) => from.validator !== 1 && to.validator !== 1
    sim.run(20_000)
    sim.isLinked = open
    const others = sim.leastHeight([0, 1])
    sim.run(10_000)
    return new Judge(sim)
      .expect(others >= 8, 'the others did not go on')
      .expect(sim.leastHeight([0]) >= others, 'the eclipsed seat did not catch up in 10 s')
      .outcome()
  },
}

export const spamScenarios: readonly Scenario[] = [
  futureViews,
  badSignatures,
  evidenceFlood,
  replay,
  eclipse,
]
