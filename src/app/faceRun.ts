/**
 * The course of a challenge to the face, from the press to the verdict (LIVE-3, LIVE-4, UX-9).
 * Pure: time and what happens go in, the next state comes out.
 */

import {
  gestureLeadMs,
  gestureSlotMs,
  gestureSlots,
  type Gesture,
} from '../core/liveness/gesture/gestures.ts'
import { slotCount, slotMs, type LightSequence } from '../core/liveness/light/colors.ts'
import type { FaceQuestion, FaceVerdict } from '../ports/faceChallenge.ts'

/** Between the press and the first colour, or the look straight ahead. */
const announceMs = 3000
/** The camera has seen enough 1.6 s after the last colour; a slow worker takes longer. */
const readingMsMax = 8000

/** Why nothing was judged. `src/app/faceWords.ts` says what to do about each. */
export type FaceStop =
  | 'BY_PERSON'
  /** The page was out of sight: nobody saw what was asked. */
  | 'HIDDEN'
  | 'CAMERA_LOST'
  /** Less motion was asked of the device while colours changed. */
  | 'MOTION_REDUCED'

export type FaceDraw =
  | { readonly kind: 'light'; readonly sequence: LightSequence }
  | { readonly kind: 'gestures'; readonly asked: readonly Gesture[] }

export type FaceNow =
  | { readonly stage: 'ready' }
  /** `startMs`: when the first slot begins. */
  | { readonly stage: 'leading'; readonly startMs: number }
  | { readonly stage: 'asking'; readonly startMs: number; readonly slot: number }
  | { readonly stage: 'reading'; readonly untilMs: number }
  | { readonly stage: 'judged'; readonly verdict: FaceVerdict }
  | { readonly stage: 'stopped'; readonly reason: FaceStop }

export interface FaceRun {
  readonly draw: FaceDraw | undefined
  readonly now: FaceNow
  /** When each colour came on, whole Unix ms. */
  readonly shownMs: readonly number[]
}

export type FaceInput =
  | { readonly input: 'begin'; readonly nowMs: number; readonly draw: FaceDraw }
  /** Before each frame of the screen. */
  | { readonly input: 'frame'; readonly nowMs: number }
  | { readonly input: 'verdict'; readonly verdict: FaceVerdict }
  | { readonly input: 'stop'; readonly reason: FaceStop }

export const readyRun: FaceRun = { draw: undefined, now: { stage: 'ready' }, shownMs: [] }

/** Something is asked, or its answer is read. */
export function isAsking({ now }: FaceRun): boolean {
  return now.stage === 'leading' || now.stage === 'asking' || now.stage === 'reading'
}

export function stepFace(run: FaceRun, input: FaceInput): FaceRun {
  if (input.input === 'begin') {
    if (isAsking(run)) return run
    const leadMs = input.draw.kind === 'light' ? 0 : gestureLeadMs
    const startMs = input.nowMs + announceMs + leadMs
    return { draw: input.draw, now: { stage: 'leading', startMs }, shownMs: [] }
  }
  if (!isAsking(run)) return run
  switch (input.input) {
    case 'stop':
      return { ...run, now: { stage: 'stopped', reason: input.reason } }
    case 'verdict':
      return { ...run, now: { stage: 'judged', verdict: input.verdict } }
    case 'frame':
      return stepTime(run, input.nowMs)
  }
}

/** What the camera is to judge, once everything was asked. */
export function questionOf({ draw, now, shownMs }: FaceRun): FaceQuestion | undefined {
  if (now.stage !== 'reading' || draw === undefined) return undefined
  if (draw.kind === 'light') return { ...draw, shownMs }
  return { ...draw, startMs: shownMs[0] ?? 0 }
}

function stepTime(run: FaceRun, nowMs: number): FaceRun {
  const { draw, now, shownMs } = run
  switch (now.stage) {
    case 'leading': {
      if (nowMs < now.startMs) return run
      // A first slot begins when it is shown; gestures were announced for a time.
      const startMs = draw?.kind === 'light' ? nowMs : now.startMs
      return { ...run, now: { stage: 'asking', startMs, slot: 0 }, shownMs: [startMs] }
    }
    case 'asking': {
      const isLight = draw?.kind === 'light'
      const slot = isLight ? nextColor(now.slot, shownMs, nowMs) : gestureAt(now.startMs, nowMs)
      if (slot === now.slot) return run
      const isOver = slot >= (isLight ? slotCount : gestureSlots)
      const shown = [...shownMs, nowMs]
      if (!isOver) return { ...run, now: { ...now, slot }, shownMs: shown }
      return { ...run, now: { stage: 'reading', untilMs: nowMs + readingMsMax }, shownMs: shown }
    }
    case 'reading':
      if (nowMs < now.untilMs) return run
      return { ...run, now: { stage: 'stopped', reason: 'CAMERA_LOST' } }
    default:
      return run
  }
}

/** One after the other, none sooner than half a second: a late frame makes the rest later. */
function nextColor(slot: number, shownMs: readonly number[], nowMs: number): number {
  return nowMs - (shownMs.at(-1) ?? nowMs) >= slotMs ? slot + 1 : slot
}

function gestureAt(startMs: number, nowMs: number): number {
  return Math.floor((nowMs - startMs) / gestureSlotMs)
}
