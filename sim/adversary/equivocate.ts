/**
 * Seats that tell two sides two stories: a leader shows each side another header, and the Byzantine
 * seats vote and commit for whichever the receiver's side was shown.
 */
import { Header, VoteKind } from '../../src/core/codec/chain.ts'
import type { Filter, Simulation } from '../simulation.ts'
import { forgeProposal, forgeVote } from './forge.ts'

export interface EquivocateOptions {
  readonly byzantine: ReadonlySet<number>
  /** Whether a receiver is shown the second header. */
  readonly isSecondSide: (validator: number) => boolean
  /** Byzantine seats also vote and commit on both sides. */
  readonly votesTwice: boolean
  /** Filled with who showed a second header, and when first, µs. */
  readonly told?: Map<number, number>
}

export function equivocate(sim: Simulation, options: EquivocateOptions): Filter {
  const { byzantine, isSecondSide, votesTwice } = options
  const seconds = new Map<string, ReturnType<typeof forgeProposal>>()
  return (from, to, message) => {
    if (!byzantine.has(from.validator) || !isSecondSide(to.validator)) return [message]
    if (message.type === 'proposal') {
      const { view } = Header.decode(message.proposal.header)
      const key = `${String(message.epoch)}.${String(view)}`
      const second = seconds.get(key) ?? forgeProposal(sim, from, message.proposal, 1)
      seconds.set(key, second)
      const { told } = options
      if (told?.has(from.validator) === false) told.set(from.validator, sim.queue.nowUs)
      return [second.message]
    }
    if (message.type !== 'vote' || !votesTwice) return [message]
    const { kind, view } = message.vote
    const second = seconds.get(`${String(message.epoch)}.${String(view)}`)
    if (second === undefined || kind === VoteKind.SKIP) return [message]
    const leaderSignature = kind === VoteKind.VOTE ? second.signature : undefined
    const forged = forgeVote(sim, from, {
      kind,
      view,
      block: second.hash,
      ...(leaderSignature && { leaderSignature }),
    })
    return forged === undefined ? [message] : [forged]
  }
}
