/** The words of the breathing challenge (UX-2, LIVE-7): what is so, and what to do. No blame. */

import type { SpoiledReason, UnclearReason } from '../core/liveness/challengeRun.ts'
import type { Words } from './words.ts'

export const spoiledWords: Readonly<Record<SpoiledReason, Words>> = {
  SENSOR_LOST: {
    sentence: 'The sensor was lost, so this window was not used.',
    next: 'It counts neither for nor against you. Begin again once the signal is steady.',
  },
  CONTACT_LOST: {
    sentence: 'The sensor lost your skin, so this window was not used.',
    next: 'Moisten the strap or sit closer, and begin again once the signal is steady.',
  },
  BEATS_MISSING: {
    sentence: 'Beats were missing, so this window was not used.',
    next: 'Sit still with your hands at rest, and begin again once the signal is steady.',
  },
  TOO_FEW_BEATS: {
    sentence: 'Too few beats were seen surely, so this window was not used.',
    next: 'Check how the sensor sits, or take another one, and begin again.',
  },
  GUIDE_HIDDEN: {
    sentence: 'The guide was out of sight, so this window was not used.',
    next: 'Keep this page in front until the time is over, and begin again.',
  },
}

export const unclearWords: Readonly<Record<UnclearReason, Words>> = {
  WEAK_RESPONSE: {
    sentence: 'Your heart answered too quietly to be sure.',
    next: 'Many hearts do, and it says nothing about your health. The next window adds to this.',
  },
  OTHER_RHYTHM: {
    sentence: 'Your heart followed another rhythm than the guide’s.',
    next: 'Let the circle set the pace, however long a breath is. The next window adds to this.',
  },
}

/** After the last window. */
export const inconclusiveWords: Readonly<Record<UnclearReason, Words>> = {
  WEAK_RESPONSE: {
    sentence: 'Your heart answered too quietly to be sure, in all windows.',
    next: 'It says nothing about your health. Longer windows suit quiet hearts: try those next.',
  },
  OTHER_RHYTHM: {
    sentence: 'Your heart followed another rhythm than the guide’s.',
    next: 'Rest a little, then try again with the circle alone setting the pace.',
  },
}
