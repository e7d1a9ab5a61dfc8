/**
 * Beat times of a strap, rebuilt from the sum of its intervals (SENS-1).
 *
 * Packets come about once a second and late by a constant lag that cannot be known here (0.4 to 2.6
 * s), so arrival is no beat time. The offset between the strap's clock and ours is the smallest
 * delay seen so far, allowed to creep up by the drift of two quartz clocks: within a packet period
 * it is the lag.
 *
 * A strap reports each beat in the next packet. When beats keep coming that, by the intervals, fell
 * before the packet before, one was left out; when the intervals run ahead of the clock, one was
 * sent twice. Both end the series: what follows is not known to follow on.
 */

import type { Beat, BeatsEvent } from '../../ports/sensor.ts'
import { isHeartInterval, ticksToMs } from './ticks.ts'

/** Twice the worst drift of two cheap quartz clocks against each other. */
const driftPartsPerMillion = 200
/** Radio and a busy page delay a packet now and then by this much, rarely several in a row. */
const jitterMs = 250
const overduePacketsMax = 3
/** After so many packets one of them came right after its beat, and the offset is the lag. */
const settlingPackets = 60
/** A packet this late ends the series at once: the samples were stale (SENS-3). */
const silenceMsMax = 3000

export class StrapTimeline {
  #series = 0
  #isOpen = false
  #offsetMs = 0
  /** Follows the offset no faster than clocks drift. */
  #slowOffsetMs = 0
  #totalTicks = 0
  #packets = 0
  #overduePackets = 0
  #lateMs: number[] = []
  #lastArrivalMs = 0

  /** The beats of a packet that arrived at `arrivalMs`; none when it held no usable interval. */
  add(rrTicks: readonly number[], arrivalMs: number): readonly BeatsEvent[] {
    if (this.#isOpen && arrivalMs - this.#lastArrivalMs > silenceMsMax) this.break()
    const events: BeatsEvent[] = []
    let usable: number[] = []
    for (const rr of rrTicks) {
      if (isHeartInterval(rr)) {
        usable.push(rr)
        continue
      }
      // A 0 or an impossible interval stands for beats that the strap did not see.
      if (usable.length > 0) events.push(this.#place(usable, arrivalMs))
      usable = []
      this.break()
    }
    if (usable.length > 0) events.push(this.#place(usable, arrivalMs))
    this.#lastArrivalMs = arrivalMs
    return events
  }

  /** What comes next does not follow on: contact, link or beats were lost. */
  break(): void {
    this.#isOpen = false
  }

  #place(rrTicks: readonly number[], arrivalMs: number): BeatsEvent {
    const packetTicks = rrTicks.reduce((sum, rr) => sum + rr, 0)
    if (this.#isOpen && !this.#follows(rrTicks, packetTicks, arrivalMs)) this.break()
    if (!this.#isOpen) this.#open(packetTicks, arrivalMs)
    this.#packets += 1
    const beats: Beat[] = []
    for (const rr of rrTicks) {
      this.#totalTicks += rr
      beats.push({ timeMs: this.#offsetMs + ticksToMs(this.#totalTicks), rrTicks: rr })
    }
    return { kind: 'beats', series: this.#series, beats }
  }

  #open(packetTicks: number, arrivalMs: number): void {
    this.#series += 1
    this.#isOpen = true
    this.#totalTicks = 0
    this.#packets = 0
    this.#overduePackets = 0
    this.#lateMs = []
    this.#offsetMs = arrivalMs - ticksToMs(packetTicks)
  }

  /** Moves the offset along its lower envelope; false when a beat is missing or too many. */
  #follows(rrTicks: readonly number[], packetTicks: number, arrivalMs: number): boolean {
    const spanMs = ticksToMs(packetTicks)
    const intervalMs = spanMs / rrTicks.length
    const isSettled = this.#packets > settlingPackets
    const lateMs = arrivalMs - ticksToMs(this.#totalTicks + packetTicks) - this.#offsetMs
    if (lateMs > silenceMsMax) return false
    if (lateMs < -(intervalMs + jitterMs)) return false
    const firstBeatMs = this.#offsetMs + ticksToMs(this.#totalTicks + (rrTicks[0] ?? 0))
    const isOverdue = firstBeatMs < this.#lastArrivalMs - jitterMs
    this.#overduePackets = isOverdue ? this.#overduePackets + 1 : 0
    if (this.#overduePackets >= overduePacketsMax) return false
    this.#lateMs.push(lateMs)
    if (this.#lateMs.length > settlingPackets) this.#lateMs.shift()
    if (isSettled && Math.min(...this.#lateMs) > intervalMs / 2) return false
    const driftMs = (spanMs * driftPartsPerMillion) / 1e6
    this.#offsetMs += Math.min(lateMs, driftMs)
    if (!isSettled) this.#slowOffsetMs = this.#offsetMs
    this.#slowOffsetMs += Math.max(-driftMs, Math.min(driftMs, this.#offsetMs - this.#slowOffsetMs))
    return this.#offsetMs > this.#slowOffsetMs - intervalMs / 2
  }
}
