/**
 * Whether a proposal is wrong by its bytes alone (EVID-1, E5 and E6): judged alike by a seat that
 * gets it and, in a later epoch, by everyone who executes the evidence.
 *
 * Only what an honest leader never signs and an honest seat never votes for, whatever either of
 * them holds. Nothing that follows from a state, from a body or from a clock is judged here
 * (STATE-3, TIME-1), nor the hand-over that the first block of a committee stands on (EPOCH-2): its
 * certificate is of another committee.
 */
import { equalBytes } from '../base/bytes.ts'
import { Header, Justification, VoteKind, type Certificate } from '../codec/chain.ts'
import { decodeStrict } from '../codec/strict.ts'
import { hash } from '../crypto/hash.ts'
import { certifyingKeys, type CertifyingCommittee } from './certificateShape.ts'
import { voteMessage } from './voteMessage.ts'

/** Header bytes at most: its fields are all of fixed size but the chain id. */
export const headerBytesMax = 1024

/** Justification bytes that are looked at: a transaction cannot carry more. */
const justificationBytesMax = 65_536

export interface JudgingCommittee extends CertifyingCommittee {
  readonly chainId: string
  readonly committeeRoot: Uint8Array
  /** COM-4: seat of view v is `leaders[(v - 1) mod n]`. */
  readonly leaders: readonly number[]
}

/** A header, and one of the two things that it binds by hash; both empty when it needs neither. */
export interface ShownProposal {
  /** The exact bytes whose hash was signed. */
  readonly header: Uint8Array
  readonly justification: Uint8Array
  readonly parentHeader: Uint8Array
}

export type ProposalFault =
  /** Too large, or not the canonical bytes of a header. */
  | 'ENCODING'
  /** Of another chain, epoch, view or committee than its signature is for. */
  | 'PLACE'
  /** The seat in it does not lead that view (COM-4). */
  | 'LEADER'
  /** Not a SKIP certificate for each view up to its own (BFT-2). */
  | 'SKIPS'
  /** No certificate of the parent from the view before those (BFT-2). */
  | 'PARENT'
  /** A certificate that no quorum signed. Who holds that certificate itself does not see it. */
  | 'SIGNATURE'
  /** Not above its parent's (TIME-1). */
  | 'TIME'
  | 'HEIGHT'

/** Whether all keys signed the message. */
export type AggregateSigned = (
  keys: readonly Uint8Array[],
  message: Uint8Array,
  signature: Uint8Array,
) => boolean

/** What is wrong by the header alone; `view` is the one that it was signed for. */
export function headerFault(
  committee: JudgingCommittee,
  view: number,
  bytes: Uint8Array,
): ProposalFault | undefined {
  const decoded = decodeStrict(Header, bytes, headerBytesMax)
  if (!decoded.ok) return 'ENCODING'
  const header = decoded.value
  const isHere =
    header.chainId === committee.chainId &&
    header.epoch === committee.epoch &&
    header.view === view &&
    equalBytes(header.committeeRoot, committee.committeeRoot)
  if (!isHere) return 'PLACE'
  // There is no leader of view 0.
  const leader = committee.leaders[(view - 1) % committee.leaders.length]
  return header.seat === leader ? undefined : 'LEADER'
}

/** What is wrong by a header and the header before it. */
export function parentFault(
  header: Pick<Header, 'height' | 'timeMs'>,
  parent: { readonly height: number; readonly timeMs: number },
): ProposalFault | undefined {
  if (header.height !== parent.height + 1) return 'HEIGHT'
  return header.timeMs > parent.timeMs ? undefined : 'TIME'
}

/**
 * What is wrong by a header and its justification. Without `aggregateSigned` the signatures are
 * taken to hold.
 */
export function justificationFault(
  committee: JudgingCommittee,
  header: Pick<Header, 'view' | 'parent'>,
  justification: Justification,
  aggregateSigned?: AggregateSigned,
): ProposalFault | undefined {
  const { parent, skips } = justification
  // What the SKIPs leave: the view of the parent, 0 for what the committee started from.
  const parentView = header.view - 1 - skips.length
  const fillsGap = skips.every(
    (skip, index) => skip.kind === VoteKind.SKIP && skip.view === parentView + 1 + index,
  )
  if (parentView < 0 || !fillsGap) return 'SKIPS'
  const isParent =
    parentView === 0 ||
    (parent !== undefined &&
      parent.kind !== VoteKind.SKIP &&
      parent.view === parentView &&
      equalBytes(parent.block, header.parent))
  if (!isParent) return 'PARENT'
  const before = parentView === 0 || parent === undefined ? [] : [parent]
  const holds = (one: Certificate): boolean => certificateHolds(committee, one, aggregateSigned)
  if (!before.every((one) => certifyingKeys(committee, one) !== undefined)) return 'PARENT'
  if (!skips.every((one) => certifyingKeys(committee, one) !== undefined)) return 'SKIPS'
  return [...before, ...skips].every(holds) ? undefined : 'SIGNATURE'
}

function certificateHolds(
  committee: JudgingCommittee,
  certificate: Certificate,
  aggregateSigned?: AggregateSigned,
): boolean {
  const keys = certifyingKeys(committee, certificate)
  if (keys === undefined || aggregateSigned === undefined) return keys !== undefined
  const { chainId, committeeRoot } = committee
  const { kind, epoch, view, block, signature } = certificate
  const message = voteMessage({ kind, chainId, epoch, view, committeeRoot, block })
  return aggregateSigned(keys, message, signature)
}

/**
 * What the shown bytes prove against a proposal for `view`; undefined when they prove nothing. Each
 * fault has one proof: the header, the header with its justification, or with its parent's header.
 */
export function proposalFault(
  committee: JudgingCommittee,
  view: number,
  shown: ShownProposal,
  aggregateSigned?: AggregateSigned,
): ProposalFault | undefined {
  const alone = headerFault(committee, view, shown.header)
  const { justification, parentHeader } = shown
  const isAlone = justification.length === 0 && parentHeader.length === 0
  if (alone !== undefined) return isAlone ? alone : undefined
  const header = Header.decode(shown.header)
  if (parentHeader.length === 0) {
    // A justification without certificates has no bytes.
    const decoded = decodeStrict(Justification, justification, justificationBytesMax)
    const isBound = equalBytes(hash('justification', justification), header.justification)
    if (!decoded.ok || !isBound) return undefined
    return justificationFault(committee, header, decoded.value, aggregateSigned)
  }
  const parent = decodeStrict(Header, parentHeader, headerBytesMax)
  const isBound = equalBytes(hash('header', parentHeader), header.parent)
  if (justification.length > 0 || !parent.ok || !isBound) return undefined
  return parentFault(header, parent.value)
}
