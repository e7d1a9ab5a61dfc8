/**
 * Whether the camera's worker still speaks (SENS-3): a camera that stops sending frames says
 * nothing about it. Decided from events and time alone.
 */

import type { Clock } from '../../ports/clock.ts'
import {
  staleMs,
  type SensorEvent,
  type SensorState,
  type StatusEvent,
  type StatusReason,
} from '../../ports/sensor.ts'

const lookMs = 1000

/**
 * Silent for this long, the camera and its worker are opened anew. Not sooner: a machine that has
 * too much to do is slow, and loading the face model again makes it slower.
 */
const reopenSilentMs = 12_000

export interface CameraWatchHandlers {
  /** What the worker does not say itself: that it is silent, and that it speaks again. */
  readonly say: (state: SensorState, reason?: StatusReason) => void
  /** It was silent for too long; the watch has ended. */
  readonly reopen: () => void
}

export class CameraWatch {
  readonly #clock: Clock
  readonly #handlers: CameraWatchHandlers
  #cancelTimer: (() => void) | undefined
  #lastEventMs = 0
  #hasBeats = false
  #isSilent = false
  /** What the worker said last of its state. */
  #workerStatus: StatusEvent | undefined

  constructor(clock: Clock, handlers: CameraWatchHandlers) {
    this.#clock = clock
    this.#handlers = handlers
  }

  /** With a new worker, of which nothing is known yet. */
  start(): void {
    this.stop()
    this.#lastEventMs = this.#clock.nowMs()
    this.#hasBeats = false
    this.#look()
  }

  stop(): void {
    this.#cancelTimer?.()
    this.#isSilent = false
    this.#workerStatus = undefined
  }

  /** Before the event is passed on: a camera that is live again says so before its beats. */
  heard(event: SensorEvent): void {
    if (event.kind === 'status') {
      this.#workerStatus = event
      this.#isSilent = false
    }
    if (event.kind === 'beats') this.#hasBeats = true
    this.alive()
  }

  /** Frames come, and go to a challenge of the face: no event says so (LIVE-3, LIVE-4). */
  alive(): void {
    this.#lastEventMs = this.#clock.nowMs()
    if (this.#isSilent && this.#workerStatus !== undefined) {
      this.#handlers.say(this.#workerStatus.state, this.#workerStatus.reason)
    }
    this.#isSilent = false
  }

  #look(): void {
    this.#cancelTimer = this.#clock.after(lookMs, () => {
      const silentMs = this.#clock.nowMs() - this.#lastEventMs
      // While the model loads and no face was seen yet there is nothing to report.
      const isSilent = silentMs > staleMs && this.#hasBeats
      if (isSilent && silentMs > reopenSilentMs) {
        this.#handlers.reopen()
        return
      }
      const isNews = isSilent && !this.#isSilent
      this.#isSilent = isSilent
      // First the next look, then the news: whoever hears it may stop the camera.
      this.#look()
      if (isNews) this.#handlers.say('lost', 'SILENT')
    })
  }
}
