/**
 * Own time by the clocks of the seats (TIME-1): the median over 2F+1 power of what each showed in
 * its quickest answer. What was measured holds for a while when too few answer quickly, so that
 * nobody moves a clock by delaying answers; after that nothing is corrected, and the node says so.
 */
import type { Committee } from '../core/codec/chain.ts'
import { committeeQuorum } from '../core/committee/quorum.ts'
import type { Clock } from '../ports/clock.ts'
import type { PeerId } from '../ports/transport.ts'
import { medianOffset } from './clockOffset.ts'
import { bestOffset, withSample, type ClockSample } from './clockSamples.ts'

/** TIME-1: own time is never moved further than this. */
const offsetMsMax = 10_000

/** An offset below this is the noise of the round trip: correcting by it would only add jitter. */
const offsetMsMin = 50

/** A clock drifts by 100 ppm at most: 30 ms in this time, less than is corrected at all. */
export const offsetHeldMs = 300_000

export class SeatClock {
  readonly #self: PeerId
  readonly #clock: Pick<Clock, 'after'>
  readonly #notice: (text: string) => void
  readonly #samples = new Map<PeerId, readonly ClockSample[]>()
  #committee: Committee | undefined
  #measuredMs: number | undefined
  /** Said once, until a quorum says that the clock is right. */
  #isOffSaid = false
  #cancelHold: (() => void) | undefined

  constructor(self: PeerId, clock: Pick<Clock, 'after'>, notice: (text: string) => void) {
    this.#self = self
    this.#clock = clock
    this.#notice = notice
  }

  /** What own time is corrected by. */
  get offsetMs(): number {
    const measuredMs = this.#measuredMs ?? 0
    if (Math.abs(measuredMs) < offsetMsMin) return 0
    return Math.max(-offsetMsMax, Math.min(offsetMsMax, measuredMs))
  }

  /** What seats of 2F+1 power say, or said a while ago; undefined when they do not. */
  get measuredMs(): number | undefined {
    return this.#measuredMs
  }

  /** A quorum's time is further away than own time may be corrected by (TIME-1). */
  get isOff(): boolean {
    return Math.abs(this.#measuredMs ?? 0) > offsetMsMax
  }

  setCommittee(committee: Committee): void {
    this.#committee = committee
    this.#correct()
  }

  note(peer: PeerId, sample: ClockSample): void {
    this.#samples.set(peer, withSample(this.#samples.get(peer) ?? [], sample))
    this.#correct()
  }

  /** Who is gone answers no more: what it said of its clock does not count for ever. */
  forget(peer: PeerId): void {
    if (this.#samples.delete(peer)) this.#correct()
  }

  /** This clock jumped: what was measured by it is of another one, and does not hold. */
  forgetAll(): void {
    this.#samples.clear()
    this.#endHold()
    this.#measuredMs = undefined
  }

  stop(): void {
    this.#endHold()
  }

  /**
   * The seat of this node counts as 0, with its power: of the seats that agree on a time it may be
   * the one that is right. A node without a seat measures by the others alone.
   */
  #correct(): void {
    const seats = this.#committee?.seats ?? []
    if (seats.length === 0) return
    const offsets = seats.flatMap(({ peerId, power }) => {
      const peer = peerId as PeerId
      const offsetMs = peer === this.#self ? 0 : bestOffset(this.#samples.get(peer) ?? [])
      return offsetMs === undefined ? [] : [{ offsetMs, power }]
    })
    const median = medianOffset(offsets, committeeQuorum({ seats }))
    if (median === undefined) {
      this.#hold()
      return
    }
    this.#endHold()
    this.#measuredMs = median
    if (this.isOff && !this.#isOffSaid) this.#notice(`CLOCK_OFF:${String(median)} ms`)
    this.#isOffSaid = this.isOff
  }

  #hold(): void {
    if (this.#measuredMs === undefined || this.#cancelHold !== undefined) return
    this.#cancelHold = this.#clock.after(offsetHeldMs, () => {
      this.#cancelHold = undefined
      this.#measuredMs = undefined
      this.#notice('CLOCK_UNMEASURED:too few seats answer quickly')
    })
  }

  #endHold(): void {
    this.#cancelHold?.()
    this.#cancelHold = undefined
  }
}
