/**
 * Which beats of a contact pulse wave can be trusted, and how exactly each is placed (QUAL-1).
 *
 * A beat is doubtful when less than half of the energy of its shape is that of the typical beat
 * (correlation below 1/√2): then most of what was taken for it is motion. Its uncertainty is the
 * Cramér-Rao bound for the delay of a known shape in white noise, with the noise that its likeness
 * implies, and never below what the travel of the pulse varies by from beat to beat.
 */

import { bandPass } from './bandPass.ts'
import type { PulseEstimate } from './estimatePulse.ts'
import type { PulseBeat } from './findBeats.ts'
import { likenessOf } from './likeness.ts'

export interface JudgedBeat {
  readonly timeMs: number
  /** One standard deviation. */
  readonly uncertaintyMs: number
  /** Correlation with the typical beat, −1..1; undefined at the ends of the signal. */
  readonly likeness: number | undefined
  readonly isDoubtful: boolean
}

export const likenessMin = Math.SQRT1_2

const shapeLowHz = 0.5
const shapeHighHz = 8
const beforeMs = 250
const afterMs = 300
/** Pulse transit varies by this much at rest, which no sensor at the finger can see. */
const uncertaintyMsMin = 3
const uncertaintyMsMax = 200

export function judgeBeats(
  { raw, startMs, sampleRateHz, rateHz }: PulseEstimate,
  beats: readonly PulseBeat[],
): readonly JudgedBeat[] {
  const shape = bandPass(raw, sampleRateHz, shapeLowHz, shapeHighHz)
  const positions = beats.map(({ timeMs }) => ((timeMs - startMs) * sampleRateHz) / 1000)
  const toSamples = (ms: number): number => Math.round((ms * sampleRateHz) / 1000)
  const reach = { before: toSamples(beforeMs), after: toSamples(afterMs) }
  const likenesses = likenessOf(shape, positions, reach)
  return beats.map(({ timeMs }, index) => {
    const likeness = likenesses[index]
    return {
      timeMs,
      uncertaintyMs: uncertaintyOf(likeness ?? 0, rateHz, reach.before + reach.after + 1),
      likeness,
      isDoubtful: likeness === undefined || likeness < likenessMin,
    }
  })
}

/**
 * Noise to signal of a shape of `size` samples is 1/c² − 1 of its energy; a pulse has most of
 * its slope at about twice its rate.
 */
function uncertaintyOf(likeness: number, rateHz: number, size: number): number {
  if (likeness <= 0) return uncertaintyMsMax
  const noise = Math.sqrt((1 / likeness ** 2 - 1) / size)
  const boundMs = (1000 * noise) / (2 * Math.PI * 2 * rateHz)
  return Math.min(uncertaintyMsMax, Math.hypot(uncertaintyMsMin, boundMs))
}
