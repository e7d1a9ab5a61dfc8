/**
 * The phone's side of a stream (SENS-6): calls the page that showed the link, shows the number that
 * both screens must show, and sends what the camera says once its person agreed. It calls again by
 * itself for 30 s after the connection broke, and then never again.
 */

import { StreamEnd, StreamState, type StreamMessage } from '../../../core/codec/sensor.ts'
import { streamLimits } from '../../../core/stream/limits.ts'
import {
  checkNumber,
  linkPeerSeed,
  linkPsk,
  parseLink,
  returnPsk,
  type StreamLink,
} from '../../../core/stream/link.ts'
import { openHandshake, streamKeyBytes, type Handshake } from '../../../core/stream/noise.ts'
import { SealedBlocks } from '../../../core/stream/sealedBlocks.ts'
import { StreamSender } from '../../../core/stream/sender.ts'
import type { Clock } from '../../../ports/clock.ts'
import type {
  DeviceCaller,
  DeviceChannel,
  DeviceLink,
  DeviceLinkError,
} from '../../../ports/deviceLink.ts'
import type { PhoneEnd, PhonePairing, PhoneSender, PhoneSource } from '../../../ports/phone.ts'
import type { Random } from '../../../ports/random.ts'
import type { SensorEvent } from '../../../ports/sensor.ts'
import { Told } from './handlers.ts'
import { streamPrologue } from './pageChannel.ts'
import { beatOf, partOf } from './signalParts.ts'

const retryMs = 1000

export interface CameraSenderOptions {
  readonly clock: Clock
  readonly random: Random
  readonly link: DeviceLink
}

export class CameraSender implements PhoneSender {
  readonly #options: CameraSenderOptions
  readonly #pairing = new Told<PhonePairing>({ stage: 'connecting', problem: undefined })
  readonly #sender = new StreamSender()
  #link: StreamLink | undefined
  #caller: DeviceCaller | undefined
  #channel: DeviceChannel | undefined
  #blocks: SealedBlocks | undefined
  #returnPsk: Uint8Array | undefined
  #number = ''
  #isAgreed = false
  #isEnded = false
  #heardMs = 0
  #untilMs = 0
  #bytes = 0
  #beats = 0
  #detach: (() => void) | undefined
  #cancelTick: (() => void) | undefined
  #cancelRetry: (() => void) | undefined

  constructor(options: CameraSenderOptions) {
    this.#options = options
  }

  get pairing(): PhonePairing {
    return this.#pairing.value
  }

  get sent(): { readonly bytes: number; readonly beats: number } {
    return { bytes: this.#bytes, beats: this.#beats }
  }

  onPairing(handler: (pairing: PhonePairing) => void): () => void {
    return this.#pairing.add(handler)
  }

  async start(text: string): Promise<void> {
    const link = parseLink(text)
    if (!link.ok) {
      this.#end('LINK_INVALID')
      return
    }
    this.#link = link.value
    this.#untilMs = this.#options.clock.nowMs() + streamLimits.reachMs
    this.#caller = await this.#options.link.caller(linkPeerSeed(link.value))
    if (this.#hasEnded()) await this.#caller.stop()
    else await this.#call()
  }

  agree(camera: PhoneSource): void {
    if (this.pairing.stage !== 'asked') return
    this.#isAgreed = true
    this.#sender.say({ state: StreamState.CONNECTING })
    this.#detach = camera.onEvent((event) => {
      this.#take(event)
    })
    this.#showOpen()
  }

  stop(): void {
    this.#send({ farewell: { reason: StreamEnd.END_STOPPED } })
    this.#end('STOPPED_HERE')
  }

