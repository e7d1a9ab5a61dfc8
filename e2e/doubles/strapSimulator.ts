/**
 * A strap that is worn: a seeded heart sent as real notifications, one a second with the beats of
 * that second, as a Polar H10 does, a constant lag behind the beats.
 */

import {
  heartModel,
  type HeartBeat,
  type HeartOptions,
} from '../../src/adapters/sensors/heartModel.ts'
import { ticksToMs } from '../../src/adapters/sensors/ticks.ts'
import type { FakeBluez } from './fakeBluez.ts'

const packetMs = 1000

export class StrapSimulator {
  readonly #bluez: FakeBluez
  readonly #nextBeat: () => HeartBeat
  readonly #startMs = Date.now()
  readonly #timer: NodeJS.Timeout
  #ahead: HeartBeat | undefined
  #hasContact = true
  #isMute = false
  #bpm = 60
  /** What was sent while somebody listened, in 1/1024 s. */
  readonly sentTicks: number[] = []

  constructor(bluez: FakeBluez, options: HeartOptions) {
    this.#bluez = bluez
    this.#nextBeat = heartModel(options)
    this.#timer = setInterval(() => {
      this.#send()
    }, packetMs)
  }

  /** Off the skin the strap sends packets without beats, and says so. */
  setContact(hasContact: boolean): void {
    this.#hasContact = hasContact
  }

  /** Connected, and silent. */
  setMute(isMute: boolean): void {
    this.#isMute = isMute
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #send(): void {
    const rrTicks = this.#beatsUntil(Date.now() - this.#startMs)
    if (this.#isMute) return
    const intervals = this.#hasContact ? rrTicks : []
    const last = intervals.at(-1)
    if (last !== undefined) this.#bpm = Math.round(60_000 / ticksToMs(last))
    const contactBits = this.#hasContact ? 0b110 : 0b100
    const flags = contactBits | (intervals.length > 0 ? 0b1_0000 : 0)
    const packet = new DataView(new ArrayBuffer(2 + 2 * intervals.length))
    packet.setUint8(0, flags)
    packet.setUint8(1, this.#hasContact ? this.#bpm : 0)
    for (const [at, rr] of intervals.entries()) packet.setUint16(2 + 2 * at, rr, true)
    const bytes = new Uint8Array(packet.buffer)
    if (this.#bluez.notify(bytes)) this.sentTicks.push(...intervals)
  }

  #beatsUntil(sinceMs: number): number[] {
    const rrTicks: number[] = []
    for (;;) {
      this.#ahead ??= this.#nextBeat()
      if (this.#ahead.timeMs > sinceMs) return rrTicks
      rrTicks.push(this.#ahead.rrTicks)
      this.#ahead = undefined
    }
  }
}
