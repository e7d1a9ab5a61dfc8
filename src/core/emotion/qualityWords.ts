/** What each reason of the quality gate means and what a person can do about it (QUAL-1). */

import type { QualityReason } from './quality.ts'

export interface QualityWords {
  readonly meaning: string
  readonly advice: string
}

export const qualityWords: Readonly<Record<QualityReason, QualityWords>> = {
  STALE: {
    meaning: 'The sensor has sent nothing for three seconds.',
    advice: 'Check that the strap is worn and near, or that the camera still sees your face.',
  },
  GAPS: {
    meaning: 'Beats are missing from the last minute.',
    advice:
      'Moisten the strap, or hold still in even light; a full minute without a gap is needed.',
  },
  TOO_FEW_BEATS: {
    meaning: 'There are fewer than 30 beats in the last minute.',
    advice: 'Wait until a minute is recorded, and check that the strap sits tight.',
  },
  TOO_FAST: {
    meaning: 'Your heart beats faster than 125 times a minute.',
    advice: 'Sit down and rest for a few minutes; the proof is about rest.',
  },
  TOO_MANY_MARKED: {
    meaning: 'Too many beats of the last minute look like measuring errors.',
    advice: 'Moisten and tighten the strap, and move less for a minute.',
  },
  IRREGULAR_RHYTHM: {
    meaning: 'The rhythm is too irregular to be scored fairly.',
    advice:
      'Sit still and try again. If it stays so, this measure does not fit your heart; ' +
      'it is no diagnosis.',
  },
}
