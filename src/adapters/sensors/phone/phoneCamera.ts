/**
 * A phone's camera as a sensor of this page (SENS-6, SENS-3): the page waits for the phone that
 * comes by its link, and takes beats from it once both persons agreed. One phone at a time, also
 * after it went away: another one needs another link.
 */

import { err, ok, type Result } from '../../../core/base/result.ts'
import {
  StreamEnd,
  StreamState,
  type StreamFrame,
  type StreamMessage,
} from '../../../core/codec/sensor.ts'
import { streamLimits } from '../../../core/stream/limits.ts'
import {
  checkNumber,
  linkPeerSeed,
  linkPsk,
  linkSecretBytes,
  linkText,
  returnPsk,
} from '../../../core/stream/link.ts'
import { publicKeyOf, streamKeyBytes } from '../../../core/stream/noise.ts'
import { StreamReceiver } from '../../../core/stream/receiver.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { DeviceChannel, DeviceLink, DeviceListener } from '../../../ports/deviceLink.ts'
import type { PagePairing, PhoneEnd, PhoneView } from '../../../ports/phone.ts'
import type { Random } from '../../../ports/random.ts'
import type {
  Sensor,
  SensorError,
  SensorEvent,
  SensorState,
  StatusReason,
} from '../../../ports/sensor.ts'
import { SensorEvents } from '../sensorEvents.ts'
import { Told } from './handlers.ts'
import { PageChannel, type PageKeys } from './pageChannel.ts'
import { beatIn, eventsOf } from './signalParts.ts'

export interface PhoneCameraOptions {
  readonly clock: Clock
  readonly random: Random
  readonly link: DeviceLink
}

/** In this page: a second phone is refused, so that no two hearts are mixed. */
let isPhoneExpected = false

export class PhoneCamera implements Sensor, PhoneView {
  readonly provenance = 'camera'
  readonly #options: PhoneCameraOptions
  readonly #events = new SensorEvents()
  readonly #pairing = new Told<PagePairing>({ stage: 'ended', reason: 'STOPPED_HERE' })
  #receiver = new StreamReceiver()
  #keys: PageKeys | undefined
  #number = ''
  #listener: DeviceListener | undefined
  #isStarted = false
  #isAccepted = false
  /** The paired phone's. */
  #channel: PageChannel | undefined
  #frame: StreamFrame | undefined
  #heardMs = 0
  #cancelTick: (() => void) | undefined

  constructor(options: PhoneCameraOptions) {
    this.#options = options
  }

  get pairing(): PagePairing {
    return this.#pairing.value
  }

  onPairing(handler: (pairing: PagePairing) => void): () => void {
    return this.#pairing.add(handler)
  }

  onEvent(handler: (event: SensorEvent) => void): () => void {
    return this.#events.add(handler)
  }

  /** Resolves when the page can be found: `pairing` then has the link. */
  async start(): Promise<Result<void, SensorError>> {
    if (this.#isStarted) return err({ code: 'ALREADY_STARTED' })
    if (isPhoneExpected) return err({ code: 'PHONE_IN_USE' })
    isPhoneExpected = true
    this.#isStarted = true
    this.#status('connecting')
    const { clock, random, link } = this.#options
    const staticSecret = random.bytes(streamKeyBytes)
    const words = { pageKey: publicKeyOf(staticSecret), secret: random.bytes(linkSecretBytes) }
    this.#keys = { staticSecret, linkPsk: linkPsk(words), returnPsk: undefined }
    const listening = await link.listen(linkPeerSeed(words), (channel) => {
      this.#meet(channel)
    })
    if (!listening.ok) {
      await this.stop()
      return err({ code: 'RELAY_UNREACHABLE' })
    }
    this.#listener = listening.value
    if (!this.#isRunning()) {
      await listening.value.stop()
      return err({ code: 'RELAY_UNREACHABLE' })
    }
    const untilMs = clock.nowMs() + streamLimits.linkMs
    this.#pairing.set({ stage: 'waiting', link: linkText(words), untilMs })
    this.#status('searching')
    this.#tick()
    return ok(undefined)
  }

  async stop(): Promise<void> {
    if (!this.#isStarted) return
    await this.#end('STOPPED_HERE', StreamEnd.END_STOPPED)
    this.#status('stopped')
  }

  accept(): void {
    if (this.pairing.stage !== 'asked') return
    this.#isAccepted = true
    this.#receiver.accept()
    // What the phone said before was said to nobody.
    this.#frame = undefined
    // Before its next second the phone learns that it may send.
    this.#channel?.send({ probe: this.#receiver.probe(this.#nowUs()) })
    this.#pairing.set({ stage: 'agreed', number: this.#number, isSending: false })
  }

  #isRunning(): boolean {
    return this.#isStarted
  }

  #nowUs(): number {
    return 1000 * this.#options.clock.nowMs()
  }

