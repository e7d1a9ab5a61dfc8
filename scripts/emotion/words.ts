/** What each reason means and what to do about it: of the core and of the signal (QUAL-1). */

import { qualityWords, type QualityWords } from '../../src/core/emotion/qualityWords.ts'
import type { Reason } from './evaluate.ts'
import type { SignalReason } from './recording.ts'

const signalWords: Readonly<Record<Exclude<SignalReason, 'GAPS'>, QualityWords>> = {
  PULSE_WEAK: {
    meaning: 'Too little of the signal is a pulse.',
    advice: 'Finger: cover lens and lamp lightly and hold still. Face: even light, hold still.',
  },
  MOVE_TO_LIGHT: {
    meaning: 'The picture is too dark.',
    advice: 'Move closer to a window or a lamp, and record again.',
  },
  TOO_BRIGHT: {
    meaning: 'The picture is too bright: its colours are at their limit.',
    advice: 'Turn away from the light, or dim it.',
  },
  HOLD_STILL: {
    meaning: 'The brightness moves more than a pulse does: the head or the light moved.',
    advice: 'Rest the head, keep the camera fixed, and record again.',
  },
  FRAME_RATE_LOW: {
    meaning: 'There are fewer than 15 frames a second.',
    advice: 'Record with more light or a smaller picture, at 30 frames a second.',
  },
  FLAT: {
    meaning: 'Most samples repeat the one before: there is no signal.',
    advice: 'Check the contact of the sensor, and that this is the right column.',
  },
}

export function wordsOf(reason: Reason): QualityWords {
  return reason in signalWords
    ? signalWords[reason as keyof typeof signalWords]
    : qualityWords[reason as keyof typeof qualityWords]
}
