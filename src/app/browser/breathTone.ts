/**
 * The guide as a quiet tone: it rises while one breathes in and falls while one breathes out. All
 * of it is scheduled ahead on the clock of the sound card, so that a busy page does not make it
 * stumble.
 */

import type { Turn } from '../breathShape.ts'

const lowHz = 196
const highHz = 294
const loudness = 0.05
const fadeSeconds = 0.25

export class BreathTone {
  #context: AudioContext | undefined

  /** `turns` in ms since `startMs`, a Unix time. */
  start(turns: readonly Turn[], startMs: number): void {
    this.stop()
    const context = new AudioContext()
    this.#context = context
    const tone = context.createOscillator()
    const gain = context.createGain()
    tone.connect(gain).connect(context.destination)
    const zero = context.currentTime + (startMs - Date.now()) / 1000
    const at = (ms: number): number => Math.max(context.currentTime, zero + ms / 1000)
    const [first] = turns
    const last = turns.at(-1)
    if (first === undefined || last === undefined) return
    gain.gain.setValueAtTime(0, context.currentTime)
    gain.gain.setValueAtTime(0, at(first.atMs))
    gain.gain.linearRampToValueAtTime(loudness, at(first.atMs) + fadeSeconds)
    tone.frequency.setValueAtTime(lowHz, at(first.atMs))
    for (const { atMs, isFull } of turns.slice(1)) {
      tone.frequency.linearRampToValueAtTime(isFull ? highHz : lowHz, at(atMs))
    }
    gain.gain.setValueAtTime(loudness, at(last.atMs) - fadeSeconds)
    gain.gain.linearRampToValueAtTime(0, at(last.atMs))
    tone.start()
    tone.stop(at(last.atMs) + fadeSeconds)
  }

  stop(): void {
    // Rejected only when it is closed already.
    this.#context?.close().catch(() => undefined)
    this.#context = undefined
  }
}
