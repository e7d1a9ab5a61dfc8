/**
 * The challenge to the face of this tab (LIVE-3, LIVE-4, UX-9): draws what is asked, follows the
 * screen's frames, and shows what the camera's worker judged. Loaded with its view.
 */

import { drawGestures, gestureBytes } from '../core/liveness/gesture/gestures.ts'
import { drawSequence, sequenceBytes } from '../core/liveness/light/colors.ts'
import type { FaceKind } from '../ports/faceChallenge.ts'
import type { SensorEvent } from '../ports/sensor.ts'
import { hindranceOf, type FaceHindrance } from './faceOffer.ts'
import {
  isAsking,
  questionOf,
  readyRun,
  stepFace,
  type FaceDraw,
  type FaceInput,
  type FaceRun,
  type FaceStop,
} from './faceRun.ts'
import type { Page } from './page.svelte.ts'
import type { CameraView } from './services.ts'

/** What is shown in seconds need not change with every frame. */
const shownStepMs = 100

export class FaceSession {
  readonly #page: Page
  readonly #reduced = window.matchMedia('(prefers-reduced-motion: reduce)')
  #run = $state.raw<FaceRun>(readyRun)
  /** Unix ms in steps of a tenth of a second, while something is asked. */
  #nowMs = $state(0)
  #isFaceSeen = $state(false)
  #isCalm = $state(this.#reduced.matches)
  /** The camera that is asked now. */
  #asked: CameraView | undefined

  constructor(page: Page) {
    this.#page = page
  }

  get run(): FaceRun {
    return this.#run
  }

  /** Until the first thing is asked; 0 when that is not to come. */
  get startsInSeconds(): number {
    const { now } = this.#run
    return now.stage === 'leading' ? Math.max(1, Math.ceil((now.startMs - this.#nowMs) / 1000)) : 0
  }

  readonly isOn = $derived.by(() => isAsking(this.#run))

  /** What stands in the way of either; undefined: it may begin. */
  readonly hindrances = $derived.by((): Readonly<Record<FaceKind, FaceHindrance | undefined>> => {
    const { sensor, snapshot } = this.#page
    // A camera changes its mode by itself and says so with its state: read both.
    const mode = sensor.state === 'stopped' ? undefined : sensor.camera?.mode
    const facts = {
      sensor: sensor.kind,
      mode,
      isFaceSeen: this.#isFaceSeen,
      isCalm: this.#isCalm,
      liveness: snapshot?.liveness,
    }
    return { light: hindranceOf('light', facts), gestures: hindranceOf('gestures', facts) }
  })

  begin(kind: FaceKind): void {
    const { camera } = this.#page.sensor
    if (this.isOn || this.hindrances[kind] !== undefined || camera === undefined) return
    if (!camera.face.begin(kind)) return
    this.#asked = camera
    this.#nowMs = Date.now()
    this.#step({ input: 'begin', nowMs: this.#nowMs, draw: drawOf(kind) })
  }

  stop(): void {
    this.#stop('BY_PERSON')
  }

  /** Before each frame of the screen, so that what is noted is when it was shown. */
  frame(): void {
    const nowMs = Date.now()
    if (Math.abs(nowMs - this.#nowMs) >= shownStepMs) this.#nowMs = nowMs
    this.#step({ input: 'frame', nowMs })
  }

  /** Listens until the returned function is called, which also stops what is asked. */
  follow(): () => void {
    const stopEvents = this.#page.sensor.onEvent((event) => {
      this.#take(event)
    })
    const onVisibility = (): void => {
      if (document.hidden) this.#stop('HIDDEN')
    }
    const onMotion = (): void => {
      this.#isCalm = this.#reduced.matches
      if (this.#isCalm && this.#run.draw?.kind === 'light') this.#stop('MOTION_REDUCED')
    }
    document.addEventListener('visibilitychange', onVisibility)
    this.#reduced.addEventListener('change', onMotion)
    return () => {
      stopEvents()
      document.removeEventListener('visibilitychange', onVisibility)
      this.#reduced.removeEventListener('change', onMotion)
      this.stop()
    }
  }

  /** Follows where skin is seen, of the camera that there is now. */
  watchFace(camera: CameraView | undefined): (() => void) | undefined {
    this.#isFaceSeen = false
    return camera?.onRegions((regions) => {
      this.#isFaceSeen = regions.length > 0
    })
  }

  #take(event: SensorEvent): void {
    if (event.kind !== 'status') return
    const isGone =
      event.state === 'lost' || event.state === 'reconnecting' || event.state === 'stopped'
    if (isGone) this.#stop('CAMERA_LOST')
  }

  #stop(reason: FaceStop): void {
    this.#step({ input: 'stop', reason })
  }

  #step(input: FaceInput): void {
    const before = this.#run
    this.#run = stepFace(before, input)
    if (this.#run === before) return
    const isNow = isAsking(this.#run)
    if (isNow !== isAsking(before)) this.#page.keepScreenOn(isNow)
    if (!isNow) {
      this.#asked?.face.end()
      this.#asked = undefined
    } else if (this.#run.now.stage === 'reading' && before.now.stage !== 'reading') {
      void this.#judge(this.#run)
    }
  }

  async #judge(run: FaceRun): Promise<void> {
    const question = questionOf(run)
    if (question === undefined) return
    const verdict = await this.#asked?.face.judge(question)
    // Stopped meanwhile, and perhaps begun anew.
    if (this.#run.now !== run.now) return
    if (verdict === undefined) this.#stop('CAMERA_LOST')
    else this.#step({ input: 'verdict', verdict })
  }
}

/** Drawn when the person begins: nobody knew it before (RAND-1). */
function drawOf(kind: FaceKind): FaceDraw {
  const bytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length))
  return kind === 'light'
    ? { kind, sequence: drawSequence(bytes(sequenceBytes)) }
    : { kind, asked: drawGestures(bytes(gestureBytes)) }
}
