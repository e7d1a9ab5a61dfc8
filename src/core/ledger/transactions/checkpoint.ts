/**
 * A checkpoint has formed (CKPT-1): bitmap and aggregate over the content that the state holds.
 * Unsigned and free, because it proves itself, and counted once a number.
 *
 * Its ML-DSA-87 signatures are not here: half a megabyte is too much for a chain. Where they are
 * due, who votes has seen enough of them before, and 2/3 of the stake voted.
 */
import { hex } from '../../base/bytes.ts'
import { err, ok, type Result } from '../../base/result.ts'
import { checkpointMessage } from '../../checkpoint/message.ts'
import { indicesOf } from '../../base/bitmap.ts'
import { reachesThreshold, stakeAt } from '../../checkpoint/voterSet.ts'
import type { CheckpointCertificate } from '../../codec/chain.ts'
import type { CheckpointContent } from '../../codec/checkpoint.ts'
import { hash } from '../../crypto/hash.ts'
import type { HashHex } from '../../types/ids.ts'
import { formed, hasFormed, needsPostQuantum, votingSet } from '../checkpoints.ts'
import type { CheckpointQuestion } from '../env.ts'
import type { TransactionError } from '../errors.ts'
import { readSingle, type LedgerState } from '../state.ts'
import { checkpointRecord } from '../tables.ts'
import type { Execute } from './outcome.ts'

export const checkpoint: Execute<CheckpointCertificate> = (state, _sender, payload, context) => {
  const { chainId } = context.chain
  const asked = checkpointQuestion(state, payload, chainId)
  if (!asked.ok) return asked
  const { content, question } = asked.value
  const isSigned = context.env.verifier.checkpointSigned(question)
  const { proofKey } = question
  if (isSigned === undefined) return err({ code: 'CHECKPOINT_UNVERIFIED', proofKey })
  if (!isSigned) return err({ code: 'CHECKPOINT_UNSIGNED' })
  const record = readSingle(state, checkpointRecord)
  const withPostQuantum = needsPostQuantum(record, context.params)
  const aggregate = { content, voters: payload.voters, signature: payload.signature }
  return ok({ state: formed(state, record, aggregate, withPostQuantum), amountMicro: 0n })
}

/**
 * What has to be verified for it on this state: once for each set, content, bitmap and signature,
 * so that it can be done before a block is executed.
 */
export function checkpointQuestion(
  state: LedgerState,
  payload: CheckpointCertificate,
  chainId: string,
): Result<
  { readonly content: CheckpointContent; readonly question: CheckpointQuestion },
  TransactionError
> {
  const record = readSingle(state, checkpointRecord)
  const { content, number } = record
  if (payload.number !== number) return err({ code: 'CHECKPOINT_STALE', number })
  if (content === undefined || hasFormed(record)) return err({ code: 'CHECKPOINT_STALE', number })
  const set = votingSet(state)
  const indices = set && indicesOf(set.voters.length, payload.voters)
  if (set === undefined || indices === undefined) return err({ code: 'CHECKPOINT_BITMAP' })
  const signedMicro = stakeAt(set, indices)
  if (!reachesThreshold(set, signedMicro)) return err({ code: 'CHECKPOINT_WEAK', signedMicro })
  const { voters, signature } = payload
  const message = checkpointMessage({ chainId, votersRoot: set.root, content })
  const proofKey = hex(hash('message', message, voters, signature)) as HashHex
  const keys = indices.flatMap((index) => set.voters[index]?.key ?? [])
  return ok({ content, question: { keys, message, signature, proofKey } })
}
