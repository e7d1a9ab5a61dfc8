/**
 * Two signatures of one seat that contradict each other (E1–E4, EVID-1): unsigned, free, and
 * counted once by (kind, epoch, view, seat). E5 and the others are not judged by this version.
 */
import { equalBytes } from '../../base/bytes.ts'
import { err, ok, type Result } from '../../base/result.ts'
import { EvidenceKind, Vote, VoteKind, type Committee, type Evidence } from '../../codec/chain.ts'
import { decodeStrict } from '../../codec/strict.ts'
import { committeeRoot } from '../../committee/handOver.ts'
import { voteMessage } from '../../committee/voteMessage.ts'
import type { EvidenceMark } from '../../codec/state.ts'
import type { BlockContext } from '../blockContext.ts'
import type { TransactionError } from '../errors.ts'
import { convict } from '../slashing.ts'
import { read, write, type LedgerState } from '../state.ts'
import { committees, evidenceMarks } from '../tables.ts'
import type { Execute } from './outcome.ts'

interface Rule {
  readonly code: number
  readonly first: VoteKind
  readonly second: VoteKind
}

const rules: Readonly<Partial<Record<EvidenceKind, Rule>>> = {
  [EvidenceKind.E1_DOUBLE_PROPOSE]: { code: 1, first: VoteKind.PROPOSE, second: VoteKind.PROPOSE },
  [EvidenceKind.E2_DOUBLE_VOTE]: { code: 2, first: VoteKind.VOTE, second: VoteKind.VOTE },
  [EvidenceKind.E3_DOUBLE_COMMIT]: { code: 3, first: VoteKind.COMMIT, second: VoteKind.COMMIT },
  [EvidenceKind.E4_COMMIT_AND_SKIP]: { code: 4, first: VoteKind.COMMIT, second: VoteKind.SKIP },
}

const voteBytesMax = 512

/** What evidence accuses of, as it says itself; undefined when it says nothing readable. */
export function offenceOf(payload: Evidence): EvidenceMark | undefined {
  const rule = rules[payload.kind]
  const first = decodeStrict(Vote, payload.first, voteBytesMax)
  if (rule === undefined || !first.ok) return undefined
  const { epoch, view, seat } = first.value
  return { kind: rule.code, epoch, view, seat }
}

export const evidence: Execute<Evidence> = (state, _sender, payload, context) => {
  const rule = rules[payload.kind]
  if (rule === undefined) return err({ code: 'EVIDENCE_KIND' })
  if (payload.header.length > 0) return err({ code: 'TX_FIELD', field: 'header' })
  const first = decodeStrict(Vote, payload.first, voteBytesMax)
  const second = decodeStrict(Vote, payload.second, voteBytesMax)
  if (!first.ok || !second.ok) return err({ code: 'EVIDENCE_INVALID' })
  if (!contradict(rule, first.value, second.value)) return err({ code: 'EVIDENCE_INVALID' })
  const { epoch, view, seat } = first.value
  const mark = { kind: rule.code, epoch, view, seat }
  if (read(state, evidenceMarks, mark) !== undefined) return err({ code: 'EVIDENCE_KNOWN' })
  const offender = offenderOf(state, [first.value, second.value], context)
  if (!offender.ok) return offender
  const marked = write(state, evidenceMarks, mark, mark)
  const offence = {
    validator: offender.value,
    kind: rule.code,
    epoch,
    timeMs: context.timeMs,
    epochNow: context.derived.epoch,
  }
  return ok(convict(marked, offence, context.params))
}

function contradict(rule: Rule, first: Vote, second: Vote): boolean {
  const isOnePlace =
    first.epoch === second.epoch && first.view === second.view && first.seat === second.seat
  const areKinds = first.kind === rule.first && second.kind === rule.second
  return isOnePlace && areKinds && !equalBytes(first.block, second.block)
}

/** The account of the seat that signed both votes. */
function offenderOf(
  state: LedgerState,
  votes: readonly Vote[],
  context: BlockContext,
): Result<Uint8Array, TransactionError> {
  const { epoch, seat: seatIndex } = votes[0] ?? { epoch: 0, seat: 0 }
  const committee = committeeOf(state, epoch, context)
  if (committee === undefined) return err({ code: 'EVIDENCE_EPOCH' })
  const seat = committee.seats[seatIndex]
  if (seat === undefined) return err({ code: 'EVIDENCE_INVALID' })
  const root = committeeRoot(committee)
  const isSigned = votes.every((vote) => {
    const { kind, view, block } = vote
    const isShaped =
      block.length === (kind === VoteKind.SKIP ? 0 : 32) &&
      // No part of what the seat signed: whoever files it could choose it.
      vote.leaderSignature.length === 0
    const message = voteMessage({
      kind,
      chainId: context.chain.chainId,
      epoch,
      view,
      committeeRoot: root,
      block,
    })
    return isShaped && context.env.verifier.blsSigned(seat.epochKey, message, vote.signature)
  })
  return isSigned ? ok(seat.validator) : err({ code: 'EVIDENCE_INVALID' })
}

/** Committees of later epochs have signed nothing yet. */
function committeeOf(
  state: LedgerState,
  epoch: number,
  context: BlockContext,
): Committee | undefined {
  return epoch > context.derived.epoch ? undefined : read(state, committees, epoch)
}
