/**
 * What has to be judged before a transaction about the sharing can execute (BEACON-6, E8): asked of
 * the state that it would execute on, answered outside, where the cryptography may take its time.
 */
import { equalBytes } from '../../base/bytes.ts'
import { EvidenceKind, type Committee, type SharingPart } from '../../codec/chain.ts'
import type { Deal, DealOpening, DealShares } from '../../codec/sharing.ts'
import { committeeRoot } from '../../committee/handOver.ts'
import type { SharingInput } from '../../crypto/pvss/sharing.ts'
import { protocol } from '../../params.ts'
import type { HashHex } from '../../types/ids.ts'
import type { Verifier } from '../env.ts'
import { read, readSingle, type LedgerState } from '../state.ts'
import { chainInfo, committees, epochRecord, sharingDeals } from '../tables.ts'
import { decodeTransaction, type DecodedTransaction } from '../transactionBytes.ts'
import { sharingInputOf, sharingOf } from './committeeSharing.ts'
import { partKeyOf, placeOf, readPart, type Part, type PartPlace } from './part.ts'
import { keptDeal } from './roundState.ts'

/** What is judged; `deal` beside another object is the one of the state. */
export type SharingObject =
  | { readonly kind: 'deal'; readonly deal: Deal }
  | { readonly kind: 'opening'; readonly deal: Deal; readonly opening: DealOpening }
  | { readonly kind: 'shares'; readonly deal: Deal; readonly shares: DealShares }

export interface SharingQuestion {
  readonly key: HashHex
  readonly place: PartPlace
  readonly input: SharingInput
  readonly object: SharingObject
}

/** A transaction with a part is at most this long, alone or inside of evidence. */
const partTransactionBytesMax = 65_536

/** The part that E8 shows: exact bytes of the transaction that a seat signed. */
export function shownPart(first: Uint8Array): DecodedTransaction | undefined {
  const decoded = decodeTransaction(first, partTransactionBytesMax)
  return decoded.ok && decoded.value.kind === 'sharing' ? decoded.value : undefined
}

/**
 * Undefined when there is nothing to judge: it is about something else, it is refused anyway, or
 * the seat that it names did not sign it, so that strangers make nobody work.
 */
export function sharingQuestion(
  state: LedgerState,
  decoded: DecodedTransaction,
  verifier: Pick<Verifier, 'accountSigned'>,
): SharingQuestion | undefined {
  const { evidence } = decoded.transaction
  const isE8 = evidence?.kind === EvidenceKind.E8_WRONG_SHARING
  const carrier = isE8 ? shownPart(evidence.first) : decoded
  const payload = carrier?.transaction.sharing
  if (carrier === undefined || payload === undefined) return undefined
  const part = readPart(payload)
  if (!part.ok) return undefined
  const { epoch, seat } = placeOf(part.value)
  const running = readSingle(state, epochRecord).epoch
  if (isE8 ? epoch > running : epoch !== running) return undefined
  const committee = read(state, committees, epoch)
  const { sender } = carrier.transaction
  const member = committee?.seats[seat]
  if (committee === undefined || member === undefined) return undefined
  if (!equalBytes(member.validator, sender)) return undefined
  if (!verifier.accountSigned(sender, carrier.id, carrier.signature)) return undefined
  return partQuestion(state, committee, payload, part.value)
}

/** The signature, and whose it is, are the caller's part. */
export function partQuestion(
  state: LedgerState,
  committee: Committee,
  payload: SharingPart,
  part: Part,
): SharingQuestion | undefined {
  const { chainId } = readSingle(state, chainInfo)
  const sharing = sharingOf(chainId, committee)
  const place = placeOf(part)
  if (sharing === undefined || place.epoch !== committee.epoch) return undefined
  if (!equalBytes(payload.committeeRoot, committeeRoot(committee))) return undefined
  const input = sharingInputOf(chainId, committee)
  if (part.kind === 'deal') {
    const object = { kind: part.kind, deal: part.deal }
    return { key: partKeyOf(sharing, part), place, input, object }
  }
  // Deals are in the state of their own epoch alone.
  const isRunning = place.epoch === readSingle(state, epochRecord).epoch
  const kept = isRunning ? read(state, sharingDeals, place.dealer) : undefined
  const deal = kept && keptDeal(state, place.dealer, place.epoch)
  if (kept === undefined || deal === undefined) return undefined
  const key = partKeyOf(sharing, part, kept.hash)
  return part.kind === 'opening'
    ? { key, place, input, object: { kind: part.kind, deal, opening: part.opening } }
    : { key, place, input, object: { kind: part.kind, deal, shares: part.shares } }
}

/** The last epoch in whose blocks a wrong part convicts (EVID-2). */
export function lastEvidenceEpoch({ epoch }: PartPlace, kind: Part['kind']): number {
  return kind === 'deal' ? epoch + protocol.committeesKept : epoch
}
