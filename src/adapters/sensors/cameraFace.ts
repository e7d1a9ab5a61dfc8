/** The window's side of a challenge to the face (LIVE-3, LIVE-4): one at a time, in the worker. */

import type { CameraMode, CameraRequest } from '../../../workers/camera/protocol.ts'
import type {
  FaceChallenge,
  FaceKind,
  FaceQuestion,
  FaceVerdict,
} from '../../ports/faceChallenge.ts'

export interface FaceWorker {
  readonly mode: () => CameraMode
  /** `false` while the camera is closed. */
  readonly send: (request: CameraRequest) => boolean
}

export class CameraFace implements FaceChallenge {
  readonly #worker: FaceWorker
  #isOn = false
  /** Counts challenges: a verdict may cross the end of its own on the way. */
  #round = 0
  #settle: ((verdict: FaceVerdict | undefined) => void) | undefined

  constructor(worker: FaceWorker) {
    this.#worker = worker
  }

  begin(kind: FaceKind): boolean {
    const mode = this.#worker.mode()
    // A lens under a finger sees no face, and without landmarks there are no gestures.
    const isAble = mode === 'face' || (mode === 'oval' && kind === 'light')
    this.end()
    this.#round += 1
    const request = { kind: 'faceBegin', challenge: kind, round: this.#round } as const
    this.#isOn = isAble && this.#worker.send(request)
    return this.#isOn
  }

  judge(question: FaceQuestion): Promise<FaceVerdict | undefined> {
    if (!this.#isOn || this.#settle !== undefined) return Promise.resolve(undefined)
    return new Promise((settle) => {
      this.#settle = settle
      this.#worker.send({ kind: 'faceJudge', question })
    })
  }

  end(): void {
    if (!this.#isOn) return
    this.#worker.send({ kind: 'faceEnd' })
    this.#settleBy(undefined)
  }

  /** The worker has judged. */
  take(round: number, verdict: FaceVerdict): void {
    if (round === this.#round) this.#settleBy(verdict)
  }

  /** The worker is gone. */
  lost(): void {
    this.#settleBy(undefined)
  }

  #settleBy(verdict: FaceVerdict | undefined): void {
    this.#isOn = false
    const settle = this.#settle
    this.#settle = undefined
    settle?.(verdict)
  }
}
