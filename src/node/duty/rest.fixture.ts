/** A person at rest with a sensor, before a recorder that looks once a second, as a node does. */
import { webRandom } from '../../adapters/keys/webRandom.ts'
import { BeatBuffer } from '../../adapters/sensors/beatBuffer.ts'
import { openMemoryStore } from '../../adapters/storage/memoryStore.ts'
import type { Pulse } from '../../ports/pulse.ts'
import type { Store } from '../../ports/store.ts'
import type { BaselineSummary } from '../api.ts'
import { BaselineRecorder } from './baselineRecorder.ts'

export const proofSecret = new Uint8Array(32).fill(7)

/** Beats one after the other from `startMs` on, as long as `lengthMs`. */
export function beats(startMs: number, lengthMs: number, ticksAt: (index: number) => number) {
  const list: { timeMs: number; rrTicks: number }[] = []
  let timeMs = startMs
  for (let index = 0; timeMs < startMs + lengthMs; index += 1) {
    const rrTicks = ticksAt(index)
    timeMs += (1000 * rrTicks) / 1024
    list.push({ timeMs, rrTicks })
  }
  return { list, endMs: timeMs }
}

export const calm = (index: number): number => 980 + Math.round(40 * Math.sin(index / 2.5))
/** Every other beat far too early, as with extrasystoles: no rest can be told from it. */
export const bigeminal = (index: number): number => (index % 2 === 0 ? 600 : 1360)

export function pulseOf(buffer: BeatBuffer): Pulse {
  return {
    provenance: 'simulated',
    cutLatest: (nowMs) => buffer.cutLatest(nowMs),
    cutWindow: (endMs) => buffer.cutWindow(endMs),
    contiguousMs: (nowMs) => buffer.contiguousMs(nowMs),
    freshness: (nowMs) => buffer.freshness(nowMs),
  }
}

export function recorder(neededMs = 60_000, store: Store = openMemoryStore()): BaselineRecorder {
  return new BaselineRecorder({ store, random: webRandom, neededMs })
}

/** Stops when the baseline is taken. */
export class Rest {
  /** Outlives a reload. */
  readonly store = openMemoryStore()
  recorder: BaselineRecorder
  readonly #lengthMs: number
  readonly #buffer = new BeatBuffer()
  #pulse = pulseOf(this.#buffer)
  #series = 0
  nowMs = 0

  constructor(lengthMs = 180_000) {
    this.#lengthMs = lengthMs
    this.recorder = recorder(lengthMs, this.store)
    this.recorder.start(0)
  }

  /** The page is loaded anew and unlocked: nothing is left but the store. */
  async reload(secret = proofSecret): Promise<void> {
    this.recorder = recorder(this.#lengthMs, this.store)
    this.#buffer.clear()
    await this.recorder.load(secret, this.nowMs)
  }

  /** What the page is told. */
  get summary(): BaselineSummary {
    return this.recorder.describe(this.#pulse, this.nowMs)
  }

  /** A new series of beats, for so long; whether the baseline was taken. */
  async beat(lengthMs: number, ticksAt = calm): Promise<boolean> {
    this.#series += 1
    const { list } = beats(this.nowMs, lengthMs, ticksAt)
    const endMs = this.nowMs + lengthMs
    while (this.nowMs < endMs) {
      const untilMs = this.nowMs + 1000
      const due = list.filter(({ timeMs }) => timeMs > this.nowMs && timeMs <= untilMs)
      this.#buffer.add({ kind: 'beats', series: this.#series, beats: due })
      this.nowMs = untilMs
      if (await this.recorder.look(this.#pulse, proofSecret, this.nowMs)) return true
    }
    return false
  }

  /** No beats for so long. */
  async gap(lengthMs: number): Promise<void> {
    for (const endMs = this.nowMs + lengthMs; this.nowMs < endMs;) {
      this.nowMs += 1000
      const isTaken = await this.recorder.look(this.#pulse, proofSecret, this.nowMs)
      if (isTaken) throw new Error('no baseline is measured while there are no beats')
    }
  }

  otherSensor(): void {
    this.#buffer.clear()
    this.#pulse = { ...this.#pulse, deviceName: 'another' }
  }

  get recordedMs(): number {
    return this.summary.recordedMs
  }

  get problem(): string | undefined {
    return this.summary.problem
  }
}
