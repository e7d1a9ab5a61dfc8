/** F seats that break the rules on purpose: the others stay together and go on. */
import { Header, VoteKind } from '../../src/core/codec/chain.ts'
import { equivocate } from '../adversary/equivocate.ts'
import { forgeVote } from '../adversary/forge.ts'
import type { Filter, Simulation } from '../simulation.ts'
import { Judge, faultyOf, simulate, type Outcome, type Scenario, type Setting } from './scenario.ts'

const none = new Uint8Array(0)

/** The faulty seats, drawn by the seed; `extra` beyond what the protocol bears. */
function drawFaulty(setting: Setting, extra = 0): number[] {
  const count = faultyOf(setting) + extra
  return simulate(setting).random.fork(99).sample(count, setting.seats)
}

export function withFaulty(
  name: string,
  about: string,
  misbehave: (sim: Simulation, faulty: ReadonlySet<number>) => Filter,
  judge: Verdict,
): Scenario {
  return {
    name,
    about,
    run: (setting): Outcome => {
      const byzantine = drawFaulty(setting)
      const faulty = new Set(byzantine)
      const sim = simulate(setting, { byzantine, hasEvidence: true })
      sim.filter = misbehave(sim, faulty)
      sim.run(60_000)
      const least = sim.leastHeight(byzantine)
      const verdict = new Judge(sim)
        .fact('byzantine', byzantine.length)
        .evidence()
        .expect(least >= 8, `only ${String(least)} blocks in a minute`)
      judge(verdict, sim, faulty)
      return verdict.outcome()
    },
  }
}

type Verdict = (judge: Judge, sim: Simulation, faulty: ReadonlySet<number>) => void

/** Every faulty seat leads and votes many times in a minute, so every one is named. */
const allNamed: Verdict = (judge, _sim, faulty) => judge.named(faulty)

const allNamedFor =
  (kind: string): Verdict =>
  (judge, _sim, faulty) =>
    judge.named(faulty, kind)

/** Silence and delay leave no evidence (EVID-2). */
const nobodyNamed: Verdict = (judge) => judge.nobodyNamed()

const half =
  (sim: Simulation) =>
  (validator: number): boolean =>
    validator >= sim.options.seats / 2

const dropCertificates =
  (kind: VoteKind) =>
  (_sim: Simulation, faulty: ReadonlySet<number>): Filter =>
  (from, to, message) => {
    if (!faulty.has(from.validator)) return [message]
    if (message.type === 'certificate' && message.certificate.kind === kind) return []
    // Votes of that kind reach one seat alone, so that only it can make the certificate.
    const isKind = message.type === 'vote' && message.vote.kind === kind
    return isKind && to.validator !== 0 ? [] : [message]
  }

const selective = (sim: Simulation, faulty: ReadonlySet<number>): Filter => {
  const quorum = sim.instances[0]?.env.quorumPower ?? 0
  return (from, to, message) =>
    faulty.has(from.validator) && message.type === 'proposal' && to.validator >= quorum
      ? []
      : [message]
}

const late = (sim: Simulation, faulty: ReadonlySet<number>): Filter => {
  return (from, to, message) => {
    if (!faulty.has(from.validator) || message.type !== 'proposal') return [message]
    const { deltaMs } = sim.options.times
    sim.queue.after((2 * deltaMs - 60) * 1000, () => {
      sim.deliver(from, to, message)
    })
    return []
  }
}

/** Passes every proposal on, changed, to everyone, faster than any link. */
const tampered = (sim: Simulation, faulty: ReadonlySet<number>): Filter => {
  return (from, to, message) => {
    if (message.type !== 'proposal' || !faulty.has(to.validator)) return [message]
    const { proposal } = message
    const changed = [
      { ...proposal, path: [new Uint8Array(9)] },
      { ...proposal, skips: [...proposal.skips, ...proposal.skips.slice(0, 1)] },
      { ...proposal, body: Uint8Array.of(0x0a, 0x01, 0x07) },
      { ...proposal, signature: new Uint8Array(96) },
    ]
    for (const other of sim.instances) {
      if (other === to || other === from) continue
      for (const one of changed) sim.deliver(to, other, { ...message, proposal: one })
    }
    return [message]
  }
}

