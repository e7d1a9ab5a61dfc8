/**
 * A single vote on a checkpoint (CKPT-1). A voter signs one content for a number, ever, and stores
 * it durably first (BFT-10): a second one is E11, whatever made it change its mind.
 */
import { assert } from '../base/assert.ts'
import type { CheckpointContent, CheckpointVote } from '../codec/checkpoint.ts'
import type { CheckpointEnv } from './env.ts'
import { checkpointMessage, contentIsShaped } from './message.ts'

/** The caller has stored the content; `sign` is by the key of that voter. */
export function castVote(
  env: CheckpointEnv,
  content: CheckpointContent,
  own: { readonly voter: number; readonly sign: (message: Uint8Array) => Uint8Array },
): CheckpointVote {
  assert(contentIsShaped(content), 'what is voted on is whole')
  assert(env.set.voters[own.voter] !== undefined, 'a voter is of the set')
  const { chainId, set } = env
  const signature = own.sign(checkpointMessage({ chainId, votersRoot: set.root, content }))
  return { content, voter: own.voter, signature }
}

/** Whether that voter of the set signed it. Bytes may be anything. */
export function voteIsSigned(env: CheckpointEnv, vote: CheckpointVote): boolean {
  const { content, voter, signature } = vote
  const key = env.set.voters[voter]?.key
  if (key === undefined || !contentIsShaped(content)) return false
  const { chainId, set, bls } = env
  return bls.verify(key, checkpointMessage({ chainId, votersRoot: set.root, content }), signature)
}
