/**
 * What a challenge of the face is judged by, frame after frame (LIVE-3, LIVE-4): mean levels of two
 * regions, or eyes and head. Bounded; it ends with its verdict, and nothing of it is sent on.
 */

import { facePose } from '../../src/core/liveness/gesture/facePose.ts'
import { gestureSlotMs, gestureSlots } from '../../src/core/liveness/gesture/gestures.ts'
import { judgeGestures, reactionMsMin } from '../../src/core/liveness/gesture/judgeGestures.ts'
import type { PoseSample } from '../../src/core/liveness/gesture/readGestures.ts'
import { judgeLight } from '../../src/core/liveness/light/judgeLight.ts'
import type { LightSample, RegionLight } from '../../src/core/liveness/light/observation.ts'
import type { FaceQuestion, FaceVerdict } from '../../src/ports/faceChallenge.ts'
import type { Point } from './regions.ts'
import type { Color } from './skinColor.ts'

/** As many as the judges take: what comes behind them is not kept. */
const lightsMax = 2048
const posesMax = 4096
/** Landmarks are whole numbers for the judge: sixteenths of a pixel. */
const perPixel = 16
/** Behind the last colour so much is looked at, to tell an answer that came late. */
const lateMs = 1600

export class FaceSamples {
  readonly #lights: LightSample[] = []
  readonly #poses: PoseSample[] = []
  #skinShares = 0
  #besideShares = 0

  /** Levels are 0..255; `beside` is undefined where nothing but the face is in the picture. */
  addLight(
    timeMs: number,
    skin: Color,
    beside: Color | undefined,
    shares: { readonly skinBp: number; readonly besideBp: number },
  ): void {
    if (this.#lights.length >= lightsMax || !isLater(this.#lights, timeMs)) return
    const background = beside === undefined ? { r: 0, g: 0, b: 0 } : levelsOf(beside)
    this.#lights.push({ timeMs, skin: levelsOf(skin), background })
    this.#skinShares += shares.skinBp
    this.#besideShares += beside === undefined ? 0 : shares.besideBp
  }

  /** `mesh` in shares of a picture of `width` × `height` pixels. */
  addPose(timeMs: number, mesh: readonly Point[], width: number, height: number): void {
    if (this.#poses.length >= posesMax || !isLater(this.#poses, timeMs)) return
    const pose = facePose(
      mesh.map(([x, y]) => [Math.round(perPixel * width * x), Math.round(perPixel * height * y)]),
    )
    if (pose !== undefined) this.#poses.push({ timeMs, ...pose })
  }

  judge(question: FaceQuestion): FaceVerdict {
    const { kind } = question
    if (kind === 'gestures') {
      const verdict = judgeGestures(question.asked, question.startMs, this.#poses)
      return { kind, verdict }
    }
    const count = Math.max(1, this.#lights.length)
    const verdict = judgeLight(question.sequence, {
      shownMs: question.shownMs,
      samples: this.#lights,
      skinShareBp: Math.floor(this.#skinShares / count),
      backgroundShareBp: Math.floor(this.#besideShares / count),
    })
    return { kind, verdict }
  }
}

/** Unix time of the frame after which a question can be judged. */
export function judgedFromMs(question: FaceQuestion): number {
  return question.kind === 'light'
    ? (question.shownMs.at(-1) ?? 0) + lateMs
    : question.startMs + gestureSlots * gestureSlotMs + reactionMsMin
}

function isLater(samples: readonly { readonly timeMs: number }[], timeMs: number): boolean {
  return timeMs > (samples.at(-1)?.timeMs ?? -Infinity)
}

/** In 256ths. */
function levelsOf({ r, g, b }: Color): RegionLight {
  return { r: Math.round(256 * r), g: Math.round(256 * g), b: Math.round(256 * b) }
}
