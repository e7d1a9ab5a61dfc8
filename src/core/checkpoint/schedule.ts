/**
 * Which boundaries are checkpointed, and when ML-DSA-87 is due (CKPT-1). Number 0 is the genesis;
 * number N is the boundary of epoch N · interval − 1, the last of N intervals.
 */
import type { CheckpointParams } from './parameters.ts'

type Interval = Pick<CheckpointParams, 'checkpointEpochs'>

/** Undefined when the boundary of `epoch` is not checkpointed. */
export function checkpointNumberOf(
  epoch: number,
  { checkpointEpochs }: Interval,
): number | undefined {
  const passed = epoch + 1
  return passed % checkpointEpochs === 0 ? passed / checkpointEpochs : undefined
}

/** For numbers from 1 on. */
export function checkpointEpochOf(number: number, { checkpointEpochs }: Interval): number {
  return number * checkpointEpochs - 1
}

/**
 * Whether a multiple of `postQuantumBlocks` lies above `signedHeight`, the newest height with such
 * signatures, and not above `height`.
 */
export function postQuantumIsDue(
  signedHeight: number,
  height: number,
  { postQuantumBlocks }: Pick<CheckpointParams, 'postQuantumBlocks'>,
): boolean {
  return Math.floor(height / postQuantumBlocks) > Math.floor(signedHeight / postQuantumBlocks)
}
