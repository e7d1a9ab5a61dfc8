/**
 * A challenge to the face before a camera (LIVE-3, LIVE-4): what the page asks of it, and what
 * comes back. An interface only; the camera of `src/adapters/sensors` has it. Pictures, colours and
 * landmarks stay in its worker: a verdict is all that leaves.
 */

import type { Gesture } from '../core/liveness/gesture/gestures.ts'
import type { GestureVerdict } from '../core/liveness/gesture/judgeGestures.ts'
import type { LightSequence } from '../core/liveness/light/colors.ts'
import type { LightVerdict } from '../core/liveness/light/judgeLight.ts'

export type FaceKind = 'light' | 'gestures'

/** What was asked, and when: whole Unix ms. */
export type FaceQuestion =
  | {
      readonly kind: 'light'
      readonly sequence: LightSequence
      /** When each colour came on, and when the last one went. */
      readonly shownMs: readonly number[]
    }
  | {
      readonly kind: 'gestures'
      readonly asked: readonly Gesture[]
      /** When the first slot began. */
      readonly startMs: number
    }

export type FaceVerdict =
  | { readonly kind: 'light'; readonly verdict: LightVerdict }
  | { readonly kind: 'gestures'; readonly verdict: GestureVerdict }

export interface FaceChallenge {
  /**
   * Frames go to the challenge from now on and are no pulse meanwhile; beats go on behind it as a
   * new series. `false`: this camera cannot, as it is open now.
   */
  begin(kind: FaceKind): boolean
  /**
   * Waits until the camera has seen late enough, and ends the challenge. `undefined`: it was ended,
   * or the camera was lost.
   */
  judge(question: FaceQuestion): Promise<FaceVerdict | undefined>
  /** Frames go to the pulse again. */
  end(): void
}
