/**
 * The pulse in a face before the camera (SENS-2, SENS-3). The window only opens the camera: frames
 * go to a worker and end there; what comes back are beats, rate, wave and quality.
 */

import type {
  CameraMode,
  CameraReply,
  CameraRequest,
  Region,
} from '../../../workers/camera/protocol.ts'
import { err, ok, type Result } from '../../core/base/result.ts'
import type { Clock } from '../../ports/clock.ts'
import {
  staleMs,
  type Sensor,
  type SensorError,
  type SensorEvent,
  type SensorState,
  type StatusEvent,
  type StatusReason,
} from '../../ports/sensor.ts'
import { cameraError } from './cameraErrors.ts'
import { frameStream, sendFrames } from './cameraFrames.ts'
import { SensorEvents } from './sensorEvents.ts'

const constraints: MediaStreamConstraints = {
  audio: false,
  video: {
    width: { ideal: 640 },
    height: { ideal: 480 },
    frameRate: { ideal: 30 },
    facingMode: 'user',
  },
}

const reopenMs = 3000

/**
 * Silent for this long, the camera and its worker are opened anew. Not sooner: a machine that has
 * too much to do is slow, and loading the face model again makes it slower.
 */
const reopenSilentMs = 12_000

export class Camera implements Sensor {
  readonly provenance = 'camera'
  readonly #clock: Clock
  readonly #events = new SensorEvents()
  readonly #regionHandlers = new Set<(regions: readonly Region[]) => void>()
  #mode: CameraMode
  #regions: readonly Region[] = []
  #isStarted = false
  #stream: MediaStream | undefined
  #worker: Worker | undefined
  #stopFrames: (() => void) | undefined
  #cancelTimer: (() => void) | undefined
  #lastEventMs = 0
  #isSilent = false
  /** What the worker said last of its state. */
  #workerStatus: StatusEvent | undefined
  #seriesBase = 0
  #seriesLast = 0

  constructor(clock: Clock, mode: CameraMode) {
    this.#clock = clock
    this.#mode = mode
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
    this.#mode = mode
    this.#send({ kind: 'mode', mode })
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
    const devices = (navigator as Partial<Navigator>).mediaDevices
    if (devices === undefined) return err({ code: 'CAMERA_UNSUPPORTED' })
    let stream: MediaStream
    try {
      stream = await devices.getUserMedia(constraints)
    } catch (thrown) {
      return err(cameraError(thrown))
    }
    const track = stream.getVideoTracks()[0]
    if (track === undefined || !this.#isRunning()) {
      for (const each of stream.getTracks()) each.stop()
      return err({ code: 'CAMERA_MISSING' })
    }
    this.#stream = stream
    track.addEventListener('ended', () => {
      this.#lost('CAMERA_ENDED')
    })
    this.#events.emit({ kind: 'device', name: track.label })
    this.#read(stream, track)
    return ok(undefined)
  }

  #read(stream: MediaStream, track: MediaStreamTrack): void {
    const worker = new Worker(new URL('../../../workers/camera/worker.ts', import.meta.url), {
      type: 'module',
    })
    this.#worker = worker
    this.#seriesBase = this.#seriesLast
    worker.addEventListener('message', ({ data }: MessageEvent<CameraReply>) => {
      this.#receive(data)
    })
    worker.addEventListener('error', () => {
      this.#lost('WORKER_FAILED')
    })
    const frames = frameStream(track)
    this.#send(
      { kind: 'start', mode: this.#mode, ...(frames !== undefined && { frames }) },
      frames === undefined ? [] : [frames],
    )
    if (frames === undefined) {
      this.#stopFrames = sendFrames(stream, (request, transfer) => {
        this.#send(request, transfer)
      })
    }
    this.#lastEventMs = this.#clock.nowMs()
    this.#status('searching')
    this.#watch()
  }

  #receive(reply: CameraReply): void {
    switch (reply.kind) {
      case 'event':
        this.#heard(reply.event)
        break
      case 'regions':
        this.#regions = reply.regions
        for (const handler of [...this.#regionHandlers]) handler(reply.regions)
        break
      case 'faceUnavailable':
        this.setMode('oval')
        break
    }
  }

  #heard(event: SensorEvent): void {
    this.#lastEventMs = this.#clock.nowMs()
    if (event.kind === 'status') this.#workerStatus = event
    else if (this.#isSilent && this.#workerStatus !== undefined) {
      const { state, reason } = this.#workerStatus
      this.#status(state, reason)
    }
    this.#isSilent = false
    this.#events.emit(this.#numbered(event))
  }

  /** A new worker counts its series from one again; to the listener they go on. */
  #numbered(event: SensorEvent): SensorEvent {
    if (event.kind !== 'beats') return event
    this.#seriesLast = this.#seriesBase + event.series
    return { ...event, series: this.#seriesLast }
  }

  /** A camera that stops sending frames says nothing about it. */
  #watch(): void {
    this.#cancelTimer = this.#clock.after(1000, () => {
      const silentMs = this.#clock.nowMs() - this.#lastEventMs
      // While the model loads and no face was seen yet there is nothing to report.
      const isSilent = silentMs > staleMs && this.#seriesLast > this.#seriesBase
      if (isSilent && silentMs > reopenSilentMs) {
        this.#lost('CAMERA_ENDED')
        return
      }
      if (isSilent && !this.#isSilent) this.#status('lost', 'SILENT')
      this.#isSilent = isSilent
      this.#watch()
    })
  }

  #lost(reason: StatusReason): void {
    if (!this.#isStarted) return
    this.#close()
    this.#status('lost', reason)
    this.#reopen(reason)
  }

  #reopen(reason: StatusReason): void {
    this.#cancelTimer = this.#clock.after(reopenMs, () => {
      this.#status('reconnecting', reason)
      void this.#open().then((opened) => {
        if (!opened.ok && this.#isRunning()) this.#reopen(reason)
      })
    })
  }

  #close(): void {
    this.#cancelTimer?.()
    this.#stopFrames?.()
    this.#stopFrames = undefined
    this.#worker?.terminate()
    this.#worker = undefined
    for (const track of this.#stream?.getTracks() ?? []) track.stop()
    this.#stream = undefined
    this.#regions = []
    this.#workerStatus = undefined
    this.#isSilent = false
  }

  /** Also true after an `await`, where the compiler would believe the value from before it. */
  #isRunning(): boolean {
    return this.#isStarted
  }

  #send(request: CameraRequest, transfer: Transferable[] = []): void {
    this.#worker?.postMessage(request, transfer)
  }

  #status(state: SensorState, reason?: StatusReason): void {
    const timeMs = this.#clock.nowMs()
    this.#events.emit({ kind: 'status', timeMs, state, ...(reason !== undefined && { reason }) })
  }
}
