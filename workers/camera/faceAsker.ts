/**
 * Frames of a camera while its face is asked something (LIVE-3, LIVE-4): none of them is a pulse.
 * It ends with the verdict, when the window says so, or by itself when nothing is asked in time.
 */

import type { FaceKind, FaceQuestion, FaceVerdict } from '../../src/ports/faceChallenge.ts'
import type { FaceFinder } from './faceFinder.ts'
import { FaceSamples, judgedFromMs } from './faceSamples.ts'
import type { Region } from './protocol.ts'
import { shareBpOf, type Point } from './regions.ts'
import { sizeOf, type FrameImage, type SkinReader } from './skinColor.ts'

/** Longer than any challenge with its countdown: a page that was left asks no more. */
const unaskedMsMax = 40_000
const watchedEveryMs = 500
/** Poses need no more than sixteen pictures a second; fewer where finding takes longer. */
const poseEveryMs = 60

export interface FacePlace {
  readonly skin: readonly Region[]
  readonly beside: readonly Region[]
}

export class FaceAsker {
  readonly kind: FaceKind
  readonly round: number
  readonly #onWatched: () => void
  readonly #samples = new FaceSamples()
  #question: FaceQuestion | undefined
  #beganMs: number | undefined
  #nextWatchedMs = -Infinity
  #nextPoseMs = -Infinity

  constructor(kind: FaceKind, round: number, onWatched: () => void) {
    this.kind = kind
    this.round = round
    this.#onWatched = onWatched
  }

  ask(question: FaceQuestion): void {
    if (question.kind === this.kind) this.#question = question
  }

  /** Before a frame is read: the verdict once this one is late enough, or that time has run out. */
  at(unixMs: number): FaceVerdict | 'over' | undefined {
    this.#beganMs ??= unixMs
    if (unixMs >= this.#nextWatchedMs) {
      this.#nextWatchedMs = unixMs + watchedEveryMs
      this.#onWatched()
    }
    const question = this.#question
    if (question !== undefined && unixMs >= judgedFromMs(question)) {
      return this.#samples.judge(question)
    }
    return unixMs - this.#beganMs > unaskedMsMax ? 'over' : undefined
  }

  async readLight(
    frame: FrameImage,
    unixMs: number,
    { skin, beside }: FacePlace,
    reader: SkinReader,
  ): Promise<void> {
    const color = await reader.read(frame, skin)
    if (color === undefined) return
    const behind = await reader.read(frame, beside)
    const shares = { skinBp: shareBpOf(skin), besideBp: shareBpOf(beside) }
    this.#samples.addLight(unixMs, color, behind, shares)
  }

  /** The landmarks, where this frame was looked at and shows a face. */
  async readPose(
    frame: FrameImage,
    unixMs: number,
    finder: FaceFinder,
  ): Promise<readonly Point[] | undefined> {
    if (unixMs < this.#nextPoseMs) return undefined
    // Frames that come while this one is searched are let go: the next is a fresh one.
    this.#nextPoseMs = Infinity
    const startMs = performance.now()
    const [width, height] = sizeOf(frame)
    const mesh = await finder.find(frame)
    this.#nextPoseMs = unixMs + Math.max(poseEveryMs, performance.now() - startMs)
    if (mesh !== undefined) this.#samples.addPose(unixMs, mesh, width, height)
    return mesh
  }
}
