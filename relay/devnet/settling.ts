/**
 * When `npm run restart` has asked long enough who still stands at the final block (RECOVER-1):
 * whoever is missed here loses its seat, and an operator waits for nobody who is gone.
 */
import { liveSeatsMin } from '../../src/node/restartPlan.ts'

/** What one round of questions brought. */
export interface Round {
  /** Of the final block here. */
  readonly height: number
  /** How many blocks higher a peer's newest is; infinite when no peer answered. */
  readonly behindBlocks: number
  /** How many validators could be named. */
  readonly candidates: number
  /** Those of them that answered and stand at the final block. */
  readonly live: readonly string[]
}

/**
 * Nobody joined or left for so long. A peer may let three seconds pass before it dials, and a
 * handshake on a busy device takes its time.
 */
export const quietMs = 5_000

/** With too few, so much longer for the others to be found. */
export const settlingMsMax = 20_000

/** A chain that goes on is never further ahead than its newest blocks. */
const catchingUpBlocks = 2

export class Settling {
  /** Since when this follower has the blocks of its peers. */
  #caughtUpMs: number | undefined
  #seen = ''
  #seenSinceMs = 0

  /** True when no further round is worth its time. */
  isOver({ height, behindBlocks, candidates, live }: Round, nowMs: number): boolean {
    if (behindBlocks > catchingUpBlocks) this.#caughtUpMs = undefined
    if (behindBlocks > 0) return false
    this.#caughtUpMs ??= nowMs
    const seen = [height, ...live.toSorted()].join(' ')
    if (seen !== this.#seen) this.#seenSinceMs = nowMs
    this.#seen = seen
    if (live.length === candidates) return true
    if (nowMs - this.#caughtUpMs >= settlingMsMax) return true
    return live.length >= liveSeatsMin && nowMs - this.#seenSinceMs >= quietMs
  }
}
