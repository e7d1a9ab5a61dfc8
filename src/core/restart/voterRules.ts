/**
 * What a voter may sign for a restart (RECOVER-1). Pure: the node stores the record that
 * `signedRecord` gives durably before the signature leaves (BFT-10).
 *
 * A report binds to nothing. The one signature of an attempt does: afterwards no other base or
 * committee of it is signed, none of an attempt before it, and nothing as a seat of an earlier
 * committee of that epoch.
 */
import { equalBytes } from '../base/bytes.ts'
import type { RestartPayload, RestartRecord } from '../codec/restart.ts'
import type { Params } from '../params.ts'
import { restartStakeMessage } from './messages.ts'
import type { VerifiedList } from './list.ts'

/** Which attempt runs now, counted from the boundary before the epoch: the same for everybody. */
export function attemptAt(
  boundaryMs: number,
  nowMs: number,
  { restartAfterMs }: Pick<Params, 'restartAfterMs'>,
): number {
  return Math.max(0, Math.floor((nowMs - boundaryMs) / restartAfterMs))
}

/** The attempt that this node takes part in: none while its newest final block is young. */
export function ownAttempt(
  tip: { readonly boundaryMs: number; readonly timeMs: number; readonly lastAttempt: number },
  nowMs: number,
  params: Pick<Params, 'restartAfterMs'>,
): number | undefined {
  if (nowMs < tip.timeMs + params.restartAfterMs) return undefined
  const attempt = attemptAt(tip.boundaryMs, nowMs, params)
  return attempt > tip.lastAttempt ? attempt : undefined
}

/**
 * Whether the base of a list is the very block that is final here. One below it would give up what
 * is final; one above it is proven when it is final here too, by its certificate.
 */
export function mayApprove(
  list: Pick<VerifiedList, 'epoch' | 'height' | 'base'>,
  own: { readonly epoch: number; readonly height: number; readonly hash: Uint8Array },
): boolean {
  return list.epoch === own.epoch && list.height === own.height && equalBytes(list.base, own.hash)
}

/** The record to store before signing; undefined when it would contradict the one stored. */
export function signedRecord(
  stored: RestartRecord | undefined,
  payload: RestartPayload,
): RestartRecord | undefined {
  const { epoch, attempt } = payload
  const next = { epoch, attempt, payload: restartStakeMessage(payload) }
  if (stored === undefined || epoch > stored.epoch) return next
  if (epoch < stored.epoch || attempt < stored.attempt) return undefined
  if (attempt > stored.attempt) return next
  return equalBytes(stored.payload, next.payload) ? next : undefined
}

/** Whether a seat of this committee still signs: none does once a later attempt was signed. */
export function seatMaySign(
  stored: RestartRecord | undefined,
  committee: { readonly epoch: number; readonly attempt: number },
): boolean {
  if (stored?.epoch !== committee.epoch) return true
  return committee.attempt >= stored.attempt
}

/**
 * Whether a voter may still vote on a checkpoint of this epoch (CKPT-1): once it has signed for a
 * restart, on none of that epoch or a later one whose chain has not taken that attempt or a later
 * one. `taken` is the newest restart on that chain, of epoch 0 for none.
 *
 * An attempt that brings nothing binds its voters for two checkpoints, not for good: else those who
 * signed for one while the committee came back would never vote again.
 */
export function mayVoteOnCheckpoint(
  stored: RestartRecord | undefined,
  content: { readonly epoch: number },
  taken: { readonly epoch: number; readonly attempt: number },
  { checkpointEpochs }: Pick<Params, 'checkpointEpochs'>,
): boolean {
  if (stored === undefined || content.epoch < stored.epoch) return true
  const { epoch, attempt } = stored
  if (taken.epoch > epoch || (taken.epoch === epoch && taken.attempt >= attempt)) return true
  return content.epoch >= epoch + 2 * checkpointEpochs
}
