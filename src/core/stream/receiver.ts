/**
 * The page's end of a sensor stream (SENS-6): judges what a phone sends and gives its beats the
 * time of this clock. Nothing is filled in: behind everything that is missing begins another
 * series, so that the window across it is refused as one of any sensor is (`WINDOW_GAP`).
 */

import { err, ok, type Result } from '../base/result.ts'
import type { StreamBeat, StreamFrame, StreamProbe } from '../codec/sensor.ts'
import { ClockOffset } from './clockOffset.ts'
import type { StreamError } from './errors.ts'
import { streamLimits } from './limits.ts'

export interface Received {
  /** As the phone said it. */
  readonly frame: StreamFrame
  /** Of the beats, by this end's count. */
  readonly series: number
  /** With times of this clock. */
  readonly beats: readonly StreamBeat[]
}

/** Probes whose answers may still come. */
const probesMax = 16

export class StreamReceiver {
  readonly #clock = new ClockOffset()
  readonly #probes = new Map<number, number>()
  #probeSequence = 0
  #answered = 0
  #sequence = 0
  #series = 1
  #phoneSeries = 0
  #isAccepted = false
  #frames: number = streamLimits.framesBurst
  #framesUs: number | undefined

  /** How far the phone's clock is ahead of this one; `undefined` before the first answer. */
  get clock(): { readonly offsetUs: number; readonly errorUs: number } | undefined {
    return this.#clock.known
  }

  /** The person at this page agrees to take beats from this phone. */
  accept(): void {
    this.#isAccepted = true
  }

  /** To be sent now, and noted as sent now. */
  probe(nowUs: number): StreamProbe {
    this.#probeSequence += 1
    this.#probes.set(this.#probeSequence, nowUs)
    this.#probes.delete(this.#probeSequence - probesMax)
    return { sequence: this.#probeSequence, isAccepted: this.#isAccepted }
  }

  /** After an error the stream ends: such a phone is broken, or somebody else. */
  take(frame: StreamFrame, nowUs: number): Result<Received, StreamError> {
    if (!this.#admit(nowUs)) return err({ code: 'STREAM_FLOOD' })
    if (frame.sequence <= this.#sequence) return err({ code: 'STREAM_ORDER' })
    if (frame.beats.length > 0 && !this.#isAccepted) return err({ code: 'STREAM_UNASKED' })
    if (frame.sequence !== this.#sequence + 1) this.#series += 1
    this.#sequence = frame.sequence
    const error = this.#learnClock(frame, nowUs)
    if (error !== undefined) return err(error)
    const beats = this.#timed(frame, nowUs)
    if (beats.length > 0 && frame.series !== this.#phoneSeries) {
      this.#phoneSeries = frame.series
      this.#series += 1
    }
    return ok({ frame, series: this.#series, beats })
  }

  /** Five frames a second, and some at once after a pause of the network. */
  #admit(nowUs: number): boolean {
    const { framesBurst, framesPerSecondMax } = streamLimits
    const sinceUs = Math.max(0, nowUs - (this.#framesUs ?? nowUs))
    const more = Math.floor((sinceUs * framesPerSecondMax) / 1_000_000)
    if (more > 0 || this.#framesUs === undefined) this.#framesUs = nowUs
    this.#frames = Math.min(framesBurst, this.#frames + more) - 1
    return this.#frames >= 0
  }

  #learnClock({ probe, probeUs, sentUs }: StreamFrame, nowUs: number): StreamError | undefined {
    if (probe > this.#probeSequence) return { code: 'STREAM_PROBE' }
    const askedUs = this.#probes.get(probe)
    if (askedUs === undefined || probe <= this.#answered) return undefined
    this.#answered = probe
    const times = { sentUs: askedUs, receivedUs: probeUs, answeredUs: sentUs, backUs: nowUs }
    // What was timed by the clock before says nothing of the beats behind.
    if (this.#clock.take(times) === 'stepped') this.#series += 1
    return undefined
  }

  /** None where they are stale, or where the phone's clock is not known: then a series ends. */
  #timed({ beats, sentUs }: StreamFrame, nowUs: number): readonly StreamBeat[] {
    if (beats.length === 0) return beats
    const clock = this.#clock.known
    const lateUs = clock === undefined ? undefined : nowUs - (sentUs - clock.offsetUs)
    const { staleUs } = streamLimits
    if (clock === undefined || lateUs === undefined || Math.abs(lateUs) > staleUs) {
      this.#series += 1
      return []
    }
    return beats.map((beat) => ({ ...beat, timeUs: beat.timeUs - clock.offsetUs }))
  }
}
