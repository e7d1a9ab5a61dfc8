/**
 * What the window and the camera worker say to each other (SENS-2). Frames go in, none come out.
 */

import type { FaceKind, FaceQuestion, FaceVerdict } from '../../src/ports/faceChallenge.ts'
import type { SensorEvent } from '../../src/ports/sensor.ts'

/**
 * `face`: found in the picture. `oval`: the person places the face where the page draws an oval.
 * `finger`: a fingertip covers the lens.
 */
export type CameraMode = 'face' | 'oval' | 'finger'

export type CameraRequest =
  | {
      readonly kind: 'start'
      readonly mode: CameraMode
      /** Where `MediaStreamTrackProcessor` exists. */
      readonly frames?: ReadableStream<VideoFrame>
    }
  /** Elsewhere, frame by frame. */
  | { readonly kind: 'frame'; readonly bitmap: ImageBitmap; readonly timeMs: number }
  | { readonly kind: 'mode'; readonly mode: CameraMode }
  /** Frames go to a challenge of the face from now on (LIVE-3, LIVE-4), and not to the pulse. */
  | { readonly kind: 'faceBegin'; readonly challenge: FaceKind; readonly round: number }
  /** What was asked: answered by `faceVerdict` once frames late enough were seen. */
  | { readonly kind: 'faceJudge'; readonly question: FaceQuestion }
  /** Frames go to the pulse again; nothing is judged. */
  | { readonly kind: 'faceEnd' }

/** In shares of the width and height of the picture. */
export interface Region {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly shape: 'rectangle' | 'ellipse'
}

export type CameraReply =
  | { readonly kind: 'event'; readonly event: SensorEvent }
  /** Where skin is read now, to draw over the preview; none while no face is seen. */
  | { readonly kind: 'regions'; readonly regions: readonly Region[] }
  /** Twice a second during a challenge: the camera is alive, though no pulse is read. */
  | { readonly kind: 'faceWatched' }
  /** Of the challenge that began with this number. */
  | { readonly kind: 'faceVerdict'; readonly round: number; readonly verdict: FaceVerdict }
  /** The face model cannot run here: go on with the oval. */
  | { readonly kind: 'faceUnavailable'; readonly reason: string }
