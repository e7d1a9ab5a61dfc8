/**
 * What happened to this node's time since it was last looked at: nothing, its clock was set back,
 * or more of it is gone than a timer may be late (BFT-10). A clock that was set ahead and a process
 * that was stopped look the same from inside, and both ask for the same care.
 */
import type { Clock } from '../ports/clock.ts'

/** A timer that fires this late means that this process was stopped for a while. */
const gapMsMax = 2000

/** Two readings may differ by a step back of a clock that is slewed; less than this is no jump. */
const backMsMax = 20

/** A correction (TIME-1) that changes by less moves no timer. */
const correctionMsMin = 50

interface TimeChange {
  /** What the times of the agreement are to be moved by, 0 for nothing. */
  readonly shiftMs: number
  readonly jump: 'none' | 'back' | 'gap'
}

export class ClockWatch {
  readonly #clock: Clock
  readonly #nowMs: () => number
  #seenMs: number
  #correctionMs: number
  #nextMs: number

  /** `nowMs`: time of the clock, corrected by the seats (TIME-1). */
  constructor(clock: Clock, nowMs: () => number) {
    this.#clock = clock
    this.#nowMs = nowMs
    this.#seenMs = clock.nowMs()
    this.#nextMs = this.#seenMs
    this.#correctionMs = nowMs() - this.#seenMs
  }

  /** Nothing will look before this much time has passed, unless a message comes. */
  sleeps(delayMs: number): void {
    this.#nextMs = this.#clock.nowMs() + Math.max(0, delayMs)
  }

  look(): TimeChange {
    const seenMs = this.#clock.nowMs()
    const correctionMs = this.#nowMs() - seenMs
    const corrected = correctionMs - this.#correctionMs
    const before = this.#seenMs
    const isBack = seenMs < before - backMsMax
    const lostMs = Math.max(0, seenMs - Math.max(before, this.#nextMs))
    const isGap = lostMs > gapMsMax
    const isCorrected = Math.abs(corrected) >= correctionMsMin
    if (isCorrected) this.#correctionMs = correctionMs
    this.#seenMs = seenMs
    if (isBack || isGap) this.#nextMs = seenMs
    const jumpMs = isBack ? seenMs - before : isGap ? lostMs : 0
    const jump = isBack ? 'back' : isGap ? 'gap' : 'none'
    return { shiftMs: Math.round(jumpMs + (isCorrected ? corrected : 0)), jump }
  }
}
