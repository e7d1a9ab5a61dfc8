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
  /** An owner who reloads the page is of this chain again: no penalty, and soon another look. */
  strangerMs: 60_000,
  trackedPeersMax: 1024,
} as const

/** What nobody sends by mistake, and what is costly to receive, bans at once (SYNC-3). */
const banReasons: ReadonlySet<string> = new Set(['SNAPSHOT_CHUNK_INVALID'])

/** How much a reason counts; reasons are codes of whoever penalises. */
export function pointsOf(reason: string): number {
  return banReasons.has(reason) ? scoreLimits.blockAtPoints : 1
}

/** ENC-2: of another genesis or version. It did nothing wrong, and is of no use here. */
const strangerReasons: ReadonlySet<string> = new Set([
  ...['PEER_NEWER', 'PEER_OLDER', 'PEER_OTHER_GENESIS'],
])

export function isStrangerReason(reason: string): boolean {
  return strangerReasons.has(reason)
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
    // Who is kept out is not let in earlier because it misbehaves as well.
    const untilMs = this.#standings.get(peer)?.blockedUntilMs ?? 0
    const total = this.points(peer) + points
    const blocked = total >= scoreLimits.blockAtPoints
    this.#standings.delete(peer)
    this.#standings.set(peer, {
      points: total,
      atMs: nowMs,
      blockedUntilMs: Math.max(untilMs, blocked ? nowMs + scoreLimits.blockMs : 0),
    })
    this.#forgetOldest()
    return blocked && !wasBlocked
  }

  /** Keeps a stranger out for a minute, and its points as they are. */
  exclude(peer: PeerId): boolean {
    if (this.isBlocked(peer)) return false
    const nowMs = this.#clock.nowMs()
    const points = this.points(peer)
    const blockedUntilMs = nowMs + scoreLimits.strangerMs
    this.#standings.delete(peer)
    this.#standings.set(peer, { points, atMs: nowMs, blockedUntilMs })
    this.#forgetOldest()
    return true
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
