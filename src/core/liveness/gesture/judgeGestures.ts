/**
 * Whether a face did what it was asked, when it was asked (LIVE-4). A pure function of the draw and
 * the poses that a camera saw.
 *
 * Each slot is read as one of four gestures, and seven† of eight must be the asked ones. Whoever
 * does not know the draw, and whatever it shows, has them with a chance of (1 + 8·3) / 4⁸, 0.04 %.
 */

import { lowerMedian } from '../../emotion/integers.ts'
import type { FacePose } from './facePose.ts'
import { gestureLeadMs, gestureSlotMs, gestureSlots, type Gesture } from './gestures.ts'
import { readGestures, type PoseSample } from './readGestures.ts'

export const rightMin = 7
/** Sooner than this nobody answers: it belongs to the slot before. */
export const reactionMsMin = 150
const gapMsMax = 500
const samplesMin = 12
const samplesMax = 4096
/** Less, and lids cannot be told from open eyes. */
const opennessBpMin = 1200

export type GestureVerdict =
  | { readonly verdict: 'accepted'; readonly right: number }
  | {
      readonly verdict: 'refused'
      /** It did nothing at all, or something else than it was asked. */
      readonly reason: 'NO_MOTION' | 'OTHER_ANSWER'
      readonly right: number
    }
  | { readonly verdict: 'inconclusive'; readonly reason: GestureDoubt }

export type GestureDoubt =
  /** Times that no camera gives: begin again. */
  | 'SAMPLES_INVALID'
  /** The face was not seen for half a second: stay before the camera. */
  | 'FACE_LOST'
  /** Too few pictures: this device is too slow, or too busy. */
  | 'FEW_SAMPLES'
  /** Open eyes are not seen as open: more light, no dark glasses. */
  | 'EYES_UNCLEAR'

/**
 * `startMs` is when the first slot begins; poses are wanted from `gestureLeadMs` before that until
 * `reactionMsMin` after the last slot.
 */
export function judgeGestures(
  asked: readonly Gesture[],
  startMs: number,
  samples: readonly PoseSample[],
): GestureVerdict {
  const endMs = startMs + gestureSlots * gestureSlotMs + reactionMsMin
  const isValid = asked.length === gestureSlots && Number.isSafeInteger(startMs)
  if (!isValid || !isSeries(samples)) return inconclusive('SAMPLES_INVALID')
  const inside = samples.filter(({ timeMs }) => timeMs >= startMs - gestureLeadMs && timeMs < endMs)
  const lead = inside.filter(({ timeMs }) => timeMs < startMs)
  if (lead.length < samplesMin) return inconclusive('FEW_SAMPLES')
  if (hasGap([startMs - gestureLeadMs, ...inside.map(({ timeMs }) => timeMs), endMs])) {
    return inconclusive('FACE_LOST')
  }
  const slots = Array.from({ length: gestureSlots }, (_, slot) => startMs + slot * gestureSlotMs)
  const counts = slots.map((fromMs) => {
    const from = fromMs + reactionMsMin
    return inside.filter(({ timeMs }) => timeMs >= from && timeMs < from + gestureSlotMs).length
  })
  if (counts.some((count) => count < samplesMin)) return inconclusive('FEW_SAMPLES')
  const straight = straightOf(lead)
  if (straight.opennessBp < opennessBpMin) return inconclusive('EYES_UNCLEAR')
  const seen = readGestures(inside, straight).filter(
    ({ onsetMs }) => onsetMs >= startMs + reactionMsMin,
  )
  const right = slots.filter((fromMs, slot) => {
    const from = fromMs + reactionMsMin
    const here = seen.filter(({ onsetMs }) => onsetMs >= from && onsetMs < from + gestureSlotMs)
    const [only] = here
    if (only === undefined) return asked[slot] === 'rest'
    return here.length === 1 && only.gesture === asked[slot]
  }).length
  if (right >= rightMin) return { verdict: 'accepted', right }
  const reason = seen.length === 0 ? 'NO_MOTION' : 'OTHER_ANSWER'
  return { verdict: 'refused', reason, right }
}

function inconclusive(reason: GestureDoubt): GestureVerdict {
  return { verdict: 'inconclusive', reason }
}

/** A blink or a glance in the lead is the lesser part of it. */
function straightOf(lead: readonly PoseSample[]): FacePose {
  return {
    opennessBp: lowerMedian(lead.map(({ opennessBp }) => opennessBp)),
    yawBp: lowerMedian(lead.map(({ yawBp }) => yawBp)),
  }
}

function isSeries(samples: readonly PoseSample[]): boolean {
  if (samples.length > samplesMax) return false
  return samples.every(({ timeMs, opennessBp, yawBp }, index) => {
    const before = samples[index - 1]?.timeMs
    const isLater = before === undefined || timeMs > before
    const isPose = isWithin(opennessBp, 0) && isWithin(yawBp, -10_000)
    return Number.isSafeInteger(timeMs) && isLater && isPose
  })
}

function isWithin(valueBp: number, leastBp: number): boolean {
  return Number.isInteger(valueBp) && valueBp >= leastBp && valueBp <= 10_000
}

function hasGap(times: readonly number[]): boolean {
  return times.some((at, index) => index > 0 && at - (times[index - 1] ?? 0) > gapMsMax)
}