const skipGriefing = (sim: Simulation, faulty: ReadonlySet<number>): Filter => {
  return (from, to, message) => {
    if (!faulty.has(from.validator) || message.type !== 'proposal') return [message]
    const { view } = Header.decode(message.proposal.header)
    const skip = forgeVote(sim, from, { kind: VoteKind.SKIP, view, block: none })
    return skip === undefined || to.validator % 2 === 0 ? [message] : [skip]
  }
}

const commitAndSkip = (sim: Simulation, faulty: ReadonlySet<number>): Filter => {
  return (from, _to, message) => {
    const isCommit = message.type === 'vote' && message.vote.kind === VoteKind.COMMIT
    if (!faulty.has(from.validator) || !isCommit) return [message]
    const { view } = message.vote
    const skip = forgeVote(sim, from, { kind: VoteKind.SKIP, view, block: none })
    return skip === undefined ? [message] : [message, skip]
  }
}

/** What may be combined with other faults. */
export const misbehaviours: Readonly<
  Record<string, (sim: Simulation, faulty: ReadonlySet<number>) => Filter>
> = {
  commitAndSkip,
  skipGriefing,
  selective,
  late,
  withheldVotes: dropCertificates(VoteKind.VOTE),
  withheldCommits: dropCertificates(VoteKind.COMMIT),
}

export const byzantineScenarios: readonly Scenario[] = [
  withFaulty(
    'equivocating-leader',
    'a faulty leader shows each half another header (E1)',
    (sim, byzantine) => equivocate(sim, { byzantine, isSecondSide: half(sim), votesTwice: false }),
    allNamedFor('E1_DOUBLE_PROPOSE'),
  ),
  withFaulty(
    'double-vote',
    'two headers, and the faulty seats vote and commit for both (E1, E2, E3)',
    (sim, byzantine) => equivocate(sim, { byzantine, isSecondSide: half(sim), votesTwice: true }),
    allNamed,
  ),
  withFaulty(
    'split-vote',
    'one seat alone is shown another header: the others find it out in one hop',
    (sim, byzantine) => {
      const shown = sim.instances.find(({ validator }) => !byzantine.has(validator))?.validator
      return equivocate(sim, {
        byzantine,
        isSecondSide: (seat) => seat === shown,
        votesTwice: false,
      })
    },
    allNamedFor('E1_DOUBLE_PROPOSE'),
  ),
  withFaulty(
    'commit-and-skip',
    'COMMIT and SKIP of one view (E4)',
    commitAndSkip,
    allNamedFor('E4_COMMIT_AND_SKIP'),
  ),
  withFaulty(
    'withheld-qc',
    'no QC and no VOTE but to one seat',
    dropCertificates(VoteKind.VOTE),
    nobodyNamed,
  ),
  withFaulty(
    'withheld-fc',
    'no FC and no COMMIT but to one seat',
    dropCertificates(VoteKind.COMMIT),
    nobodyNamed,
  ),
  withFaulty('selective-send', 'a faulty leader proposes to a bare quorum', selective, nobodyNamed),
  withFaulty(
    'late-proposal',
    'a faulty leader proposes just before the timeout',
    late,
    nobodyNamed,
  ),
  withFaulty(
    'tampered-proposal',
    'changed copies of each proposal come before the real one: no view is lost',
    tampered,
    (verdict, sim) => {
      verdict.nobodyNamed()
      const skipped = sim.oracle.skippedViews.size
      verdict.fact('skippedViews', skipped).expect(skipped === 0, `${String(skipped)} views lost`)
    },
  ),
  withFaulty(
    'skip-griefing',
    'a faulty leader proposes to some and skips to the others',
    skipGriefing,
    // Where too few are left to certify its block it does not COMMIT, and nothing shows.
    (judge, sim) => {
      const kinds = [...sim.oracle.convicted.values()].flatMap((found) => [...found])
      const others = kinds.filter((kind) => kind !== 'E4_COMMIT_AND_SKIP')
      judge.expect(others.length === 0, `named for what it did not do: ${others.join(', ')}`)
    },
  ),
]
