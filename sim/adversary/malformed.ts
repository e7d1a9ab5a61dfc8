/**
 * Leaders that propose what is wrong by its own bytes (E5), each view in another way, and seats
 * that vote for it (E6).
 */
import { VoteKind, Header, Justification, type Proposal } from '../../src/core/codec/chain.ts'
import { hash } from '../../src/core/crypto/hash.ts'
import type { Instance } from '../node/instance.ts'
import type { Message } from '../node/message.ts'
import type { Filter, Simulation } from '../simulation.ts'
import { forgeHeader, forgeVote, type Forged } from './forge.ts'

export interface MalformedOptions {
  readonly byzantine: ReadonlySet<number>
  /** Faulty seats also VOTE and COMMIT for it. */
  readonly isVotedFor: boolean
}

export function proposeMalformed(sim: Simulation, options: MalformedOptions): Filter {
  const { byzantine, isVotedFor } = options
  const made = new Map<string, Forged>()
  const placeOf = (epoch: number, view: number): string => `${String(epoch)}.${String(view)}`
  return (from, _to, message) => {
    if (!byzantine.has(from.validator)) return [message]
    if (message.type === 'proposal') {
      const { view } = Header.decode(message.proposal.header)
      const place = placeOf(message.epoch, view)
      const forged = made.get(place) ?? spoil(sim, from, message.proposal)
      made.set(place, forged)
      return [forged.message]
    }
    if (message.type !== 'vote' || !isVotedFor || message.vote.kind === VoteKind.COMMIT) {
      return [message]
    }
    const { view } = message.vote
    const forged = made.get(placeOf(message.epoch, view))
    return forged === undefined ? [message] : [message, ...votesFor(sim, from, view, forged)]
  }
}

/** Odd views: a certificate of the wrong view, or none. Even ones: no later than the parent. */
function spoil(sim: Simulation, by: Instance, proposal: Proposal): Forged {
  const header = Header.decode(proposal.header)
  const { parent, path } = proposal
  if (header.view === 1) return forgeHeader(sim, by, proposal, { seat: header.seat + 1 })
  if (header.view % 2 === 0 && header.height > 1) {
    return forgeHeader(sim, by, proposal, { timeMs: 1 })
  }
  const skips = proposal.skips.slice(1)
  const wrong = skips.length === proposal.skips.length
  const justification =
    wrong && parent !== undefined
      ? { parent: { ...parent, view: parent.view + 1 }, path, skips }
      : { ...(parent && { parent }), path, skips }
  const bound = hash('justification', Justification.encode(justification))
  return forgeHeader(sim, by, { ...proposal, ...justification }, { justification: bound })
}

function votesFor(sim: Simulation, from: Instance, view: number, forged: Forged): Message[] {
  const { hash: block, signature } = forged
  const vote = { kind: VoteKind.VOTE, view, block, leaderSignature: signature }
  return [vote, { kind: VoteKind.COMMIT, view, block }]
    .map((one) => forgeVote(sim, from, one))
    .filter((one) => one !== undefined)
}
