/**
 * From skin colour, frame by frame, to beats, rate, wave and quality (SENS-2, SENS-3).
 *
 * Twice a second the last 20 s are read anew. A beat is given out once it lies far enough from the
 * end of the signal that the filter has settled, and only while the pulse is trusted; where it is
 * not, or frames are missing, the series ends. Time is that of the frames; `offsetMs` leads to Unix
 * time.
 */

import type { Beat, SensorEvent, StatusEvent } from '../../../ports/sensor.ts'
import { isHeartInterval, msToTicks, ticksToMs } from '../ticks.ts'
import {
  estimatePulse,
  faceMethods,
  fingerMethods,
  type PulseEstimate,
  type PulseMethod,
} from './estimatePulse.ts'
import { findBeats, type PulseBeat } from './findBeats.ts'
import { judgeBeats } from './judgeBeats.ts'
import { frameGapMsMax, pulseQuality } from './pulseQuality.ts'
import type { RgbSample } from './rgbTrace.ts'
import { deviation } from './stats.ts'

const windowMs = 20_000
const windowMsMin = 8_000
const stepMs = 500
/** The end of the signal that the filter has not settled on. */
const edgeMs = 600
/** Frames missing for longer than this, and the signal before them is of no more use. */
const bridgeMsMax = 2000
/**
 * A trusted pulse may be doubtful for this long before its series ends; beats are not given
 * meanwhile.
 */
const doubtMsMax = 2000

interface GivenBeat extends PulseBeat {
  readonly isDoubtful?: boolean
}

export class PulseTracker {
  readonly #emit: (event: SensorEvent) => void
  readonly #place: 'face' | 'finger'
  #samples: RgbSample[] = []
  #method: PulseMethod | undefined
  #nextStepMs = 0
  #nextRateMs = 0
  #series = 1
  #lastTick: number | undefined
  #wasDoubtful = false
  #trustedMs = -Infinity
  /** Beats from here on may begin a series; undefined where only fresh ones may. */
  #beginMs: number | undefined
  #waveMs = -Infinity
  #offsetMs = 0
  #state: StatusEvent['state'] | undefined

  constructor(place: 'face' | 'finger', emit: (event: SensorEvent) => void) {
    this.#place = place
    this.#emit = emit
  }

