/** The agreement of an epoch at its beginning, or as a safety record left it (BFT-10). */
import { VoteKind, type SafetyRecord } from '../codec/chain.ts'
import { equalBytes } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import type { TimeMs, View } from '../types/ids.ts'
import { certificateIsValid } from './certificate.ts'
import { draftOf, keyOf, patchView, viewState } from './draft.ts'
import { voteIsSigned } from './signing.ts'
import type { Agreement, AgreementEnv, Mode, OwnVotes } from './types.ts'

export type RecordError =
  /** The record is of another committee or key: it says nothing about this service. */
  | { readonly code: 'RECORD_FOREIGN' }
  /** A vote in it is not signed by the own key: the record was damaged. */
  | { readonly code: 'RECORD_CORRUPT'; readonly view: number }

/**
 * `record` is undefined for the first start of a service, when nothing can have been signed yet:
 * the key was made in this very process. Otherwise the seat recovers before it signs.
 */
export function createAgreement(
  env: AgreementEnv,
  options: {
    readonly nowMs: TimeMs
    readonly record: SafetyRecord | undefined
    /** This process began after the service did: ask the others first. */
    readonly restarted?: boolean
    /** Highest sequence number stored for this key, by an earlier service with it. */
    readonly sequence?: number
  },
): Result<Agreement, RecordError> {
  const { nowMs, record, restarted = false, sequence = 0 } = options
  const fresh: Agreement = { ...freshAgreement(env, nowMs), sequence }
  if (env.own === undefined) return ok(fresh)
  if (record === undefined) {
    return ok(restarted ? { ...fresh, mode: { type: 'recovering', answered: [] } } : fresh)
  }
  const seat = env.seats[env.own.seat]
  const isForeign = record.epoch !== env.epoch || record.attempt !== env.attempt
  if (isForeign || seat === undefined) return err({ code: 'RECORD_FOREIGN' })
  if (!equalBytes(record.epochKey, seat.epochKey)) return err({ code: 'RECORD_FOREIGN' })
  const draft = draftOf(env, fresh, nowMs)
  for (const vote of record.votes) {
    if (vote.seat !== env.own.seat || !voteIsSigned(env, vote)) {
      return err({ code: 'RECORD_CORRUPT', view: vote.view })
    }
    const here = viewState(draft.state, vote.view)
    const slot = { vote, verified: true }
    const own: OwnVotes = { ...here.own, [ownField(vote.kind)]: vote }
    patchView(draft, vote.view, {
      own,
      ...(vote.kind === VoteKind.VOTE && { votes: new Map(here.votes).set(vote.seat, slot) }),
      ...(vote.kind === VoteKind.COMMIT && {
        commits: new Map(here.commits).set(vote.seat, slot),
      }),
      ...(vote.kind === VoteKind.SKIP && { skips: new Map(here.skips).set(vote.seat, slot) }),
    })
  }
  for (const certificate of record.certificates) {
    if (!certificateIsValid(env, certificate)) continue
    const { kind, view } = certificate
    if (kind === VoteKind.VOTE) patchView(draft, view, { quorum: certificate })
    else if (kind === VoteKind.COMMIT) patchView(draft, view, { commitCertificate: certificate })
    else patchView(draft, view, { skipCertificate: certificate })
  }
  return ok({
    ...draft.state,
    mode: { type: 'recovering', answered: [] },
    view: Math.max(1, record.view) as View,
    floorView: record.floorView as View,
    sequence: record.sequence,
  })
}

function freshAgreement(env: AgreementEnv, nowMs: TimeMs): Agreement {
  const mode: Mode = env.own === undefined ? { type: 'observing' } : { type: 'active' }
  return {
    mode,
    view: 1 as View,
    enteredAtMs: nowMs,
    finalView: 0 as View,
    finalKey: keyOf(env.root.hash),
    finalCertificate: undefined,
    floorView: 1 as View,
    views: new Map(),
    blocks: new Map(),
    heardViews: env.seats.map(() => 0),
    building: undefined,
    lastProgressAtMs: nowMs,
    lastStandstillAtMs: nowMs,
    missingAtMs: undefined,
    sequence: 0,
    malformed: [],
    filed: [],
  }
}

function ownField(kind: VoteKind): keyof OwnVotes {
  if (kind === VoteKind.PROPOSE) return 'propose'
  if (kind === VoteKind.VOTE) return 'vote'
  return kind === VoteKind.COMMIT ? 'commit' : 'skip'
}
