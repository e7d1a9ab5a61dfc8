/**
 * A checkpoint has formed (CKPT-1): bitmap and aggregate over the content that the state holds.
 * Unsigned and free, because it proves itself, and counted once a number.
 *
 * Its ML-DSA-87 signatures are not here: half a megabyte is too much for a chain. Where they are
 * due, who votes has seen enough of them before, and 2/3 of the stake voted.
 */
import { err, ok } from '../../base/result.ts'
import { checkpointMessage } from '../../checkpoint/message.ts'
import { indicesOf } from '../../checkpoint/voterBitmap.ts'
import { reachesThreshold, stakeAt } from '../../checkpoint/voterSet.ts'
import type { CheckpointCertificate } from '../../codec/chain.ts'
import { formed, hasFormed, needsPostQuantum, votingSet } from '../checkpoints.ts'
import { readSingle } from '../state.ts'
import { checkpointRecord } from '../tables.ts'
import type { Execute } from './outcome.ts'

export const checkpoint: Execute<CheckpointCertificate> = (state, _sender, payload, context) => {
  const record = readSingle(state, checkpointRecord)
  const { content, number } = record
  if (payload.number !== number) return err({ code: 'CHECKPOINT_STALE', number })
  if (content === undefined || hasFormed(record)) return err({ code: 'CHECKPOINT_STALE', number })
  const set = votingSet(state)
  const indices = set && indicesOf(set.voters.length, payload.voters)
  if (set === undefined || indices === undefined) return err({ code: 'CHECKPOINT_BITMAP' })
  const signedMicro = stakeAt(set, indices)
  if (!reachesThreshold(set, signedMicro)) return err({ code: 'CHECKPOINT_WEAK', signedMicro })
  const keys = indices.flatMap((index) => set.voters[index]?.key ?? [])
  const { chainId } = context.chain
  const message = checkpointMessage({ chainId, votersRoot: set.root, content })
  if (!context.env.verifier.aggregateSigned(keys, message, payload.signature)) {
    return err({ code: 'CHECKPOINT_UNSIGNED' })
  }
  const withPostQuantum = needsPostQuantum(record, context.params)
  const aggregate = { content, voters: payload.voters, signature: payload.signature }
  return ok({ state: formed(state, record, aggregate, withPostQuantum), amountMicro: 0n })
}
