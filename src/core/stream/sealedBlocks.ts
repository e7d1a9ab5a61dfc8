/**
 * Blocks under the keys of a handshake, each with its number (SENS-6): the channel below keeps
 * their order, so one that is missing, repeated or another's does not open.
 */

import { err, type Result } from '../base/result.ts'
import type { StreamMessage } from '../codec/sensor.ts'
import { readStreamBlock, writeStreamBlock } from './block.ts'
import type { StreamError } from './errors.ts'
import { openWith, sealWith, type Handshake } from './noise.ts'
import { streamLimits } from './limits.ts'

/** A block and what proves who sealed it. */
export const sealedBlockBytes = streamLimits.blockBytes + 16

export class SealedBlocks {
  readonly #sendKey: Uint8Array
  readonly #receiveKey: Uint8Array
  #sent = 0
  #received = 0

  constructor({ sendKey, receiveKey }: Pick<Handshake, 'sendKey' | 'receiveKey'>) {
    this.#sendKey = sendKey
    this.#receiveKey = receiveKey
  }

  seal(message: StreamMessage): Uint8Array {
    const sealed = sealWith(this.#sendKey, this.#sent, writeStreamBlock(message))
    this.#sent += 1
    return sealed
  }

  /** After an error the channel is of no more use. */
  open(sealed: Uint8Array): Result<StreamMessage, StreamError> {
    const block = openWith(this.#receiveKey, this.#received, sealed)
    if (block === undefined) return err({ code: 'STREAM_SEAL' })
    this.#received += 1
    return readStreamBlock(block)
  }
}