  /** Also true after an `await`, where the compiler would believe the value from before it. */
  #hasEnded(): boolean {
    return this.#isEnded
  }

  #take(event: SensorEvent): void {
    this.#sender.say(partOf(event))
    if (event.kind !== 'beats') return
    const nowUs = 1000 * this.#options.clock.nowMs()
    this.#sender.add(event.series, event.beats.map(beatOf), nowUs)
  }

  async #call(): Promise<void> {
    const caller = this.#caller
    const link = this.#link
    if (caller === undefined || link === undefined || this.#isEnded) return
    const connected = await caller.connect()
    if (this.#hasEnded()) {
      if (connected.ok) connected.value.close()
      return
    }
    if (connected.ok) this.#greet(connected.value, link)
    else this.#again(connected.error.code)
  }

  /** Once more, unless it has been away for too long. */
  #again(problem?: DeviceLinkError['code']): void {
    const { clock } = this.#options
    if (clock.nowMs() > this.#untilMs) {
      this.#end(this.#returnPsk === undefined ? 'NOT_REACHED' : 'AWAY_TOO_LONG')
      return
    }
    if (this.#returnPsk === undefined) this.#pairing.set({ stage: 'connecting', problem })
    this.#cancelRetry = clock.after(retryMs, () => {
      void this.#call()
    })
  }

  #greet(channel: DeviceChannel, link: StreamLink): void {
    const { clock, random } = this.#options
    const psk = this.#returnPsk ?? linkPsk(link)
    const own = { psk, responderKey: link.pageKey, ephemeralSecret: random.bytes(streamKeyBytes) }
    const opening = openHandshake(own, streamPrologue)
    if (!opening.ok) {
      channel.close()
      this.#end('LINK_INVALID')
      return
    }
    this.#heardMs = clock.nowMs()
    this.#channel = channel
    channel.onClosed(() => {
      if (channel === this.#channel) this.#lost()
    })
    channel.onMessage((message) => {
      if (this.#blocks !== undefined) {
        this.#hear(message)
        return
      }
      const finished = opening.value.finish(message)
      if (finished.ok) this.#open(finished.value)
      else this.#end('NOT_THE_PAGE')
    })
    channel.send(opening.value.message)
    this.#tick()
  }

  #open(handshake: Handshake): void {
    this.#blocks = new SealedBlocks(handshake)
    if (this.#returnPsk === undefined) {
      this.#returnPsk = returnPsk(handshake.exportKey)
      this.#number = checkNumber(handshake.transcript)
    }
    this.#sendFrame()
    this.#showOpen()
  }

  #showOpen(): void {
    const number = this.#number
    const isTaken = this.#sender.isAccepted
    const now = this.pairing
    if (!this.#isAgreed) {
      if (now.stage !== 'asked') this.#pairing.set({ stage: 'asked', number })
    } else if (now.stage !== 'sending' || now.isTaken !== isTaken) {
      this.#pairing.set({ stage: 'sending', number, isTaken })
    }
  }

  #hear(message: Uint8Array): void {
    const { clock } = this.#options
    const opened = this.#blocks?.open(message)
    if (opened?.ok !== true || opened.value.frame !== undefined) {
      this.#end('VIOLATION')
      return
    }
    this.#heardMs = clock.nowMs()
    const { probe, farewell } = opened.value
    if (probe !== undefined) {
      this.#sender.take(probe, 1000 * this.#heardMs)
      this.#showOpen()
    }
    if (farewell !== undefined) this.#end(endOf(farewell.reason))
  }

  #lost(): void {
    this.#channel = undefined
    this.#blocks = undefined
    this.#cancelTick?.()
    if (this.#isEnded) return
    if (this.#returnPsk !== undefined) {
      this.#untilMs = this.#options.clock.nowMs() + streamLimits.awayMs
      this.#pairing.set({ stage: 'away', number: this.#number, untilMs: this.#untilMs })
    }
    this.#again()
  }

  /** Four times a second a frame, and a look whether the page still speaks. */
  #tick(): void {
    const { clock } = this.#options
    this.#cancelTick?.()
    this.#cancelTick = clock.after(streamLimits.frameEveryMs, () => {
      this.#tick()
    })
    if (clock.nowMs() - this.#heardMs > streamLimits.silentMs) this.#channel?.close()
    else this.#sendFrame()
  }

  #sendFrame(): void {
    if (this.#blocks === undefined) return
    const frame = this.#sender.frame(1000 * this.#options.clock.nowMs())
    this.#beats += frame.beats.length
    this.#send({ frame })
  }

  #send(message: StreamMessage): void {
    const sealed = this.#blocks?.seal(message)
    if (sealed === undefined) return
    // A block that was sealed and not sent leaves a gap that no later block opens behind.
    if (this.#channel?.send(sealed) === true) this.#bytes += sealed.length
    else this.#channel?.close()
  }

  #end(reason: PhoneEnd): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#cancelTick?.()
    this.#cancelRetry?.()
    this.#detach?.()
    const channel = this.#channel
    this.#channel = undefined
    this.#blocks = undefined
    this.#returnPsk = undefined
    this.#link = undefined
    channel?.close()
    this.#pairing.set({ stage: 'ended', reason })
    void this.#caller?.stop()
  }
}

function endOf(reason: StreamEnd): PhoneEnd {
  switch (reason) {
    case StreamEnd.END_CLOSED:
      return 'CLOSED_THERE'
    case StreamEnd.END_STOPPED:
      return 'STOPPED_THERE'
    case StreamEnd.END_LINK_USED:
      return 'LINK_USED'
    case StreamEnd.END_VIOLATION:
      return 'VIOLATION'
  }
}
