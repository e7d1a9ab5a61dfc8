/** When the face may be asked, and what stands in the way (LIVE-3, LIVE-4, LIVE-6, UX-9). */

import type { LivenessSummary } from '../node/api.ts'
import type { FaceKind } from '../ports/faceChallenge.ts'
import type { CameraMode, SensorKind } from './services.ts'

/** `src/app/faceWords.ts` says what to do about each. */
export type FaceHindrance =
  /** The pulse comes from something else than a camera of this device. */
  | 'NO_CAMERA'
  | 'LENS_COVERED'
  | 'FACE_UNSEEN'
  /** An answered credential lives on contact that the challenge would interrupt. */
  | 'CREDENTIAL_LIVE'
  /** An answer is on its way into a block, and contact is watched from the moment it was sent. */
  | 'ANSWER_SENT'
  /** Colours are not shown to who asked their device for less motion. */
  | 'MOTION_REDUCED'
  /** Eyes and head are not followed in the oval. */
  | 'NO_LANDMARKS'

export interface FaceFacts {
  readonly sensor: SensorKind | undefined
  readonly mode: CameraMode | undefined
  readonly isFaceSeen: boolean
  readonly isCalm: boolean
  readonly liveness: Pick<LivenessSummary, 'credential' | 'challenge'> | undefined
}

/** The first thing that has to change; undefined: it may begin. */
export function hindranceOf(kind: FaceKind, facts: FaceFacts): FaceHindrance | undefined {
  const { sensor, mode, isFaceSeen, isCalm, liveness } = facts
  if (kind === 'light' && isCalm) return 'MOTION_REDUCED'
  const step = liveness?.challenge?.step
  if (step === 'proving' || step === 'sent') return 'ANSWER_SENT'
  if (liveness?.credential === 'answered') return 'CREDENTIAL_LIVE'
  if (sensor !== 'camera' || mode === undefined) return 'NO_CAMERA'
  if (mode === 'finger') return 'LENS_COVERED'
  if (kind === 'gestures' && mode === 'oval') return 'NO_LANDMARKS'
  return isFaceSeen ? undefined : 'FACE_UNSEEN'
}
