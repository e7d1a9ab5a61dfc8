/** Consensus messages as bytes on direct streams and gossip (NET-2), strictly decoded (ENC-1). */
import {
  ConsensusMessage,
  type Certificate,
  type CertifiedBlock,
  type Proposal,
  type Vote,
} from '../core/codec/chain.ts'
import { decodeStrict } from '../core/codec/strict.ts'
import { transportLimits } from '../ports/transport.ts'

export type Message =
  | { readonly type: 'proposal'; readonly proposal: Proposal }
  | { readonly type: 'vote'; readonly vote: Vote }
  | { readonly type: 'certificate'; readonly certificate: Certificate }
  | { readonly type: 'block'; readonly block: CertifiedBlock }

export function encodeMessage(message: Message): Uint8Array {
  switch (message.type) {
    case 'proposal':
      return ConsensusMessage.encode({ proposal: message.proposal })
    case 'vote':
      return ConsensusMessage.encode({ vote: message.vote })
    case 'certificate':
      return ConsensusMessage.encode({ certificate: message.certificate })
    case 'block':
      return ConsensusMessage.encode({ block: message.block })
  }
}

/** Undefined for anything but exactly one message in canonical form. */
export function decodeMessage(bytes: Uint8Array): Message | undefined {
  const decoded = decodeStrict(ConsensusMessage, bytes, transportLimits.directBytesMax)
  if (!decoded.ok) return undefined
  const { proposal, vote, certificate, block } = decoded.value
  if (proposal !== undefined) return { type: 'proposal', proposal }
  if (vote !== undefined) return { type: 'vote', vote }
  if (certificate !== undefined) return { type: 'certificate', certificate }
  return block === undefined ? undefined : { type: 'block', block }
}
