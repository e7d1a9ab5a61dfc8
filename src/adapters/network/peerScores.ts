/**
 * Penalties and the blocklist (NET-5): a peer that keeps sending what is invalid is dropped and
 * stays out for a while. Points fade, so that one mistake does not add up with another an hour
 * later.
 */
import type { Clock } from '../../ports/clock.ts'
import type { PeerId } from '../../ports/transport.ts'

export const scoreLimits = {
  blockAtPoints: 5,
  fadeMsPerPoint: 60_000,
  blockMs: 10 * 60_000,
  trackedPeersMax: 1024,
} as const

/** What nobody sends by mistake, and what is costly to receive, bans at once (SYNC-3). */
const banReasons: ReadonlySet<string> = new Set(['SNAPSHOT_CHUNK_INVALID'])

/** How much a reason counts; reasons are codes of whoever penalises. */
export function pointsOf(reason: string): number {
  return banReasons.has(reason) ? scoreLimits.blockAtPoints : 1
}

interface Standing {
  points: number
  atMs: number
  blockedUntilMs: number
}

export class PeerScores {
  readonly #clock: Clock
  readonly #standings = new Map<PeerId, Standing>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** True when these points are the ones that block the peer. */
  penalise(peer: PeerId, points = 1): boolean {
    const nowMs = this.#clock.nowMs()
    const wasBlocked = this.isBlocked(peer)
    const total = this.points(peer) + points
    const blocked = total >= scoreLimits.blockAtPoints
    this.#standings.delete(peer)
    this.#standings.set(peer, {
      points: total,
      atMs: nowMs,
      blockedUntilMs: blocked ? nowMs + scoreLimits.blockMs : 0,
    })
    this.#forgetOldest()
    return blocked && !wasBlocked
  }

  points(peer: PeerId): number {
    const standing = this.#standings.get(peer)
    if (standing === undefined) return 0
    const faded = (this.#clock.nowMs() - standing.atMs) / scoreLimits.fadeMsPerPoint
    return Math.max(0, standing.points - faded)
  }

  isBlocked(peer: PeerId): boolean {
    const standing = this.#standings.get(peer)
    return standing !== undefined && standing.blockedUntilMs > this.#clock.nowMs()
  }

  #forgetOldest(): void {
    if (this.#standings.size <= scoreLimits.trackedPeersMax) return
    for (const peer of this.#standings.keys()) {
      this.#standings.delete(peer)
      return
    }
  }
}
