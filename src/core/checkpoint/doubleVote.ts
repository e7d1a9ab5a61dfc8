/**
 * E11 (EVID-1, CKPT-1): two signatures of one voter on different contents for one number. Any
 * difference counts, the state root as well: a voter whose execution was wrong keeps its vote, and
 * an honest one never signs a number twice. One vote that nobody shares is no evidence.
 */
import { equalBytes, mapKey } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import type { CheckpointAggregate, CheckpointContent } from '../codec/checkpoint.ts'
import type { BlsBackend } from '../crypto/bls.ts'
import { verifyAggregate, type AggregateError } from './aggregate.ts'
import type { CheckpointEnv } from './env.ts'
import { checkpointMessage, contentIsShaped } from './message.ts'

/** A vote by itself, without the set in which its voter has an index. */
export interface SignedContent {
  readonly votersRoot: Uint8Array
  readonly content: CheckpointContent
  readonly signature: Uint8Array
}

type Verifying = Pick<BlsBackend, 'verify'>

/** Whether the key, registered for checkpoints of this chain, signed both. */
export function isDoubleVote(
  env: { readonly chainId: string; readonly key: Uint8Array; readonly bls: Verifying },
  first: SignedContent,
  second: SignedContent,
): boolean {
  const messages = contradicting(env.chainId, first, second)
  if (messages === undefined) return false
  const { key, bls } = env
  const [one, other] = messages
  return bls.verify(key, one, first.signature) && bls.verify(key, other, second.signature)
}

/** What was signed, where it is two contents for one number. */
export function contradicting(
  chainId: string,
  first: SignedContent,
  second: SignedContent,
): readonly [first: Uint8Array, second: Uint8Array] | undefined {
  if (!contentIsShaped(first.content) || !contentIsShaped(second.content)) return undefined
  if (first.content.number !== second.content.number) return undefined
  const one = checkpointMessage({ chainId, ...first })
  const other = checkpointMessage({ chainId, ...second })
  return equalBytes(one, other) ? undefined : [one, other]
}

export type DoubleVotersError =
  | AggregateError
  /** Two chains or numbers, or the same message: nothing contradicts. */
  | { readonly code: 'DOUBLE_VOTE_NONE' }

/**
 * The accounts that signed both of two aggregates, or checkpoints: of two checkpoints of one set
 * for one number at least a third of its stake.
 */
export function doubleVotersOf(
  first: { readonly env: CheckpointEnv; readonly aggregate: CheckpointAggregate },
  second: { readonly env: CheckpointEnv; readonly aggregate: CheckpointAggregate },
): Result<readonly Uint8Array[], DoubleVotersError> {
  const [one, other] = [first.aggregate.content, second.aggregate.content]
  if (!contentIsShaped(one) || !contentIsShaped(other)) return err({ code: 'AGGREGATE_CONTENT' })
  const isComparable = first.env.chainId === second.env.chainId && one.number === other.number
  const isSame = equalBytes(
    checkpointMessage({ ...first.env, votersRoot: first.env.set.root, content: one }),
    checkpointMessage({ ...second.env, votersRoot: second.env.set.root, content: other }),
  )
  if (!isComparable || isSame) return err({ code: 'DOUBLE_VOTE_NONE' })
  const firstVoters = verifyAggregate(first.env, first.aggregate)
  if (!firstVoters.ok) return firstVoters
  const secondVoters = verifyAggregate(second.env, second.aggregate)
  if (!secondVoters.ok) return secondVoters
  const accountsOf = (env: CheckpointEnv, indices: readonly number[]): readonly Uint8Array[] =>
    indices.flatMap((index) => env.set.voters[index]?.account ?? [])
  const also = new Set(accountsOf(second.env, secondVoters.value).map(mapKey))
  return ok(accountsOf(first.env, firstVoters.value).filter((account) => also.has(mapKey(account))))
}
