/** What seats send each other, with the bytes that travel. */
import {
  Certificate,
  Proposal,
  Vote,
  type Certificate as CertificateType,
  type Proposal as ProposalType,
  type Vote as VoteType,
} from '../../src/core/codec/chain.ts'

export type Message =
  | { readonly type: 'proposal'; readonly epoch: number; readonly proposal: ProposalType }
  | { readonly type: 'vote'; readonly epoch: number; readonly vote: VoteType }
  | { readonly type: 'certificate'; readonly epoch: number; readonly certificate: CertificateType }

const encoded = new WeakMap<Message, Uint8Array>()

/** Encoded once for all receivers. */
export function bytesOf(message: Message): Uint8Array {
  const known = encoded.get(message)
  if (known !== undefined) return known
  const bytes =
    message.type === 'proposal'
      ? Proposal.encode(message.proposal)
      : message.type === 'vote'
        ? Vote.encode(message.vote)
        : Certificate.encode(message.certificate)
  encoded.set(message, bytes)
  return bytes
}
