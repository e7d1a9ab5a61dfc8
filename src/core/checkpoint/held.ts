/** What somebody who follows checkpoints holds (CKPT-1, SYNC-1), and how old it may be. */
import { assert } from '../base/assert.ts'
import type { CheckpointContent } from '../codec/checkpoint.ts'
import { contentIsShaped } from './message.ts'

export interface HeldCheckpoint {
  readonly chainId: string
  readonly content: CheckpointContent
  /** Of the last one that carried ML-DSA-87, or of the anchor: it draws the next signers. */
  readonly postQuantum: CheckpointContent
}

/** Trust begins with a content that its owner trusts: built in, pasted, or of the genesis. */
export function anchorCheckpoint(chainId: string, content: CheckpointContent): HeldCheckpoint {
  assert(contentIsShaped(content), 'an anchor is whole')
  return { chainId, content, postQuantum: content }
}

/**
 * Weak subjectivity: whether an anchor is older than half of the unbonding time, so that another
 * one has to come from somebody who is trusted. Voters whose stake has left lose nothing by signing
 * another history; half of the time is left to convict those whose stake has not.
 */
export function anchorIsTooOld(
  anchorTimeMs: number,
  options: { readonly nowMs: number; readonly unbondingMs: number },
): boolean {
  return 2 * (options.nowMs - anchorTimeMs) > options.unbondingMs
}
