/** Faults of several kinds at once, and seats that sign whatever they are shown. */
import {
  Header,
  Justification,
  VoteKind,
  type Certificate,
  type Proposal,
} from '../../src/core/codec/chain.ts'
import { hash } from '../../src/core/crypto/hash.ts'
import { equivocate } from '../adversary/equivocate.ts'
import { forgeHeader, forgeVote } from '../adversary/forge.ts'
import type { Message } from '../node/message.ts'
import type { Filter, Simulation } from '../simulation.ts'
import { withFaulty } from './byzantine.ts'
import { Judge, faultyOf, simulate, type Scenario } from './scenario.ts'

const none = new Uint8Array(0)

/** F in all: the first half tells two stories, the others are not there. */
const faultyAndOffline: Scenario = {
  name: 'faulty-and-offline',
  about: 'of F seats half sign twice and half are away: blocks go on, who signed twice is named',
  run: (setting) => {
    const count = faultyOf(setting)
    const bad = simulate(setting).random.fork(97).sample(count, setting.seats)
    const sim = simulate(setting, { byzantine: bad })
    const liars = new Set(bad.slice(0, Math.ceil(count / 2)))
    const isSecondSide = (validator: number): boolean => validator % 2 === 0
    sim.filter = equivocate(sim, { byzantine: liars, isSecondSide, votesTwice: true })
    for (const away of bad.slice(liars.size)) sim.crash(away)
    sim.run(60_000)
    const least = sim.leastHeight(bad)
    return new Judge(sim)
      .fact('liars', liars.size)
      .fact('away', count - liars.size)
      .named(liars)
      .expect(least >= 8, `only ${String(least)} blocks in a minute`)
      .outcome()
  },
}

/** Whatever a faulty seat says, it says the rest with it: VOTE, COMMIT and SKIP, on every side. */
export function signEverything(sim: Simulation, byzantine: ReadonlySet<number>): Filter {
  const isSecondSide = (validator: number): boolean => validator % 2 === 0
  const twice = equivocate(sim, { byzantine, isSecondSide, votesTwice: true })
  return (from, to, message) =>
    twice(from, to, message).flatMap((said): readonly Message[] => {
      if (!byzantine.has(from.validator) || said.type !== 'vote') return [said]
      const { kind, view, block } = said.vote
      const rest = [
        { kind: VoteKind.SKIP, view, block: none },
        ...(kind === VoteKind.VOTE ? [{ kind: VoteKind.COMMIT, view, block }] : []),
      ]
      return [said, ...rest.flatMap((vote) => forgeVote(sim, from, vote) ?? [])]
    })
}

/** As many certificates as a message holds (NET-6), where at most a few are due. */
const giantCount = 4000

/** The proposal with thousands of skip certificates, of which no signature holds. */
function inflated(sim: Simulation, proposal: Proposal): Pick<Proposal, 'skips'> {
  const { epoch, view } = Header.decode(proposal.header)
  const one: Certificate = {
    kind: VoteKind.SKIP,
    epoch,
    view: Math.max(1, view - 1),
    block: none,
    signers: new Uint8Array(Math.ceil(sim.options.seats / 8)).fill(0xff),
    signature: sim.random.bytes(96),
  }
  return { skips: [...proposal.skips, ...Array<Certificate>(giantCount).fill(one)] }
}

function giantJustifications(sim: Simulation, faulty: ReadonlySet<number>): Filter {
  const made = new Map<string, Message>()
  return (from, _to, message) => {
    if (message.type !== 'proposal' || !faulty.has(from.validator)) return [message]
    const { epoch, view } = Header.decode(message.proposal.header)
    const place = `${String(epoch)}.${String(view)}`
    const known = made.get(place)
    if (known !== undefined) return [known]
    const { parent, path } = message.proposal
    const { skips } = inflated(sim, message.proposal)
    const bytes = Justification.encode({ ...(parent && { parent }), path, skips })
    const change = { justification: hash('justification', bytes) }
    const forged = forgeHeader(sim, from, { ...message.proposal, skips }, change).message
    made.set(place, forged)
    return [forged]
  }
}

export const mixedScenarios: readonly Scenario[] = [
  faultyAndOffline,
  withFaulty(
    'nothing-at-stake',
    'F seats sign every header they see, and COMMIT and SKIP with it: one chain, all are named',
    signEverything,
    (judge, _sim, faulty) => judge.named(faulty),
  ),
  withFaulty(
    'giant-justifications',
    'faulty leaders bind thousands of certificates to their headers: each loses its view, is named',
    giantJustifications,
    (judge, _sim, faulty) => judge.named(faulty),
  ),
]
