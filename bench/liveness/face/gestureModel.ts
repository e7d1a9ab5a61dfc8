/**
 * Simulated faces for the blink and head challenge (LIVE-4, LIVE-8), as the eye aspect ratio and
 * the yaw that a camera would read: models, of which no recording was measured.
 */

import {
  gestureLeadMs,
  gestureSlotMs,
  gestureSlots,
  type Gesture,
} from '../../../src/core/liveness/gesture/gestures.ts'
import type { PoseSample } from '../../../src/core/liveness/gesture/readGestures.ts'
import { wander, type Deviates } from '../random.ts'

export interface Movement {
  readonly gesture: Exclude<Gesture, 'rest'>
  readonly fromMs: number
  readonly lastsMs: number
}

export interface Face {
  readonly openBp: number
  /** Share of the open eye that a shut one keeps. */
  readonly shutShare: number
  readonly turnBp: number
  /** Between two blinks that nobody asked for; they take 0.1 to 0.3 s. */
  readonly blinkEverySeconds: number
  readonly restlessBp: number
  readonly noiseBp: number
  readonly samplesPerSecond: number
}

export const slotsStartMs = gestureLeadMs
const endMs = slotsStartMs + gestureSlots * gestureSlotMs + 400

export function drawFace(source: Deviates): Face {
  return {
    openBp: source.uniform(2000, 3500),
    shutShare: source.uniform(0.2, 0.5),
    turnBp: source.uniform(3500, 7000),
    blinkEverySeconds: source.uniform(2.5, 8),
    restlessBp: source.uniform(100, 400),
    noiseBp: source.uniform(50, 200),
    samplesPerSecond: source.uniform(9, 30),
  }
}

/** A person who follows what is asked; one answer in twenty-five is missed. */
export function answering(source: Deviates, asked: readonly Gesture[]): readonly Movement[] {
  return asked.flatMap((gesture, slot) => {
    if (gesture === 'rest' || source.uniform() < 0.04) return []
    const fromMs = slotsStartMs + slot * gestureSlotMs + source.uniform(300, 800)
    const lastsMs = gesture === 'blink' ? source.uniform(500, 1000) : source.uniform(600, 1100)
    return [{ gesture, fromMs, lastsMs }]
  })
}

export function poses(
  source: Deviates,
  face: Face,
  movements: readonly Movement[],
): readonly PoseSample[] {
  const samples: PoseSample[] = []
  const restless = wander(source, face.restlessBp, 3)
  let blinkMs = source.uniform(0, 1000 * face.blinkEverySeconds)
  let blinkEndMs = blinkMs + source.uniform(100, 300)
  for (let timeMs = 0; timeMs < endMs;) {
    const stepMs = (1000 / face.samplesPerSecond) * source.uniform(0.8, 1.2)
    timeMs += stepMs
    if (timeMs > blinkEndMs) {
      blinkMs = blinkEndMs - 1000 * face.blinkEverySeconds * Math.log(1 - source.uniform())
      blinkEndMs = blinkMs + source.uniform(100, 300)
    }
    const now = movements.find(
      ({ fromMs, lastsMs }) => timeMs >= fromMs && timeMs < fromMs + lastsMs,
    )
    const isShut = now?.gesture === 'blink' || (timeMs >= blinkMs && timeMs < blinkEndMs)
    const open = face.openBp * (isShut ? face.shutShare : 1) + source.normal(0, face.noiseBp)
    const yaw = restless(stepMs / 1000) + turnOf(face, now, timeMs) + source.normal(0, 100)
    samples.push({
      timeMs: Math.round(timeMs),
      opennessBp: bounded(open, 0),
      yawBp: bounded(yaw, -10_000),
    })
  }
  return samples
}

/** Out in a quarter of a second, and back in another. */
function turnOf({ turnBp }: Face, now: Movement | undefined, timeMs: number): number {
  if (now === undefined || now.gesture === 'blink') return 0
  const sinceMs = timeMs - now.fromMs
  const share = Math.min(1, sinceMs / 250, (now.lastsMs - sinceMs) / 250)
  return (now.gesture === 'left' ? 1 : -1) * turnBp * Math.max(0, share)
}

function bounded(value: number, least: number): number {
  return Math.round(Math.min(10_000, Math.max(least, value)))
}
