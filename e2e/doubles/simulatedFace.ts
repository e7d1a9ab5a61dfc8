/**
 * A camera with a simulated face before it, for pages that are looked at: it follows what it is
 * asked, or does nothing. Judged by the real judges, on the series that the bench measures them on.
 */

import { deviates } from '../../bench/liveness/random.ts'
import { answering, drawFace, poses, slotsStartMs } from '../../bench/liveness/face/gestureModel.ts'
import { drawScene, observe } from '../../bench/liveness/face/lightModel.ts'
import { SensorEvents } from '../../src/adapters/sensors/sensorEvents.ts'
import type { CameraView, SkinRegion } from '../../src/app/services.ts'
import { ok, type Result } from '../../src/core/base/result.ts'
import { judgeGestures } from '../../src/core/liveness/gesture/judgeGestures.ts'
import { judgeLight } from '../../src/core/liveness/light/judgeLight.ts'
import type { FaceChallenge, FaceQuestion, FaceVerdict } from '../../src/ports/faceChallenge.ts'
import type { Sensor, SensorError, SensorEvent } from '../../src/ports/sensor.ts'

const roomLux = 200
const forehead: SkinRegion = { x: 0.4, y: 0.2, width: 0.2, height: 0.1, shape: 'rectangle' }

export class SimulatedFace implements Sensor, CameraView {
  readonly provenance = 'camera'
  readonly stream = undefined
  readonly mode = 'face'
  readonly face: FaceChallenge
  readonly #events = new SensorEvents()

  constructor(isAnswering: boolean) {
    this.face = {
      begin: () => {
        this.#say('searching')
        return true
      },
      judge: (question) => Promise.resolve(judged(question, isAnswering)),
      end: () => undefined,
    }
  }

  start(): Promise<Result<void, SensorError>> {
    this.#events.emit({ kind: 'device', name: 'Simulated camera' })
    this.#say('live')
    return Promise.resolve(ok(undefined))
  }

  stop(): Promise<void> {
    this.#say('stopped')
    return Promise.resolve()
  }

  onEvent(handler: (event: SensorEvent) => void): () => void {
    return this.#events.add(handler)
  }

  onRegions(handler: (regions: readonly SkinRegion[]) => void): () => void {
    handler([forehead])
    return () => undefined
  }

  setMode(): void {
    // One face, found.
  }

  #say(state: 'searching' | 'live' | 'stopped'): void {
    this.#events.emit({ kind: 'status', timeMs: Date.now(), state })
  }
}

function judged(question: FaceQuestion, isAnswering: boolean): FaceVerdict {
  const { kind } = question
  const source = deviates(5)
  if (kind === 'light') {
    const scene = drawScene(source, roomLux)
    const shown = isAnswering ? question.sequence : []
    const verdict = judgeLight(question.sequence, observe(source, scene, shown))
    return { kind, verdict }
  }
  const done = isAnswering ? answering(source, question.asked) : []
  const verdict = judgeGestures(question.asked, slotsStartMs, poses(source, drawFace(source), done))
  return { kind, verdict }
}
