/** What seats send each other, with the bytes that travel. */
import type { Input } from '../../src/core/bft/types.ts'
import {
  Certificate,
  CompactProposal,
  Proposal,
  Vote,
  type BodyPart,
  type Certificate as CertificateType,
  type Proposal as ProposalType,
  type Vote as VoteType,
} from '../../src/core/codec/chain.ts'
import type { TimeMs } from '../../src/core/types/ids.ts'

export type Message =
  | {
      readonly type: 'proposal'
      readonly epoch: number
      readonly proposal: ProposalType
      /** How the body travels, when not whole (BATCH-3). */
      readonly parts?: BodyPart[]
    }
  | { readonly type: 'vote'; readonly epoch: number; readonly vote: VoteType }
  | { readonly type: 'certificate'; readonly epoch: number; readonly certificate: CertificateType }

const encoded = new WeakMap<Message, Uint8Array>()

/** Encoded once for all receivers. */
export function bytesOf(message: Message): Uint8Array {
  const known = encoded.get(message)
  if (known !== undefined) return known
  const bytes =
    message.type === 'proposal'
      ? encodedProposal(message.proposal, message.parts)
      : message.type === 'vote'
        ? Vote.encode(message.vote)
        : Certificate.encode(message.certificate)
  encoded.set(message, bytes)
  return bytes
}

function encodedProposal(proposal: ProposalType, parts: BodyPart[] | undefined): Uint8Array {
  if (parts === undefined) return Proposal.encode(proposal)
  const empty = { ...proposal, body: new Uint8Array(0) }
  return CompactProposal.encode({ proposal: empty, parts })
}

/** What a node is told when it arrives. */
export function inputOf(message: Message, nowMs: TimeMs): Input {
  switch (message.type) {
    case 'proposal':
      return { type: 'proposal', nowMs, proposal: message.proposal }
    case 'vote':
      return { type: 'vote', nowMs, vote: message.vote }
    case 'certificate':
      return { type: 'certificate', nowMs, certificate: message.certificate }
  }
}
