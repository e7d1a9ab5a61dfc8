/**
 * Who reviews a READY (ZK-4): each validator by a draw of its own, so that nobody has to list them
 * all. The beacon is younger than the identities that it draws among and than the proof that they
 * review, and nothing in the draw is the READY's maker's to choose: proof bytes are not part of it.
 */
import { equalBytes, u64be } from '../base/bytes.ts'
import { hash } from '../crypto/hash.ts'
import { protocol } from '../params.ts'

export interface ReviewDraw {
  /** Fixed by the boundary before the epoch in which the READY counts, 32 bytes. */
  readonly beacon: Uint8Array
  /** Served by the READY. */
  readonly epoch: number
  /** Active validators at that boundary, below 2²¹. */
  readonly active: number
  /** Ed25519 key of the READY's maker, and of who may review it. */
  readonly validator: Uint8Array
  readonly reviewer: Uint8Array
}

/** Three in the mean; everybody where no more than that are active, and never oneself. */
export function isReviewer({ beacon, epoch, active, validator, reviewer }: ReviewDraw): boolean {
  if (equalBytes(validator, reviewer)) return false
  const digest = hash('reviewer', beacon, u64be(epoch), validator, reviewer)
  const drawn = digest.slice(0, 4).reduce((sum, byte) => sum * 256 + byte, 0)
  return drawn * active < protocol.reviewersAim * 0x1_0000_0000
}
