/**
 * E8 (EVID-1): a seat signed a deal, an opening or shares that everybody can see to be wrong. The
 * transaction that it signed shows it, whether or not a block ever held it.
 *
 * It is judged under the committee root that the seat signed as well, so that nobody is convicted
 * for what was right under the committee before a Restart; an opening and shares against the deal
 * that the state holds, which no seat answers before it is final.
 */
import { equalBytes } from '../../base/bytes.ts'
import { err, ok, type Result } from '../../base/result.ts'
import type { Evidence } from '../../codec/chain.ts'
import type { EvidenceMark } from '../../codec/state.ts'
import type { BlockContext } from '../blockContext.ts'
import type { TransactionError } from '../errors.ts'
import { placeOf, readPart } from '../sharing/part.ts'
import { lastEvidenceEpoch, partQuestion, shownPart } from '../sharing/question.ts'
import { convict } from '../slashing.ts'
import { read, write, type LedgerState } from '../state.ts'
import { committees, evidenceMarks } from '../tables.ts'
import type { Outcome } from './outcome.ts'

const kind = 8

/** What the evidence accuses of, as it says itself, and until when it counts. */
export function wrongSharingOf(
  payload: Evidence,
): { readonly mark: EvidenceMark; readonly untilEpoch: number } | undefined {
  const carrier = shownPart(payload.first)
  const part = carrier?.transaction.sharing && readPart(carrier.transaction.sharing)
  if (part?.ok !== true) return undefined
  const place = placeOf(part.value)
  const mark = { kind, epoch: place.epoch, view: 0, seat: place.seat }
  return { mark, untilEpoch: lastEvidenceEpoch(place, part.value.kind) }
}

export function wrongSharing(
  state: LedgerState,
  payload: Evidence,
  context: BlockContext,
): Result<Outcome, TransactionError> {
  const fields = ['second', 'header', 'justification', 'parentHeader', 'statement'] as const
  const extra = fields.find((field) => payload[field].length > 0)
  if (extra !== undefined) return err({ code: 'TX_FIELD', field: extra })
  const accusation = wrongSharingOf(payload)
  const carrier = shownPart(payload.first)
  const shown = carrier?.transaction.sharing
  const part = shown && readPart(shown)
  if (accusation === undefined || carrier === undefined || !shown || part?.ok !== true) {
    return err({ code: 'EVIDENCE_INVALID' })
  }
  const { mark } = accusation
  const { derived, chain, env, timeMs, params } = context
  if (read(state, evidenceMarks, mark) !== undefined) return err({ code: 'EVIDENCE_KNOWN' })
  const committee = mark.epoch > derived.epoch ? undefined : read(state, committees, mark.epoch)
  if (committee === undefined || accusation.untilEpoch < derived.epoch) {
    return err({ code: 'EVIDENCE_EPOCH' })
  }
  const accused = committee.seats[mark.seat]?.validator
  const { chainId, sender } = carrier.transaction
  const isTheirs =
    accused !== undefined &&
    equalBytes(accused, sender) &&
    chainId === chain.chainId &&
    env.verifier.accountSigned(sender, carrier.id, carrier.signature)
  const question = isTheirs ? partQuestion(state, committee, shown, part.value) : undefined
  if (accused === undefined || question === undefined) return err({ code: 'EVIDENCE_INVALID' })
  const isWrong = env.verdicts.partIsWrong(question.key)
  if (isWrong === undefined) return err({ code: 'SHARING_UNVERIFIED', partKey: question.key })
  if (!isWrong) return err({ code: 'EVIDENCE_INVALID' })
  const marked = write(state, evidenceMarks, mark, mark)
  const offence = { validator: accused, kind, epoch: mark.epoch, timeMs, epochNow: derived.epoch }
  return ok(convict(marked, offence, params))
}