  #meet(channel: DeviceChannel): void {
    const { random } = this.#options
    const keys = this.#keys
    if (!this.#isStarted || keys === undefined) {
      channel.close()
      return
    }
    new PageChannel(
      channel,
      () => this.#keys ?? keys,
      () => random.bytes(streamKeyBytes),
      {
        onMessage: (message, from) => {
          this.#take(message, from)
        },
        onViolation: (_error, from) => {
          this.#violated(from)
        },
        onClosed: (gone) => {
          if (gone === this.#channel) this.#lost()
        },
      },
    )
  }

  #take(message: StreamMessage, from: PageChannel): void {
    if (from !== this.#channel && !this.#adopt(from)) return
    const { frame, farewell } = message
    this.#heardMs = this.#options.clock.nowMs()
    if (farewell !== undefined) {
      const isPressed = farewell.reason === StreamEnd.END_STOPPED
      void this.#end(isPressed ? 'STOPPED_THERE' : 'CLOSED_THERE', StreamEnd.END_CLOSED)
      return
    }
    if (frame === undefined) {
      this.#violated(from)
      return
    }
    const taken = this.#receiver.take(frame, this.#nowUs())
    if (!taken.ok) {
      this.#violated(from)
      return
    }
    this.#show(frame)
    const { series, beats } = taken.value
    if (beats.length > 0) this.#events.emit({ kind: 'beats', series, beats: beats.map(beatIn) })
  }

  /** The first phone that comes by the link, and after it none but that phone. */
  #adopt(from: PageChannel): boolean {
    const { handshake } = from
    const keys = this.#keys
    if (!this.#isStarted || keys === undefined || handshake === undefined) return false
    if (keys.returnPsk === undefined) {
      this.#keys = { ...keys, returnPsk: returnPsk(handshake.exportKey) }
      this.#number = checkNumber(handshake.transcript)
      this.#pairing.set({ stage: 'asked', number: this.#number })
    } else if (!from.isReturn) {
      from.end(StreamEnd.END_LINK_USED)
      return false
    }
    const before = this.#channel
    this.#channel = from
    before?.close()
    from.send({ probe: this.#receiver.probe(this.#nowUs()) })
    // What the phone says of itself is said anew, as it stands.
    this.#frame = undefined
    return true
  }

  #show(frame: StreamFrame): void {
    const before = this.#frame
    this.#frame = frame
    const number = this.#number
    if (this.#isAccepted) {
      const isSending = frame.state !== StreamState.IDLE
      const now = this.pairing
      if (now.stage !== 'agreed' || now.isSending !== isSending) {
        this.#pairing.set({ stage: 'agreed', number, isSending })
      }
      const timeMs = this.#options.clock.nowMs()
      for (const event of eventsOf(frame, timeMs, before)) this.#events.emit(event)
    } else if (this.pairing.stage !== 'asked') {
      this.#pairing.set({ stage: 'asked', number })
    }
  }

  #violated(from: PageChannel): void {
    if (from === this.#channel) void this.#end('VIOLATION', StreamEnd.END_VIOLATION)
    else from.close()
  }

  #lost(): void {
    this.#channel = undefined
    this.#frame = undefined
    if (!this.#isStarted || this.pairing.stage === 'ended') return
    const untilMs = this.#options.clock.nowMs() + streamLimits.awayMs
    this.#pairing.set({ stage: 'away', number: this.#number, untilMs })
    this.#status('lost', 'PHONE_AWAY')
  }

  /** Every second: a probe, and a look at what is due. */
  #tick(): void {
    const { clock } = this.#options
    this.#cancelTick = clock.after(streamLimits.probeEveryMs, () => {
      this.#tick()
    })
    const nowMs = clock.nowMs()
    const now = this.pairing
    if (now.stage === 'waiting' && nowMs > now.untilMs) {
      void this.#end('LINK_EXPIRED', StreamEnd.END_CLOSED)
    } else if (now.stage === 'away' && nowMs > now.untilMs) {
      void this.#end('AWAY_TOO_LONG', StreamEnd.END_CLOSED)
    } else if (this.#channel !== undefined && nowMs - this.#heardMs > streamLimits.silentMs) {
      this.#channel.close()
    } else {
      this.#channel?.send({ probe: this.#receiver.probe(1000 * nowMs) })
    }
  }

  /** For good: the link is void, and its keys are forgotten. */
  async #end(reason: PhoneEnd, said: StreamEnd): Promise<void> {
    if (!this.#isStarted) return
    this.#isStarted = false
    isPhoneExpected = false
    this.#cancelTick?.()
    const [channel, listener] = [this.#channel, this.#listener]
    this.#channel = undefined
    this.#listener = undefined
    this.#keys = undefined
    this.#receiver = new StreamReceiver()
    this.#isAccepted = false
    channel?.end(said)
    this.#pairing.set({ stage: 'ended', reason })
    if (reason !== 'STOPPED_HERE') this.#status('lost', 'PHONE_ENDED')
    await listener?.stop()
  }

  #status(state: SensorState, reason?: StatusReason): void {
    const timeMs = this.#options.clock.nowMs()
    this.#events.emit({ kind: 'status', timeMs, state, ...(reason !== undefined && { reason }) })
  }
}
