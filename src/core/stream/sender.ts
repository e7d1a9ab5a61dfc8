/**
 * The phone's end of a sensor stream (SENS-6): collects what its camera says and puts it into
 * frames. Nothing is filled in: beats that cannot be sent in time are dropped, and what follows
 * them is another series.
 */

import {
  StreamAdvice,
  StreamLoss,
  StreamState,
  type StreamBeat,
  type StreamFrame,
  type StreamProbe,
} from '../codec/sensor.ts'
import { streamLimits } from './limits.ts'

/** What the camera says of itself. */
export type SignalPart = Pick<
  StreamFrame,
  'state' | 'device' | 'loss' | 'quality' | 'advice' | 'framesCentiHz' | 'rateCentiBpm'
>

interface Waiting {
  readonly series: number
  readonly sinceUs: number
  readonly beat: StreamBeat
}

export class StreamSender {
  #signal: SignalPart = {
    state: StreamState.IDLE,
    device: '',
    loss: StreamLoss.NOT_LOST,
    quality: 0,
    advice: StreamAdvice.STARTING,
    framesCentiHz: 0,
    rateCentiBpm: 0,
  }
  #sequence = 0
  #probe = 0
  #probeUs = 0
  #isAccepted = false
  #series = 1
  #cameraSeries = 0
  #waiting: Waiting[] = []

  /** The person at the page has agreed. */
  get isAccepted(): boolean {
    return this.#isAccepted
  }

  /** New values; the others stay. Every value is within the bounds of a frame. */
  say(part: Partial<SignalPart>): void {
    this.#signal = { ...this.#signal, ...part }
  }

  take(probe: StreamProbe, nowUs: number): void {
    this.#probe = probe.sequence
    this.#probeUs = nowUs
    this.#isAccepted = probe.isAccepted
  }

  /** Beats of one series of the camera, oldest first; dropped until the page takes them. */
  add(cameraSeries: number, beats: readonly StreamBeat[], nowUs: number): void {
    if (!this.#isAccepted) return
    if (cameraSeries !== this.#cameraSeries) this.#series += 1
    this.#cameraSeries = cameraSeries
    for (const beat of beats) {
      this.#waiting.push({ series: this.#series, sinceUs: nowUs, beat })
    }
    if (this.#waiting.length > streamLimits.beatsWaitingMax) this.#drop()
  }

  /** The next frame: call it every 250 ms while a channel is open. */
  frame(nowUs: number): StreamFrame {
    const { staleUs } = streamLimits
    if (this.#waiting.some(({ sinceUs }) => nowUs - sinceUs > staleUs)) this.#drop()
    const beats = this.#nextBeats(nowUs)
    this.#sequence += 1
    return {
      ...this.#signal,
      sequence: this.#sequence,
      sentUs: nowUs,
      probe: this.#probe,
      probeUs: this.#probeUs,
      series: beats[0]?.series ?? 0,
      beats: beats.map(({ beat }) => beat),
    }
  }

  #nextBeats(nowUs: number): readonly Waiting[] {
    const first = this.#waiting[0]
    if (first === undefined) return []
    let count = 0
    let beforeUs = nowUs - streamLimits.beatAgeUsMax
    for (const { series, beat } of this.#waiting) {
      if (count === streamLimits.beatsPerFrameMax || series !== first.series) break
      // The clock was set meanwhile, or the beat is as old as a window: no frame may say it.
      if (beat.timeUs > nowUs || beat.timeUs < beforeUs + streamLimits.beatApartUsMin) break
      beforeUs = beat.timeUs
      count += 1
    }
    if (count === 0) this.#drop()
    return this.#waiting.splice(0, count)
  }

  #drop(): void {
    this.#waiting = []
    this.#series += 1
  }
}
