/** What each peer may still send (NET-6): a bucket a peer, filled steadily up to a burst. */
import type { Clock } from '../ports/clock.ts'
import type { PeerId } from '../ports/transport.ts'

interface Bucket {
  readonly tokens: number
  readonly atMs: number
}

/** More peers than this and those with full buckets are forgotten: they lose nothing by it. */
const bucketsMax = 256

export class TokenBuckets {
  readonly #clock: Clock
  readonly #rate: { readonly perSecond: number; readonly burst: number }
  readonly #buckets = new Map<PeerId, Bucket>()

  constructor(clock: Clock, rate: { readonly perSecond: number; readonly burst: number }) {
    this.#clock = clock
    this.#rate = rate
  }

  /** Whether the peer has so much left; if so it is taken. */
  take(peer: PeerId, amount: number): boolean {
    const nowMs = this.#clock.nowMs()
    const left = this.#leftOf(this.#buckets.get(peer), nowMs)
    if (left < amount) return false
    if (this.#buckets.size >= bucketsMax) this.#forgetFull(nowMs)
    this.#buckets.set(peer, { tokens: left - amount, atMs: nowMs })
    return true
  }

  #leftOf(bucket: Bucket | undefined, nowMs: number): number {
    const { perSecond, burst } = this.#rate
    if (bucket === undefined) return burst
    // The clock was set back: how long it took is not known.
    if (nowMs < bucket.atMs) return burst
    const sinceMs = nowMs - bucket.atMs
    return Math.min(burst, bucket.tokens + (sinceMs * perSecond) / 1000)
  }

  #forgetFull(nowMs: number): void {
    for (const [peer, bucket] of this.#buckets) {
      if (this.#leftOf(bucket, nowMs) >= this.#rate.burst) this.#buckets.delete(peer)
    }
  }
}
