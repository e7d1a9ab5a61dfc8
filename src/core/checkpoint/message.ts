/**
 * What a voter signs (SIG-2, CKPT-1): chain, the root of the set that votes, and the content, under
 * one context for BLS and another for ML-DSA-87, so that no signature means anything elsewhere.
 */
import { CheckpointContent, CheckpointPayload } from '../codec/checkpoint.ts'
import { equalBytes } from '../base/bytes.ts'
import { hash, hashBytes } from '../crypto/hash.ts'

interface Signed {
  readonly chainId: string
  readonly votersRoot: Uint8Array
  readonly content: CheckpointContent
}

export function checkpointMessage(signed: Signed): Uint8Array {
  return hash('checkpoint', CheckpointPayload.encode(signed))
}

export function postQuantumMessage(signed: Signed): Uint8Array {
  return hash('checkpointPostQuantum', CheckpointPayload.encode(signed))
}

/** Hash by which a set names a registered ML-DSA-87 key. */
export function postQuantumKeyHash(publicKey: Uint8Array): Uint8Array {
  return hash('postQuantumKey', publicKey)
}

export function contentsEqual(left: CheckpointContent, right: CheckpointContent): boolean {
  return equalBytes(CheckpointContent.encode(left), CheckpointContent.encode(right))
}

/** Whether every field has its length; numbers are checked against what is held. */
export function contentIsShaped(
  content: CheckpointContent | undefined,
): content is CheckpointContent {
  if (content === undefined) return false
  const { header, stateRoot, nextVotersRoot, beacon } = content
  return [header, stateRoot, nextVotersRoot, beacon].every(({ length }) => length === hashBytes)
}