  /** One frame; `offsetMs` is Unix time less frame time. */
  add(sample: RgbSample, offsetMs: number): void {
    this.#offsetMs = offsetMs
    const last = this.#samples.at(-1)
    // A frame that the camera repeats or sends out of order tells nothing new.
    if (last !== undefined && sample.timeMs <= last.timeMs) return
    if (last !== undefined) this.#bridge(sample.timeMs - last.timeMs, sample.timeMs)
    if (this.#samples.length === 0) this.#beginMs = sample.timeMs + edgeMs
    this.#samples.push(sample)
    const oldestMs = sample.timeMs - windowMs
    while ((this.#samples[0]?.timeMs ?? Infinity) < oldestMs) this.#samples.shift()
    if (sample.timeMs < this.#nextStepMs) return
    this.#nextStepMs = sample.timeMs + stepMs
    this.#step(sample.timeMs)
  }

  /** No skin to read any more. */
  skinLost(timeMs: number, offsetMs: number): void {
    this.#offsetMs = offsetMs
    this.#restart()
    const isFace = this.#place === 'face'
    const reason = isFace ? 'NO_FACE' : 'COVER_LENS'
    this.#emit({ kind: 'quality', timeMs: this.#unix(timeMs), quality: 0, reason })
    this.#status('lost', timeMs, isFace ? 'NO_FACE' : 'LENS_OPEN')
  }

  /** Frames go elsewhere for a while (LIVE-3, LIVE-4): a new series begins behind that. */
  pause(timeMs: number, offsetMs: number): void {
    this.#offsetMs = offsetMs
    this.#restart()
    this.#emit({ kind: 'quality', timeMs: this.#unix(timeMs), quality: 0, reason: 'STARTING' })
    this.#status('searching', timeMs)
  }

  /**
   * A beat may have passed unseen in the gap, so the series ends; rate and wave of a short one are
   * still known from the signal before it, and beats go on at once behind it.
   */
  #bridge(gapMs: number, timeMs: number): void {
    if (gapMs <= frameGapMsMax) return
    if (gapMs > bridgeMsMax) {
      this.#restart()
      return
    }
    this.#endSeries()
    this.#beginMs = timeMs + edgeMs / 2
  }

  #restart(): void {
    this.#samples = []
    this.#method = undefined
    this.#endSeries()
  }

  #endSeries(): void {
    if (this.#lastTick !== undefined) this.#series += 1
    this.#lastTick = undefined
    this.#trustedMs = -Infinity
  }

  #step(nowMs: number): void {
    const timeMs = this.#unix(nowMs)
    const spanMs = nowMs - (this.#samples[0]?.timeMs ?? nowMs)
    if (spanMs < windowMsMin) {
      const quality = Math.floor((4000 * spanMs) / windowMsMin)
      this.#emit({ kind: 'quality', timeMs, quality, reason: 'STARTING' })
      this.#status('searching', nowMs)
      return
    }
    const methods = this.#place === 'face' ? faceMethods : fingerMethods
    const estimate = estimatePulse(this.#samples, methods, this.#method)
    if (estimate === undefined) return
    this.#method = estimate.method
    const found = findBeats(estimate)
    // Of a contact pulse the shape of each beat tells whether it can be trusted (QUAL-1).
    const judged = this.#place === 'face' ? found : judgeBeats(estimate, found)
    const beats = judged.filter((beat) => beat.timeMs <= nowMs - edgeMs)
    const { quality, reason, isTrusted, bpm, framesPerSecond } = pulseQuality(
      this.#samples,
      estimate,
      beats,
      this.#place,
    )
    this.#emit({ kind: 'quality', timeMs, quality, reason, framesPerSecond })
    this.#draw(estimate, nowMs - edgeMs)
    if (!isTrusted) {
      if (nowMs - this.#trustedMs <= doubtMsMax) return
      this.#endSeries()
      this.#beginMs = undefined
      this.#status('lost', nowMs, 'SIGNAL_WEAK')
      return
    }
    this.#trustedMs = nowMs
    this.#status('live', nowMs)
    this.#give(beats, estimate.rateHz)
    if (nowMs < this.#nextRateMs) return
    this.#nextRateMs = nowMs + 1000
    this.#emit({ kind: 'rate', timeMs, bpm })
  }

  /** Gives out what lies behind the last beat given. */
  #give(found: readonly GivenBeat[], rateHz: number): void {
    const halfPeriodTicks = msToTicks(500 / rateHz)
    // After a doubt only what is fresh begins a series: what lies before it was not trusted.
    const freshMs = this.#trustedMs - 2 * stepMs - 1000 / rateHz
    let beats: Beat[] = []
    for (const { timeMs, uncertaintyMs, isDoubtful = false } of found) {
      const tick = Math.round(msToTicks(timeMs))
      if (this.#lastTick === undefined) {
        if (timeMs < (this.#beginMs ?? freshMs)) continue
        this.#lastTick = tick
        this.#wasDoubtful = isDoubtful
        continue
      }
      const rrTicks = tick - this.#lastTick
      if (rrTicks < halfPeriodTicks) continue
      this.#lastTick = tick
      const isDoubted = isDoubtful || this.#wasDoubtful
      this.#wasDoubtful = isDoubtful
      if (isHeartInterval(rrTicks)) {
        const at = this.#unix(ticksToMs(tick))
        beats.push({ timeMs: at, rrTicks, uncertaintyMs, ...(isDoubted && { isDoubtful: true }) })
      } else {
        this.#flush(beats)
        beats = []
        this.#series += 1
      }
    }
    this.#flush(beats)
  }

  #flush(beats: readonly Beat[]): void {
    if (beats.length > 0) this.#emit({ kind: 'beats', series: this.#series, beats })
  }

  /** The wave up to `untilMs`, scaled to its own spread. */
  #draw({ signal, startMs, sampleRateHz }: PulseEstimate, untilMs: number): void {
    const scale = deviation(signal)
    const fromMs = Math.max(this.#waveMs, untilMs - stepMs, startMs)
    const from = Math.ceil(((fromMs - startMs) * sampleRateHz) / 1000)
    const until = Math.floor(((untilMs - startMs) * sampleRateHz) / 1000)
    if (scale === 0 || until <= from) return
    this.#waveMs = startMs + (until * 1000) / sampleRateHz
    this.#emit({
      kind: 'wave',
      wave: 'pulse',
      startMs: this.#unix(startMs + (from * 1000) / sampleRateHz),
      sampleRateHz,
      values: Float32Array.from(signal.subarray(from, until), (value) => value / scale),
    })
  }

  #status(state: StatusEvent['state'], timeMs: number, reason?: StatusEvent['reason']): void {
    if (state === this.#state) return
    this.#state = state
    const at = this.#unix(timeMs)
    this.#emit({ kind: 'status', timeMs: at, state, ...(reason !== undefined && { reason }) })
  }

  #unix(timeMs: number): number {
    return timeMs + this.#offsetMs
  }
}
