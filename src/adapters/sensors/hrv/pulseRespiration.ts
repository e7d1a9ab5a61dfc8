/**
 * Breathing rate from the colour of a contact pulse wave itself (HRV-4): with a breath the mean of
 * the wave goes up and down, its beats grow and shrink, and they come sooner and later (Karlen et
 * al., IEEE Trans. Biomed. Eng. 60, 2013). Display only.
 *
 * Each of the three answers or does not (`respiration.ts`). Intervals, which no light moves, come
 * first; the colour answers where they are silent. Where mean and size say different things, or
 * both something else than the intervals, there is no answer.
 */

import { breathingIn, respirationOf, spanMsMin, type Respiration } from './respiration.ts'
import { evenly } from './tachogram.ts'

export interface PulseWave {
  /** When the first sample was taken, on the clock of the beats. */
  readonly startMs: number
  readonly sampleRateHz: number
  /** Light, or anything that follows it: not filtered. */
  readonly values: Float64Array
}

/** An interval between two beats; `timeMs` is when it ends. */
export interface BeatSpan {
  readonly timeMs: number
  readonly rrMs: number
  readonly isMarked: boolean
}

/** Two answers nearer than this are one. */
const agreeingPerMinute = 2

export function pulseRespirationOf(
  spans: readonly BeatSpan[],
  wave: PulseWave,
): Respiration | undefined {
  const intervals = respirationOf(
    spans.map(({ rrMs }) => rrMs),
    spans.map(({ isMarked }) => isMarked),
  )
  const [mean, size] = colourAnswers(spans, wave)
  const colour = together(mean, size)
  if (intervals === undefined) return colour
  const isDenied = mean !== undefined && size !== undefined && isFar(colour, intervals)
  return isDenied ? undefined : intervals
}

/** Their mean by confidence where both answer alike; none where they differ. */
function together(one?: Respiration, other?: Respiration): Respiration | undefined {
  if (one === undefined || other === undefined) return one ?? other
  if (isFar(one, other)) return undefined
  const weight = one.confidence + other.confidence
  const rates = one.confidence * one.breathsPerMinute + other.confidence * other.breathsPerMinute
  return { breathsPerMinute: rates / weight, confidence: weight / 2 }
}

function isFar(one: Respiration | undefined, other: Respiration): boolean {
  if (one === undefined) return false
  return Math.abs(one.breathsPerMinute - other.breathsPerMinute) > agreeingPerMinute
}

/** By the mean of the wave, and by the size of its beats. */
function colourAnswers(
  spans: readonly BeatSpan[],
  wave: PulseWave,
): readonly (Respiration | undefined)[] {
  const shapes = spans.flatMap((span) => (span.isMarked ? [] : (shapeOf(span, wave) ?? [])))
  const [first, last] = [shapes[0], shapes.at(-1)]
  if (first === undefined || last === undefined) return []
  const spanMs = last.timeMs - first.timeMs
  if (spanMs < spanMsMin) return []
  const meanHz = (1000 * spans.length) / spans.reduce((sum, { rrMs }) => sum + rrMs, 0)
  const seconds = shapes.map(({ timeMs }) => timeMs / 1000)
  return [shapes.map(({ mean }) => mean), shapes.map(({ size }) => size)].map((values) => {
    const signal = evenly(seconds, values)
    return signal && breathingIn(signal, meanHz)
  })
}

interface BeatShape {
  /** The middle of the beat. */
  readonly timeMs: number
  readonly mean: number
  readonly size: number
}

/** Undefined where the wave does not have the whole beat. */
function shapeOf({ timeMs, rrMs }: BeatSpan, wave: PulseWave): BeatShape | undefined {
  const at = (ms: number): number => Math.round(((ms - wave.startMs) * wave.sampleRateHz) / 1000)
  const [from, to] = [at(timeMs - rrMs), at(timeMs)]
  if (from < 0 || to > wave.values.length || to - from < 3) return undefined
  const part = wave.values.subarray(from, to)
  let [low, high, sum] = [Infinity, -Infinity, 0]
  for (const value of part) {
    low = Math.min(low, value)
    high = Math.max(high, value)
    sum += value
  }
  return { timeMs: timeMs - rrMs / 2, mean: sum / part.length, size: high - low }
}
