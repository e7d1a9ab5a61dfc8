/** What an adversary with its own validators' keys can sign; the rules do not ask it. */
import { messageOf } from '../../src/core/bft/signing.ts'
import { Header, VoteKind, type Proposal, type Vote } from '../../src/core/codec/chain.ts'
import { hash } from '../../src/core/crypto/hash.ts'
import type { Message } from '../node/message.ts'
import type { Instance } from '../node/instance.ts'
import type { Simulation } from '../simulation.ts'

const none = new Uint8Array(0)

/** A vote of the instance's validator in the epoch it is in; undefined without a seat. */
export function forgeVote(
  sim: Simulation,
  by: Instance,
  vote: {
    readonly kind: VoteKind
    readonly view: number
    readonly block: Uint8Array
    readonly leaderSignature?: Uint8Array
  },
): Message | undefined {
  const { env } = by
  const seat = sim.committees.of(env.epoch).validators.indexOf(by.validator)
  if (seat < 0) return undefined
  const { kind, view, block, leaderSignature = none } = vote
  const forged: Vote = {
    kind,
    epoch: env.epoch,
    view,
    block,
    seat,
    signature: signAs(sim, by, { kind, view, block }),
    leaderSignature,
  }
  return { type: 'vote', epoch: env.epoch, vote: forged }
}

export interface Forged {
  readonly message: Message
  readonly hash: Uint8Array
  readonly signature: Uint8Array
}

/** Another header for the same view, with the same justification; `salt` makes it different. */
export function forgeProposal(
  sim: Simulation,
  by: Instance,
  proposal: Proposal,
  salt: number,
): Forged {
  return forgeHeader(sim, by, proposal, { parentStateRoot: new Uint8Array(32).fill(salt) })
}

/** The proposal with other fields in its header, signed for its view. */
export function forgeHeader(
  sim: Simulation,
  by: Instance,
  proposal: Proposal,
  change: Partial<Header>,
): Forged {
  const header = Header.decode(proposal.header)
  const bytes = Header.encode({ ...header, ...change })
  const block = hash('header', bytes)
  const signature = signAs(sim, by, { kind: VoteKind.PROPOSE, view: header.view, block })
  const forged = { ...proposal, header: bytes, signature }
  const message = { type: 'proposal', epoch: header.epoch, proposal: forged } as const
  return { message, hash: block, signature }
}

function signAs(
  sim: Simulation,
  by: Instance,
  signed: { readonly kind: VoteKind; readonly view: number; readonly block: Uint8Array },
): Uint8Array {
  const { env } = by
  return sim.keys.sign(sim.committees.secretOf(by.validator, env.epoch), messageOf(env, signed))
}
