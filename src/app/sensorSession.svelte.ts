/** The heart sensor of this tab: connecting it, what it says, and words for what to change. */

import type { Codeword } from '../core/liveness/codeword.ts'
import type { PagePairing, PhoneView } from '../ports/phone.ts'
import type {
  Provenance,
  QualityReason,
  Sensor,
  SensorEvent,
  SensorState,
} from '../ports/sensor.ts'
import { BeatSpread } from './beatSpread.ts'
import { BreathRate, type Breathing } from './breathRate.ts'
import type { CameraMode, CameraView, GuideFollower, SensorKind, Services } from './services.ts'
import { WaveBuffer } from './wave.ts'
import { signalAdvice, type Advice } from './signalWords.ts'
import { sensorErrorWords, sensorStatusWords, type Words } from './words.ts'

export class SensorSession {
  readonly wave = new WaveBuffer()
  readonly #services: Services
  // Nothing is shown of who listens: it need not be reactive.
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #handlers = new Set<(event: SensorEvent) => void>()
  #sensor: Sensor | undefined
  #follower: GuideFollower | undefined
  #unsubscribe: (() => void) | undefined
  #kind = $state.raw<SensorKind | undefined>()
  #state = $state.raw<SensorState>('stopped')
  #problem = $state.raw<Words | undefined>()
  readonly #spread = new BeatSpread()
  #bpm = $state.raw<number | undefined>()
  #intervalErrorMs = $state.raw<number | undefined>()
  #breath: BreathRate | undefined
  #breathing = $state.raw<Breathing | undefined>()
  #quality = $state.raw<QualityReason | undefined>()
  #deviceName = $state.raw<string | undefined>()
  #batteryPercent = $state.raw<number | undefined>()
  #waveKind = $state.raw<'ecg' | 'pulse' | 'beats' | undefined>()
  #camera = $state.raw<CameraView | undefined>()
  #phone: PhoneView | undefined
  #pairing = $state.raw<PagePairing | undefined>()

  constructor(services: Services) {
    this.#services = services
  }

  get kind(): SensorKind | undefined {
    return this.#kind
  }

  get state(): SensorState {
    return this.#state
  }

  /** Where the beats come from (SENS-4). */
  get provenance(): Provenance | undefined {
    return this.#sensor?.provenance
  }

  get live(): boolean {
    return this.#state === 'live'
  }

  get bpm(): number | undefined {
    return this.live ? this.#bpm : undefined
  }

  /** One standard deviation of an interval, where the sensor says how surely it places beats. */
  get intervalErrorMs(): number | undefined {
    return this.live ? this.#intervalErrorMs : undefined
  }

  /** From the intervals of the last minute, where they tell (HRV-4). */
  get breathing(): Breathing | undefined {
    return this.live ? this.#breathing : undefined
  }

  get deviceName(): string | undefined {
    return this.#deviceName
  }

  get batteryPercent(): number | undefined {
    return this.#batteryPercent
  }

  /** Present while the sensor is a camera. */
  get camera(): CameraView | undefined {
    return this.#camera
  }

  /** Present while the sensor is a phone's camera (SENS-6). */
  get pairing(): PagePairing | undefined {
    return this.#pairing
  }

  /** The phone that shows the same number is this person's. */
  acceptPhone(): void {
    this.#phone?.accept()
  }

  /** Why it could not start, or why it is lost. */
  get problem(): Words | undefined {
    return this.#problem
  }

