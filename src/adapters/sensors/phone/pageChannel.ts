/**
 * One channel as the page sees it (SENS-6): a handshake first, by the secret of the link or by what
 * the phone of before knows, and sealed blocks behind it. Whatever else comes closes it in silence.
 */

import { utf8 } from '../../../core/base/bytes.ts'
import type { StreamEnd, StreamMessage } from '../../../core/codec/sensor.ts'
import type { StreamError } from '../../../core/stream/errors.ts'
import { answerHandshake, type Handshake } from '../../../core/stream/noise.ts'
import { SealedBlocks } from '../../../core/stream/sealedBlocks.ts'
import type { DeviceChannel } from '../../../ports/deviceLink.ts'

export const streamPrologue = utf8('/emo/sensor/1')

export interface PageKeys {
  readonly staticSecret: Uint8Array
  readonly linkPsk: Uint8Array
  /** Known once a phone is paired. */
  readonly returnPsk: Uint8Array | undefined
}

export interface PageChannelEvents {
  /** A block that opened; the first one shows that the phone has finished the handshake. */
  readonly onMessage: (message: StreamMessage, channel: PageChannel) => void
  /** It sealed the block, and what is in it breaks the rules. */
  readonly onViolation: (error: StreamError, channel: PageChannel) => void
  readonly onClosed: (channel: PageChannel) => void
}

export class PageChannel {
  readonly #channel: DeviceChannel
  #blocks: SealedBlocks | undefined
  #handshake: Handshake | undefined
  #isReturn = false

  constructor(
    channel: DeviceChannel,
    keys: () => PageKeys,
    random: () => Uint8Array,
    events: PageChannelEvents,
  ) {
    this.#channel = channel
    channel.onClosed(() => {
      events.onClosed(this)
    })
    channel.onMessage((message) => {
      if (this.#blocks === undefined) {
        if (!this.#answer(keys(), random, message)) channel.close()
        return
      }
      const opened = this.#blocks.open(message)
      if (opened.ok) events.onMessage(opened.value, this)
      else events.onViolation(opened.error, this)
    })
  }

  get handshake(): Handshake | undefined {
    return this.#handshake
  }

  /** Whether it came with what only the paired phone knows. */
  get isReturn(): boolean {
    return this.#isReturn
  }

  send(message: StreamMessage): void {
    if (this.#blocks === undefined) return
    // A block that was sealed and not sent leaves a gap that no later block opens behind.
    if (!this.#channel.send(this.#blocks.seal(message))) this.#channel.close()
  }

  /** Says why, where there is somebody who understands it, and closes. */
  end(reason: StreamEnd): void {
    this.send({ farewell: { reason } })
    this.close()
  }

  close(): void {
    this.#channel.close()
  }

  #answer(keys: PageKeys, random: () => Uint8Array, message: Uint8Array): boolean {
    const { staticSecret, linkPsk, returnPsk } = keys
    for (const psk of returnPsk === undefined ? [linkPsk] : [returnPsk, linkPsk]) {
      const own = { psk, staticSecret, ephemeralSecret: random() }
      const answered = answerHandshake(own, streamPrologue, message)
      if (!answered.ok) continue
      this.#handshake = answered.value.handshake
      this.#blocks = new SealedBlocks(answered.value.handshake)
      this.#isReturn = psk === returnPsk
      return this.#channel.send(answered.value.answer)
    }
    return false
  }
}
