/**
 * What a seat signed and no honest one does (E1–E6 and E8, EVID-1): unsigned, free, and counted
 * once by (kind, epoch, view, seat). E9 accuses a reviewer; it has a file of its own.
 */
import { equalBytes } from '../../base/bytes.ts'
import { err, ok } from '../../base/result.ts'
import { EvidenceKind, Vote, VoteKind, type Committee, type Evidence } from '../../codec/chain.ts'
import { decodeStrict } from '../../codec/strict.ts'
import type { EvidenceMark } from '../../codec/state.ts'
import { committeeRoot } from '../../committee/handOver.ts'
import { proposalFault, type JudgingCommittee } from '../../committee/proposalFault.ts'
import { committeeQuorum } from '../../committee/quorum.ts'
import { voteMessage } from '../../committee/voteMessage.ts'
import { hash } from '../../crypto/hash.ts'
import type { BlockContext } from '../blockContext.ts'
import type { Verifier } from '../env.ts'
import { convict } from '../slashing.ts'
import { read, write, type LedgerState } from '../state.ts'
import { committees, evidenceMarks } from '../tables.ts'
import { falseReview, isFalseReview } from './falseReview.ts'
import type { Execute } from './outcome.ts'
import { wrongSharing, wrongSharingOf } from './wrongSharing.ts'

interface Rule {
  readonly code: number
  /** What the accused signed first. */
  readonly first: readonly VoteKind[]
  /** The other vote of a pair; undefined for a vote that is wrong by what it is for. */
  readonly second: VoteKind | undefined
}

const { PROPOSE, VOTE, COMMIT, SKIP } = VoteKind

const rules: Readonly<Partial<Record<EvidenceKind, Rule>>> = {
  [EvidenceKind.E1_DOUBLE_PROPOSE]: { code: 1, first: [PROPOSE], second: PROPOSE },
  [EvidenceKind.E2_DOUBLE_VOTE]: { code: 2, first: [VOTE], second: VOTE },
  [EvidenceKind.E3_DOUBLE_COMMIT]: { code: 3, first: [COMMIT], second: COMMIT },
  [EvidenceKind.E4_COMMIT_AND_SKIP]: { code: 4, first: [COMMIT], second: SKIP },
  [EvidenceKind.E5_MALFORMED_PROPOSAL]: { code: 5, first: [PROPOSE], second: undefined },
  [EvidenceKind.E6_VOTE_ON_MALFORMED]: { code: 6, first: [VOTE, COMMIT], second: undefined },
}

const voteBytesMax = 512

/** What evidence accuses of, as it says itself; undefined when it says nothing readable. */
export function offenceOf(payload: Evidence): EvidenceMark | undefined {
  if (payload.kind === EvidenceKind.E8_WRONG_SHARING) return wrongSharingOf(payload)?.mark
  const rule = rules[payload.kind]
  const first = decodeStrict(Vote, payload.first, voteBytesMax)
  if (rule === undefined || !first.ok) return undefined
  const { epoch, view, seat } = first.value
  return { kind: rule.code, epoch, view, seat }
}

