/** This device as the camera of another page (SENS-6): what it sends, to whom, and until when. */

import type { PhonePairing, PhoneSender } from '../ports/phone.ts'
import type { SensorSession } from './sensorSession.svelte.ts'
import type { CameraMode, Services } from './services.ts'
import type { Words } from './words.ts'

export class PhoneSession {
  readonly #services: Services
  readonly #sensor: SensorSession
  #sender: PhoneSender | undefined
  #pairing = $state.raw<PhonePairing>({ stage: 'connecting', problem: undefined })
  #isOpening = $state.raw(false)
  #isClosed = false

  constructor(services: Services, sensor: SensorSession) {
    this.#services = services
    this.#sensor = sensor
  }

  get pairing(): PhonePairing {
    return this.#pairing
  }

  /** The browser is asked for the camera. */
  get isOpening(): boolean {
    return this.#isOpening
  }

  /** Bytes and beats so far; not reactive: read it again when time has passed. */
  get sent(): PhoneSender['sent'] {
    return this.#sender?.sent ?? { bytes: 0, beats: 0 }
  }

  /** What keeps this device from measuring for another page. */
  readonly problem = $derived.by((): Words | undefined => {
    const { kind } = this.#sensor
    if (kind === undefined) return this.#sensor.problem
    if (kind === 'camera') return undefined
    return {
      sentence: 'This device already measures with another sensor, for itself.',
      next: 'Disconnect that one first: one heart, one sensor.',
    }
  })

  async start(link: string | undefined): Promise<void> {
    const sender = await this.#services.loadPhoneSender()
    if (this.#isClosed) return
    this.#sender = sender
    sender.onPairing((pairing) => {
      this.#pairing = pairing
      if (pairing.stage === 'ended') void this.#release()
    })
    await sender.start(link ?? '')
  }

  /** This person agrees: opens the camera, unless it is open, and sends what it says. */
  async send(mode: CameraMode): Promise<void> {
    const sensor = this.#sensor
    const isCamera = sensor.kind === 'camera'
    this.#isOpening = true
    const isOpen = isCamera || (await sensor.connect('camera', mode))
    this.#isOpening = false
    if (this.#isClosed) await this.#release()
    if (!isOpen || this.#isClosed) return
    this.#sender?.agree({
      onEvent: (handler) => {
        const { deviceName, state } = sensor
        const timeMs = Date.now()
        if (deviceName !== undefined) handler({ kind: 'device', name: deviceName })
        handler({ kind: 'status', timeMs, state })
        return sensor.onEvent(handler)
      },
    })
  }

  stop(): void {
    this.#sender?.stop()
  }

  /** The view is left: nothing goes on behind it. */
  close(): void {
    this.#isClosed = true
    this.stop()
  }

  async #release(): Promise<void> {
    if (this.#sensor.kind === 'camera') await this.#sensor.disconnect()
  }
}
