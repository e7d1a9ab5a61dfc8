/**
 * "I verified the proof of that READY, and it holds" (ZK-4). It counts while the READY is on the
 * chain with exactly the proof bytes and public signals that `proofKey` names; nothing that decides
 * about a READY, a seat or a block ever reads it. Free, and once a reviewer and READY.
 */
import { equalBytes } from '../../base/bytes.ts'
import { err, ok } from '../../base/result.ts'
import type { Attest } from '../../codec/chain.ts'
import type { Validator } from '../../codec/state.ts'
import { hashBytes } from '../../crypto/hash.ts'
import { protocol } from '../../params.ts'
import type { BlockContext } from '../blockContext.ts'
import { countReview, isDrawnReviewer, isReviewed, reviewCounts } from '../reviews.ts'
import { read } from '../state.ts'
import { readyEntries } from '../tables.ts'
import { forTicketsOf, isActive, validatorOf } from '../validators.ts'
import type { Execute } from './outcome.ts'

export const attest: Execute<Attest> = (state, sender, payload, context) => {
  const { validator, proofKey } = payload
  const reviewer = validatorOf(state, sender)
  if (reviewer === undefined) return err({ code: 'TX_NOT_VALIDATOR' })
  if (validator.length !== 32) return err({ code: 'TX_FIELD', field: 'validator' })
  if (proofKey.length !== hashBytes) return err({ code: 'TX_FIELD', field: 'proofKey' })
  const epoch = context.derived.epoch + 1
  if (payload.epoch !== epoch) return err({ code: 'ATTEST_EPOCH', epoch })
  if (!mayReview(reviewer, epoch, context)) return err({ code: 'ATTEST_NOT_ELIGIBLE' })
  const review = { validator, reviewer: sender }
  if (!isDrawnReviewer(state, review)) return err({ code: 'ATTEST_NOT_DRAWN' })
  const entry = read(state, readyEntries, validator)
  if (entry === undefined) return err({ code: 'ATTEST_NO_READY' })
  if (!equalBytes(entry.proofKey, proofKey)) return err({ code: 'ATTEST_PROOF' })
  const isFull = reviewCounts(state, sender) >= protocol.reviewsMax
  if (isFull || isReviewed(state, review)) return err({ code: 'ATTEST_QUOTA' })
  return ok({ state: countReview(state, review), amountMicro: 0n })
}

/** As who may be drawn for a seat: no identity is made with the beacon in view (EPOCH-0). */
export function mayReview(
  reviewer: Validator,
  epoch: number,
  { params }: Pick<BlockContext, 'params'>,
): boolean {
  const past = forTicketsOf(reviewer, epoch)
  const isOld = past !== undefined && past.stakeMicro >= params.bondMinMicro
  return isOld && isActive(reviewer, epoch, params)
}
