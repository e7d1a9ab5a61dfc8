/**
 * The pulse in a face before the camera (SENS-2, SENS-3). The window only opens the camera: frames
 * go to a worker and end there; what comes back are beats, rate, wave and quality.
 */

import type { CameraMode, CameraReply, Region } from '../../../workers/camera/protocol.ts'
import { err, ok, type Result } from '../../core/base/result.ts'
import type { Clock } from '../../ports/clock.ts'
import type {
  Sensor,
  SensorError,
  SensorEvent,
  SensorState,
  StatusReason,
} from '../../ports/sensor.ts'
import { CameraFace } from './cameraFace.ts'
import { lightLamp } from './cameraLamp.ts'
import { openCameraStream } from './cameraStream.ts'
import { CameraWatch } from './cameraWatch.ts'
import { startCameraWorker, type CameraWorker } from './cameraWorker.ts'
import { SensorEvents } from './sensorEvents.ts'

const reopenMs = 3000

export class Camera implements Sensor {
  readonly provenance = 'camera'
  /** What may be asked of the face before it. */
  readonly face: CameraFace
  readonly #clock: Clock
  readonly #watch: CameraWatch
  readonly #events = new SensorEvents()
  readonly #regionHandlers = new Set<(regions: readonly Region[]) => void>()
  #mode: CameraMode
  #regions: readonly Region[] = []
  #isStarted = false
  #stream: MediaStream | undefined
  #worker: CameraWorker | undefined
  #cancelReopen: (() => void) | undefined
  #seriesBase = 0
  #seriesLast = 0

  constructor(clock: Clock, mode: CameraMode) {
    this.#clock = clock
    this.#mode = mode
    this.#watch = new CameraWatch(clock, {
      say: (state, reason) => {
        this.#status(state, reason)
      },
      reopen: () => {
        this.#lost('CAMERA_ENDED')
      },
    })
    this.face = new CameraFace({
      mode: () => this.#mode,
      send: (request) => {
        this.#worker?.send(request)
        return this.#worker !== undefined
      },
    })
  }

  /** For the preview; undefined while the camera is closed. */
  get stream(): MediaStream | undefined {
    return this.#stream
  }

  /** `oval` after `face` when the face model cannot run here. */
  get mode(): CameraMode {
    return this.#mode
  }

  setMode(mode: CameraMode): void {
    if (mode !== this.#mode) this.face.end()
    const isOtherLens = (mode === 'finger') !== (this.#mode === 'finger')
    this.#mode = mode
    if (!isOtherLens) this.#worker?.send({ kind: 'mode', mode })
    else if (this.#stream !== undefined) this.#turn()
  }

  /** To the lens on the other side; on a laptop it is the same one. */
  #turn(): void {
    this.#close()
    this.#status('connecting')
    void this.#open().then((opened) => {
      if (!opened.ok && this.#isRunning()) this.#lost('CAMERA_ENDED')
    })
  }

  /**
   * Where skin is read, to draw over the preview: now, and at each change. Returns a function that
   * removes the handler.
   */
  onRegions(handler: (regions: readonly Region[]) => void): () => void {
    this.#regionHandlers.add(handler)
    handler(this.#regions)
    return () => this.#regionHandlers.delete(handler)
  }

  onEvent(handler: (event: SensorEvent) => void): () => void {
    return this.#events.add(handler)
  }

  async start(): Promise<Result<void, SensorError>> {
    if (this.#isStarted) return err({ code: 'ALREADY_STARTED' })
    if (!globalThis.isSecureContext) return err({ code: 'INSECURE_CONTEXT' })
    this.#isStarted = true
    this.#status('connecting')
    const opened = await this.#open()
    if (!opened.ok) await this.stop()
    return opened
  }

  async stop(): Promise<void> {
    if (!this.#isStarted) return
    this.#isStarted = false
    this.#close()
    this.#status('stopped')
    await Promise.resolve()
  }

  async #open(): Promise<Result<void, SensorError>> {
    const mode = this.#mode
    const opened = await openCameraStream(mode)
    if (!opened.ok) return opened
    const stream = opened.value
    const track = stream.getVideoTracks()[0]
    if (track === undefined || !this.#isRunning()) {
      for (const each of stream.getTracks()) each.stop()
      return err({ code: 'CAMERA_MISSING' })
    }
    this.#stream = stream
    if (mode === 'finger') void lightLamp(track)
    track.addEventListener('ended', () => {
      this.#lost('CAMERA_ENDED')
    })
    this.#events.emit({ kind: 'device', name: track.label })
    this.#read(stream, track)
    // The person chose again while the browser asked.
    if ((mode === 'finger') !== (this.#mode === 'finger')) this.#turn()
    return ok(undefined)
  }

  #read(stream: MediaStream, track: MediaStreamTrack): void {
    this.#seriesBase = this.#seriesLast
    this.#worker = startCameraWorker({
      stream,
      track,
      mode: this.#mode,
      onReply: (reply) => {
        this.#receive(reply)
      },
      onFailed: () => {
        this.#lost('WORKER_FAILED')
      },
    })
    this.#watch.start()
    this.#status('searching')
  }

  #receive(reply: CameraReply): void {
    switch (reply.kind) {
      case 'event':
        this.#watch.heard(reply.event)
        this.#events.emit(this.#numbered(reply.event))
        break
      case 'regions':
        this.#regions = reply.regions
        for (const handler of [...this.#regionHandlers]) handler(reply.regions)
        break
      case 'faceWatched':
        this.#watch.alive()
        break
      case 'faceVerdict':
        this.face.take(reply.round, reply.verdict)
        break
      case 'faceUnavailable':
        this.setMode('oval')
        break
    }
  }

  /** A new worker counts its series from one again; to the listener they go on. */
  #numbered(event: SensorEvent): SensorEvent {
    if (event.kind !== 'beats') return event
    this.#seriesLast = this.#seriesBase + event.series
    return { ...event, series: this.#seriesLast }
  }

  #lost(reason: StatusReason): void {
    if (!this.#isStarted) return
    this.#close()
    this.#status('lost', reason)
    this.#reopen(reason)
  }

  #reopen(reason: StatusReason): void {
    this.#cancelReopen = this.#clock.after(reopenMs, () => {
      this.#status('reconnecting', reason)
      void this.#open().then((opened) => {
        if (!opened.ok && this.#isRunning()) this.#reopen(reason)
      })
    })
  }

  #close(): void {
    this.#watch.stop()
    this.#cancelReopen?.()
    this.#worker?.close()
    this.#worker = undefined
    this.face.lost()
    for (const track of this.#stream?.getTracks() ?? []) track.stop()
    this.#stream = undefined
    this.#regions = []
  }

  /** Also true after an `await`, where the compiler would believe the value from before it. */
  #isRunning(): boolean {
    return this.#isStarted
  }

  #status(state: SensorState, reason?: StatusReason): void {
    const timeMs = this.#clock.nowMs()
    this.#events.emit({ kind: 'status', timeMs, state, ...(reason !== undefined && { reason }) })
  }
}
