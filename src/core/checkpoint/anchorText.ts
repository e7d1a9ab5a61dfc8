/**
 * Where somebody begins to follow checkpoints, as text that people hand on (SYNC-1): hex of a
 * `CheckpointAnchor` and four bytes of its hash, so that a slip of the hand is no other chain.
 */
import { concat, equalBytes, hex, unhex } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import { CheckpointAnchor, type CheckpointContent } from '../codec/checkpoint.ts'
import { decodeStrict } from '../codec/strict.ts'
import { hash } from '../crypto/hash.ts'
import type { HeldCheckpoint } from './held.ts'
import { contentIsShaped, contentsEqual } from './message.ts'

/** Two contents and the longest name of a chain are far below. */
const anchorBytesMax = 1024
const sumBytes = 4

export type AnchorError =
  /** Not the text of a checkpoint, or not all of it: copy it again. */
  | { readonly code: 'CHECKPOINT_ANCHOR_MALFORMED' }
  /** Of another chain. */
  | { readonly code: 'CHECKPOINT_ANCHOR_FOREIGN'; readonly chainId: string }

export function anchorBytes({ chainId, content, postQuantum }: HeldCheckpoint): Uint8Array {
  const isSame = contentsEqual(content, postQuantum)
  return CheckpointAnchor.encode({ chainId, content, ...(!isSame && { postQuantum }) })
}

/** Exact bytes of an anchor of this chain. */
export function readAnchor(
  bytes: Uint8Array,
  chainId: string,
): Result<HeldCheckpoint, AnchorError> {
  const decoded = decodeStrict(CheckpointAnchor, bytes, anchorBytesMax)
  if (!decoded.ok) return err({ code: 'CHECKPOINT_ANCHOR_MALFORMED' })
  const { content, postQuantum = content } = decoded.value
  const isWhole = contentIsShaped(content) && contentIsShaped(postQuantum)
  if (!isWhole || !isOrdered(postQuantum, content)) {
    return err({ code: 'CHECKPOINT_ANCHOR_MALFORMED' })
  }
  const found = decoded.value.chainId
  if (found !== chainId) return err({ code: 'CHECKPOINT_ANCHOR_FOREIGN', chainId: found })
  return ok({ chainId, content, postQuantum })
}

export function anchorText(held: HeldCheckpoint): string {
  const bytes = anchorBytes(held)
  return hex(concat(bytes, sumOf(bytes)))
}

export function anchorOfText(text: string, chainId: string): Result<HeldCheckpoint, AnchorError> {
  const read = unhex(text.trim().toLowerCase())
  if (!read.ok || read.value.length <= sumBytes) {
    return err({ code: 'CHECKPOINT_ANCHOR_MALFORMED' })
  }
  const bytes = read.value.subarray(0, -sumBytes)
  const isUnharmed = equalBytes(read.value.subarray(-sumBytes), sumOf(bytes))
  return isUnharmed ? readAnchor(bytes, chainId) : err({ code: 'CHECKPOINT_ANCHOR_MALFORMED' })
}

function isOrdered(postQuantum: CheckpointContent, content: CheckpointContent): boolean {
  const { number, height } = postQuantum
  return number === content.number
    ? contentsEqual(postQuantum, content)
    : number < content.number && height < content.height
}

function sumOf(bytes: Uint8Array): Uint8Array {
  return hash('checkpointAnchor', bytes).subarray(0, sumBytes)
}
