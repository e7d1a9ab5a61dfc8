/** Consensus messages as bytes on direct streams and gossip (NET-2), strictly decoded (ENC-1). */
import {
  ConsensusMessage,
  type Batch,
  type Certificate,
  type CertifiedBlock,
  type CompactProposal,
  type HandIn,
  type HeldBatches,
  type Proposal,
  type Vote,
} from '../core/codec/chain.ts'
import { decodeStrict } from '../core/codec/strict.ts'
import { transportLimits } from '../ports/transport.ts'

/** What the agreement takes. */
export type AgreementMessage =
  | { readonly type: 'proposal'; readonly proposal: Proposal }
  | { readonly type: 'vote'; readonly vote: Vote }
  | { readonly type: 'certificate'; readonly certificate: Certificate }

/** What seats say about payments that are to come (BATCH-1, BATCH-2). */
export type BatchMessage =
  | { readonly type: 'batch'; readonly batch: Batch }
  | { readonly type: 'held'; readonly held: HeldBatches }
  | { readonly type: 'handIn'; readonly handIn: HandIn }

/** A proposal whose body is said by parts (BATCH-3). */
export type Compact = Required<CompactProposal>

export type Message =
  | AgreementMessage
  | BatchMessage
  | { readonly type: 'block'; readonly block: CertifiedBlock }
  | { readonly type: 'compact'; readonly compact: Compact }

export function encodeMessage(message: Message): Uint8Array {
  return ConsensusMessage.encode(message)
}

/** Undefined for anything but exactly one message in canonical form. */
export function decodeMessage(bytes: Uint8Array): Message | undefined {
  const decoded = decodeStrict(ConsensusMessage, bytes, transportLimits.directBytesMax)
  if (!decoded.ok) return undefined
  const { proposal, vote, certificate, block, compact, batch, held, handIn } = decoded.value
  if (proposal !== undefined) return { type: 'proposal', proposal }
  if (vote !== undefined) return { type: 'vote', vote }
  if (certificate !== undefined) return { type: 'certificate', certificate }
  if (block !== undefined) return { type: 'block', block }
  if (batch !== undefined) return { type: 'batch', batch }
  if (held !== undefined) return { type: 'held', held }
  if (handIn !== undefined) return { type: 'handIn', handIn }
  if (compact?.proposal === undefined) return undefined
  return { type: 'compact', compact: { ...compact, proposal: compact.proposal } }
}
