/**
 * A simulated heart that beats in real time (SENS-4), in browsers and in Node. Its provenance is
 * `simulated`: only chains whose genesis allows it take its proofs.
 *
 * When the machine slept or the timer came more than 3 s late, the beats of that time are left out
 * and a new series begins, as with any sensor: a heart that nobody watched has no samples (SENS-3).
 */

import { err, ok, type Result } from '../../core/base/result.ts'
import type { Clock } from '../../ports/clock.ts'
import {
  staleMs,
  type Beat,
  type Sensor,
  type SensorError,
  type SensorEvent,
} from '../../ports/sensor.ts'
import type { Codeword } from '../../core/liveness/codeword.ts'
import { guidedBreath, type BreathAt } from './guidedBreath.ts'
import { heartModel, type HeartBeat, type HeartOptions } from './heartModel.ts'
import { pulseSampleRateHz, pulseShape } from './pulseShape.ts'
import { SensorEvents } from './sensorEvents.ts'
import { ticksToMs } from './ticks.ts'

const tickMs = 200
const samplesPerTick = (tickMs * pulseSampleRateHz) / 1000
/** A pulse has faded a second after its beat. */
const pulseReachMs = 1000

export class SimulatedHeart implements Sensor {
  readonly provenance = 'simulated'
  readonly #clock: Clock
  readonly #options: HeartOptions
  readonly #events = new SensorEvents()
  #cancel: (() => void) | undefined
  #nextBeat: () => HeartBeat
  #ahead: HeartBeat | undefined
  #series = 1
  #startMs = 0
  #lastTickMs = 0
  #waveMs = 0
  #recentMs: number[] = []
  #guided: BreathAt = () => undefined

  constructor(clock: Clock, options: HeartOptions) {
    this.#clock = clock
    this.#options = options
    this.#nextBeat = this.#newModel()
  }

  /**
   * Breathes after the guide whose window begins at `startMs`, from its leading breath to its end,
   * and by itself before and after (LIVE-1). `undefined`: no guide any more.
   */
  follow(codeword: Codeword | undefined, startMs = 0): void {
    this.#guided = codeword === undefined ? () => undefined : guidedBreath(codeword, startMs)
  }

  start(): Promise<Result<void, SensorError>> {
    if (this.#cancel !== undefined) return Promise.resolve(err({ code: 'ALREADY_STARTED' }))
    this.#startMs = this.#clock.nowMs()
    this.#lastTickMs = this.#startMs
    this.#waveMs = this.#startMs
    this.#nextBeat = this.#newModel()
    this.#ahead = undefined
    this.#recentMs = []
    this.#series += 1
    this.#cancel = this.#clock.after(tickMs, () => {
      this.#tick()
    })
    this.#emit({ kind: 'device', name: 'Simulated heart', model: `Seed ${this.#options.seed}` })
    this.#emit({ kind: 'status', timeMs: this.#startMs, state: 'live' })
    return Promise.resolve(ok(undefined))
  }

  stop(): Promise<void> {
    if (this.#cancel !== undefined) {
      this.#cancel()
      this.#cancel = undefined
      this.#emit({ kind: 'status', timeMs: this.#clock.nowMs(), state: 'stopped' })
    }
    return Promise.resolve()
  }

  onEvent(handler: (event: SensorEvent) => void): () => void {
    return this.#events.add(handler)
  }

  #emit(event: SensorEvent): void {
    this.#events.emit(event)
  }

  #newModel(): () => HeartBeat {
    return heartModel(this.#options, (sinceMs) => this.#guided(this.#startMs + sinceMs))
  }

  #tick(): void {
    const nowMs = this.#clock.nowMs()
    this.#cancel = this.#clock.after(tickMs, () => {
      this.#tick()
    })
    const sinceMs = nowMs - this.#lastTickMs
    if (sinceMs < -staleMs) this.#startMs += sinceMs
    if (Math.abs(sinceMs) > staleMs) this.#skipTo(nowMs)
    this.#lastTickMs = nowMs
    const beats = this.#beatsUntil(nowMs)
    if (beats.length > 0) {
      this.#emit({ kind: 'beats', series: this.#series, beats })
      const last = beats.at(-1)
      if (last !== undefined) {
        const bpm = Math.round(60_000 / ticksToMs(last.rrTicks))
        this.#emit({ kind: 'rate', timeMs: last.timeMs, bpm })
        this.#emit({ kind: 'quality', timeMs: last.timeMs, quality: 10_000, reason: 'GOOD' })
      }
    }
    this.#drawUntil(nowMs)
  }

  #beatsUntil(nowMs: number): readonly Beat[] {
    const beats: Beat[] = []
    for (;;) {
      this.#ahead ??= this.#nextBeat()
      const timeMs = this.#startMs + this.#ahead.timeMs
      if (timeMs > nowMs) return beats
      beats.push({ timeMs, rrTicks: this.#ahead.rrTicks })
      this.#recentMs.push(timeMs)
      this.#ahead = undefined
    }
  }

  #skipTo(nowMs: number): void {
    this.#beatsUntil(nowMs)
    this.#series += 1
    this.#waveMs = nowMs
    this.#recentMs = []
  }

  #drawUntil(nowMs: number): void {
    while (this.#waveMs + tickMs <= nowMs) {
      this.#recentMs = this.#recentMs.filter((beatMs) => beatMs > this.#waveMs - pulseReachMs)
      const values = pulseShape(this.#recentMs, this.#waveMs, samplesPerTick)
      this.#emit({
        kind: 'wave',
        wave: 'pulse',
        startMs: this.#waveMs,
        sampleRateHz: pulseSampleRateHz,
        values,
      })
      this.#waveMs += tickMs
    }
  }
}
