/**
 * Which codeword a validator is asked for (LIVE-2): drawn from the beacon, the chain, its key and
 * the number of the window, so that nobody knows it before the beacon, and no two keys are asked
 * for the same ones but by chance.
 */

import { assert } from '../base/assert.ts'
import { u32be } from '../base/bytes.ts'
import { hash, hashBytes } from '../crypto/hash.ts'
import type { Codebook } from './codeword.ts'
import { windowsMax } from './evidence.ts'

export interface CodewordDraw {
  /** 32 bytes each. */
  readonly beacon: Uint8Array
  readonly chainId: Uint8Array
  readonly validatorKey: Uint8Array
  /** Of the challenge, from 0. */
  readonly window: number
}

/** Index into `book.codewords`. */
export function drawCodeword(draw: CodewordDraw, book: Codebook): number {
  const { beacon, chainId, validatorKey, window } = draw
  const count = book.codewords.length
  const parts = [beacon, chainId, validatorKey]
  assert(
    parts.every((part) => part.length === hashBytes),
    'beacon, chain and key have 32 bytes',
  )
  assert(window >= 0 && window < windowsMax, 'a challenge has so many windows')
  // Then the low bits of a hash are a uniform draw.
  assert(count > 0 && count <= 256 && (count & (count - 1)) === 0, 'a power of two of codewords')
  const digest = hash('codeword', ...parts, u32be(book.seconds), u32be(window))
  return (digest[0] ?? 0) & (count - 1)
}