export const evidence: Execute<Evidence> = (state, _sender, payload, context) => {
  if (payload.kind === EvidenceKind.E8_WRONG_SHARING) return wrongSharing(state, payload, context)
  if (isFalseReview(payload)) return falseReview(state, payload, context)
  const rule = rules[payload.kind]
  if (rule === undefined) return err({ code: 'EVIDENCE_KIND' })
  const extra = extraField(rule, payload)
  if (extra !== undefined) return err({ code: 'TX_FIELD', field: extra })
  const first = decodeStrict(Vote, payload.first, voteBytesMax)
  if (!first.ok || !rule.first.includes(first.value.kind)) return err({ code: 'EVIDENCE_INVALID' })
  const { epoch, view, seat } = first.value
  const mark = { kind: rule.code, epoch, view, seat }
  if (read(state, evidenceMarks, mark) !== undefined) return err({ code: 'EVIDENCE_KNOWN' })
  const committee = committeeOf(state, epoch, context)
  if (committee === undefined) return err({ code: 'EVIDENCE_EPOCH' })
  const accused = committee.seats[seat]
  const judging = judgingCommittee(committee, context)
  const { verifier } = context.env
  const isProven =
    rule.second === undefined
      ? isOnMalformed(judging, first.value, payload, verifier)
      : isContradicted(judging, first.value, payload.second, rule.second, verifier)
  if (accused === undefined || !isProven) return err({ code: 'EVIDENCE_INVALID' })
  const marked = write(state, evidenceMarks, mark, mark)
  const offence = {
    validator: accused.validator,
    kind: rule.code,
    epoch,
    timeMs: context.timeMs,
    epochNow: context.derived.epoch,
  }
  return ok(convict(marked, offence, context.params))
}

/** What another kind of evidence would carry. */
function extraField(rule: Rule, payload: Evidence): keyof Evidence | undefined {
  const extra =
    rule.second === undefined
      ? (['second', 'statement'] as const)
      : (['header', 'justification', 'parentHeader', 'statement'] as const)
  return extra.find((field) => payload[field].length > 0)
}

/** E1 to E4. */
function isContradicted(
  committee: JudgingCommittee,
  first: Vote,
  bytes: Uint8Array,
  kind: VoteKind,
  verifier: Verifier,
): boolean {
  const decoded = decodeStrict(Vote, bytes, voteBytesMax)
  if (!decoded.ok) return false
  const second = decoded.value
  return (
    second.kind === kind &&
    second.epoch === first.epoch &&
    second.view === first.view &&
    second.seat === first.seat &&
    !equalBytes(first.block, second.block) &&
    voteIsSigned(committee, first, verifier) &&
    voteIsSigned(committee, second, verifier)
  )
}

/**
 * E5 and E6. Who votes may hold itself a certificate of which the proposal has a false copy, so a
 * false signature in it accuses the leader alone.
 */
function isOnMalformed(
  committee: JudgingCommittee,
  vote: Vote,
  payload: Evidence,
  verifier: Verifier,
): boolean {
  if (!equalBytes(hash('header', payload.header), vote.block)) return false
  if (!voteIsSigned(committee, vote, verifier)) return false
  const { view, seat } = vote
  if (vote.kind !== PROPOSE) return proposalFault(committee, view, payload) !== undefined
  const isLeader = seat === committee.leaders[(view - 1) % committee.leaders.length]
  if (!isLeader) return payload.justification.length === 0 && payload.parentHeader.length === 0
  return proposalFault(committee, view, payload, verifier.aggregateSigned) !== undefined
}

function voteIsSigned(committee: JudgingCommittee, vote: Vote, verifier: Verifier): boolean {
  const { kind, epoch, view, block, seat, signature, leaderSignature } = vote
  const key = committee.seats[seat]?.epochKey
  // No part of what the seat signed: whoever files it could choose it.
  if (key === undefined || leaderSignature.length > 0) return false
  if (block.length !== (kind === SKIP ? 0 : 32)) return false
  const { chainId, committeeRoot: root } = committee
  const message = voteMessage({ kind, chainId, epoch, view, committeeRoot: root, block })
  return verifier.blsSigned(key, message, signature)
}

/** Committees of later epochs have signed nothing yet. */
function committeeOf(
  state: LedgerState,
  epoch: number,
  context: BlockContext,
): Committee | undefined {
  return epoch > context.derived.epoch ? undefined : read(state, committees, epoch)
}

function judgingCommittee(committee: Committee, { chain }: BlockContext): JudgingCommittee {
  const { epoch, seats, leaders } = committee
  const { quorumPower } = committeeQuorum(committee)
  const root = committeeRoot(committee)
  return { chainId: chain.chainId, epoch, seats, leaders, quorumPower, committeeRoot: root }
}
