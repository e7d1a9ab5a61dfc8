/**
 * Reads frames as they come: where is skin, what colour has it, what pulse does it show (SENS-2). A
 * frame is closed as soon as its colour is read; nothing of it is kept or sent on.
 */

import { PulseTracker } from '../../src/adapters/sensors/rppg/pulseTracker.ts'
import type { FaceKind, FaceQuestion } from '../../src/ports/faceChallenge.ts'
import type { SensorEvent } from '../../src/ports/sensor.ts'
import { FaceAsker } from './faceAsker.ts'
import type { FaceFinder } from './faceFinder.ts'
import { FrameClock } from './frameClock.ts'
import type { CameraMode, CameraReply, Region } from './protocol.ts'
import {
  besideFace,
  besideOval,
  faceRegions,
  fingerRegion,
  hasMoved,
  ovalRegion,
  type Point,
} from './regions.ts'
import { isFinger, sizeOf, SkinReader, type FrameImage } from './skinColor.ts'

const findEveryMs = 500
/** On a slow machine the search may take this share of the worker's time, no more. */
const findShareMax = 0.2
const openEveryMs = 1000
/** One missed detection is no lost face. */
const faceLostMs = 1500

export class CameraReader {
  readonly #reply: (reply: CameraReply) => void
  readonly #loadFinder: () => Promise<FaceFinder>
  readonly #skin = new SkinReader()
  readonly #clock = new FrameClock()
  #tracker: PulseTracker
  #mode: CameraMode
  #finder: FaceFinder | undefined
  #isLoading = false
  #regions: readonly Region[] = []
  /** What is behind the face, for the light challenge. */
  #beside: readonly Region[] = []
  #asker: FaceAsker | undefined
  /** The pulse knows that the frames go to a challenge. */
  #isPaused = false
  #nextFindMs = -Infinity
  #seenMs: number | undefined

  constructor(
    mode: CameraMode,
    loadFinder: () => Promise<FaceFinder>,
    reply: (reply: CameraReply) => void,
  ) {
    this.#mode = mode
    this.#loadFinder = loadFinder
    this.#reply = reply
    this.#tracker = this.#newTracker()
  }

  setMode(mode: CameraMode): void {
    if (mode === this.#mode) return
    this.#mode = mode
    this.#asker = undefined
    this.#tracker = this.#newTracker()
    this.#seenMs = undefined
    this.#nextFindMs = -Infinity
    this.#setRegions([])
  }

  /** Frames go to a challenge of the face from the next one on (LIVE-3, LIVE-4). */
  beginFace(kind: FaceKind, round: number): void {
    this.#asker = new FaceAsker(kind, round, () => {
      this.#reply({ kind: 'faceWatched' })
    })
    this.#isPaused = false
  }

  judgeFace(question: FaceQuestion): void {
    this.#asker?.ask(question)
  }

  endFace(): void {
    this.#asker = undefined
  }

  /** `timeMs` is the frame's own time. The caller closes the frame. */
  async read(frame: FrameImage, timeMs: number): Promise<void> {
    const offsetMs = this.#clock.offsetMs(timeMs, Date.now())
    if (this.#asker !== undefined) {
      await this.#readAsked(this.#asker, frame, timeMs, offsetMs)
      return
    }
    await this.#place(frame, timeMs, offsetMs)
    if (this.#regions.length === 0) return
    const color = await this.#skin.read(frame, this.#regions)
    if (color === undefined) return
    if (this.#mode === 'finger' && !this.#isCovered(isFinger(color), timeMs, offsetMs)) return
    this.#tracker.add({ timeMs, ...color }, offsetMs)
  }

  async #place(frame: FrameImage, timeMs: number, offsetMs: number): Promise<void> {
    if (this.#mode === 'face') {
      await this.#findFace(frame, timeMs, offsetMs)
      return
    }
    if (this.#regions.length > 0) return
    this.#setRegions([this.#placedRegion(frame)])
    this.#beside = besideOval(...sizeOf(frame))
  }

  /** Of the pulse nothing is read: what the screen shows is in the very colours that carry it. */
  async #readAsked(
    asker: FaceAsker,
    frame: FrameImage,
    timeMs: number,
    offsetMs: number,
  ): Promise<void> {
    if (!this.#isPaused) {
      this.#isPaused = true
      this.#tracker.pause(timeMs, offsetMs)
    }
    const unixMs = Math.round(timeMs + offsetMs)
    const verdict = asker.at(unixMs)
    if (verdict !== undefined) {
      this.#asker = undefined
      const { round } = asker
      if (verdict !== 'over') this.#reply({ kind: 'faceVerdict', round, verdict })
      return
    }
    if (asker.kind === 'gestures') {
      const mesh = this.#finder && (await asker.readPose(frame, unixMs, this.#finder))
      if (mesh !== undefined) this.#follow(mesh, timeMs)
      return
    }
    await this.#place(frame, timeMs, offsetMs)
    const place = { skin: this.#regions, beside: this.#beside }
    await asker.readLight(frame, unixMs, place, this.#skin)
  }

  #placedRegion(frame: FrameImage): Region {
    return this.#mode === 'finger' ? fingerRegion() : ovalRegion(...sizeOf(frame))
  }

  /** A finger that is lifted is said once a second, and ends the series. */
  #isCovered(isNow: boolean, timeMs: number, offsetMs: number): boolean {
    if (!isNow && timeMs >= this.#nextFindMs) {
      this.#nextFindMs = timeMs + openEveryMs
      this.#tracker.skinLost(timeMs, offsetMs)
    }
    return isNow
  }

  async #findFace(frame: FrameImage, timeMs: number, offsetMs: number): Promise<void> {
    if (this.#finder === undefined) {
      this.#load()
      return
    }
    if (timeMs < this.#nextFindMs) return
    this.#seenMs ??= timeMs
    const startMs = performance.now()
    const mesh = await this.#finder.find(frame)
    const spentMs = performance.now() - startMs
    this.#nextFindMs = timeMs + Math.max(findEveryMs, spentMs / findShareMax)
    if (mesh !== undefined) {
      this.#follow(mesh, timeMs)
      return
    }
    if (timeMs - this.#seenMs <= faceLostMs) return
    this.#setRegions([])
    // During a challenge its judge says that the face was gone.
    if (this.#asker === undefined) this.#tracker.skinLost(timeMs, offsetMs)
  }

  #follow(mesh: readonly Point[], timeMs: number): void {
    this.#seenMs = timeMs
    const regions = faceRegions(mesh)
    if (!hasMoved(this.#regions, regions)) return
    this.#setRegions(regions)
    this.#beside = besideFace(mesh)
  }

  /** Frames go by unread until the model is there. */
  #load(): void {
    if (this.#isLoading) return
    this.#isLoading = true
    this.#loadFinder().then(
      (finder) => {
        this.#finder = finder
      },
      (thrown: unknown) => {
        const reason = thrown instanceof Error ? thrown.message : String(thrown)
        this.#reply({ kind: 'faceUnavailable', reason })
      },
    )
  }

  #setRegions(regions: readonly Region[]): void {
    this.#regions = regions
    this.#reply({ kind: 'regions', regions })
  }

  #newTracker(): PulseTracker {
    return new PulseTracker(this.#mode === 'finger' ? 'finger' : 'face', (event: SensorEvent) => {
      this.#reply({ kind: 'event', event })
    })
  }
}