  /** Where the wave comes from, said plainly (SENS-4, UX-7). */
  readonly source = $derived.by(() => {
    if (this.#kind === undefined) return 'No sensor'
    if (this.#kind === 'simulated') return 'simulated heart, devnet only'
    if (this.#kind === 'camera') return 'Camera pulse, declared by this device'
    if (this.#kind === 'phone') return 'Camera pulse of a phone, declared by that phone'
    return this.#waveKind === 'ecg'
      ? 'ECG from the strap, declared by this device'
      : 'Beats from the strap, declared by this device'
  })

  /** The words under the wave: what to change, that it comes by itself, or that all is well. */
  readonly advice = $derived.by((): Advice => {
    if (this.#problem !== undefined) {
      return { tone: 'act', text: `${this.#problem.sentence} ${this.#problem.next}` }
    }
    switch (this.#state) {
      case 'live':
        return signalAdvice(this.#quality ?? 'STARTING')
      case 'searching':
        return { tone: 'wait', text: this.#searching() }
      case 'connecting':
        return { tone: 'wait', text: 'Connecting.' }
      case 'reconnecting':
        return { tone: 'act', text: 'The sensor was lost. Reconnecting by itself.' }
      case 'lost':
        return { tone: 'act', text: 'The sensor was lost. It reconnects when it is near.' }
      case 'stopped':
        return { tone: 'act', text: 'Connect a sensor to see your pulse.' }
    }
  })

  /** Everything that the sensor says, as it comes. Returns a function that removes the handler. */
  onEvent(handler: (event: SensorEvent) => void): () => void {
    this.#handlers.add(handler)
    return () => {
      this.#handlers.delete(handler)
    }
  }

  /** Tells a simulated heart of the guide (LIVE-1); people see it themselves. */
  breatheAlong(codeword: Codeword | undefined, startMs?: number): void {
    this.#follower?.follow(codeword, startMs)
  }

  async connect(kind: SensorKind, mode?: CameraMode): Promise<boolean> {
    await this.disconnect()
    this.#problem = undefined
    this.#kind = kind
    this.#state = 'connecting'
    const factory = await this.#services.loadSensors()
    const sensor = factory.create(kind, mode)
    this.#breath = new BreathRate(factory.readBreath)
    this.#unsubscribe = sensor.onEvent((event) => {
      this.#take(event)
      for (const handler of this.#handlers) handler(event)
    })
    const started = await sensor.start()
    if (!started.ok) {
      this.#reset()
      this.#problem = sensorErrorWords[started.error.code]
      return false
    }
    this.#sensor = sensor
    this.#camera = factory.viewOf(sensor)
    this.#phone = factory.phoneOf(sensor)
    this.#phone?.onPairing((pairing) => {
      if (this.#sensor === sensor) this.#pairing = pairing
    })
    this.#follower = factory.followerOf(sensor)
    this.#services.memory.set('sensor', kind)
    this.#services.node.attachSensor(sensor, this.#deviceName)
    return true
  }

  async disconnect(): Promise<void> {
    const sensor = this.#sensor
    this.#services.node.attachSensor(undefined)
    const timeMs = Date.now()
    for (const handler of this.#handlers) handler({ kind: 'status', timeMs, state: 'stopped' })
    this.#reset()
    this.#problem = undefined
    await sensor?.stop()
  }

  #reset(): void {
    this.#unsubscribe?.()
    this.#unsubscribe = undefined
    this.#sensor = undefined
    this.#follower = undefined
    this.#kind = undefined
    this.#state = 'stopped'
    this.#bpm = undefined
    this.#spread.clear()
    this.#intervalErrorMs = undefined
    this.#breath = undefined
    this.#breathing = undefined
    this.#quality = undefined
    this.#deviceName = undefined
    this.#batteryPercent = undefined
    this.#waveKind = undefined
    this.#camera = undefined
    this.#phone = undefined
    this.#pairing = undefined
    this.wave.clear()
  }

  #searching(): string {
    if (this.#kind === 'camera' || this.#pairing?.stage === 'agreed') {
      return 'Looking for your pulse.'
    }
    return this.#kind === 'phone' ? 'Waiting for your phone.' : 'Looking for the sensor.'
  }

  /** A phone says its camera's name later, and another one when it turns to another lens. */
  #rename(name: string | undefined): void {
    const isOther = name !== undefined && name !== this.#deviceName
    this.#deviceName = name ?? this.#deviceName
    if (!isOther || this.#kind !== 'phone' || this.#sensor === undefined) return
    this.#services.node.attachSensor(this.#sensor, name)
  }

  #take(event: SensorEvent): void {
    switch (event.kind) {
      case 'wave':
        this.wave.push(event)
        this.#waveKind = event.wave
        return
      case 'rate':
        this.#bpm = event.bpm
        return
      case 'status':
        this.#state = event.state
        this.#problem =
          event.state === 'live' || event.reason === undefined
            ? undefined
            : sensorStatusWords[event.reason]
        return
      case 'quality':
        this.#quality = event.reason
        return
      case 'device':
        this.#rename(event.name)
        this.#batteryPercent = event.battery ?? this.#batteryPercent
        return
      case 'beats':
        this.#spread.add(event)
        this.#intervalErrorMs = this.#spread.intervalMs
        this.#breathing = this.#breath?.add(event)
        // Samples, where the sensor sends them, say more than marks.
        if (this.#waveKind === undefined || this.#waveKind === 'beats') {
          this.#waveKind = 'beats'
          this.wave.pushBeats(event)
        }
        return
    }
  }
}
