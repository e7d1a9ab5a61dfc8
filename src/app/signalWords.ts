/** What to change about a signal, or that nothing needs to change (QUAL-1, UX-2). */

import type { QualityReason } from '../ports/sensor.ts'

export const qualityWords: Readonly<Record<QualityReason, string>> = {
  GOOD: 'Good contact. Keep sitting as you are.',
  STARTING: 'Finding your pulse. Sit still for a moment.',
  BEATS_MISSING: 'Some beats are missing. Check that the strap sits flat.',
  CONTACT_LOST: 'No contact. Moisten the strap and pull it a little tighter.',
  NO_FACE: 'No face in the picture. Sit in front of the camera.',
  MOVE_TO_LIGHT: 'Too dark. Turn your face to the light.',
  TOO_BRIGHT: 'Too bright. Turn away from the lamp or the sun.',
  HOLD_STILL: 'Hold still; rest your head if you can.',
  FRAME_RATE_LOW: 'The camera is slow. Close other programs, or add light.',
  COVER_LENS: 'Cover the lens and its lamp with a fingertip, without pressing.',
  PRESS_LIGHTLY: 'The pulse is faint. Press less, warm the finger, and hold still.',
  PULSE_WEAK: 'The pulse is faint. Move closer and keep your face in even light.',
}

export interface Advice {
  /** `act` asks the person for something; `wait` goes by itself. */
  readonly tone: 'good' | 'wait' | 'act'
  readonly text: string
}

export function signalAdvice(quality: QualityReason): Advice {
  const tone = quality === 'GOOD' ? 'good' : quality === 'STARTING' ? 'wait' : 'act'
  return { tone, text: qualityWords[quality] }
}
