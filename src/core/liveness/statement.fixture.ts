/**
 * Seeded answers to a breathing challenge, for tests: beats that follow a codeword with noise.
 * Test support; no product code imports it.
 */

import { seededGenerator } from '../emotion/testWindows.fixture.ts'
import { ticksPerSecond } from '../emotion/window.ts'
import { codebook60 } from './codebook.ts'
import { phasesAt } from './codeword.ts'
import { sineOf } from './cosine.ts'
import { drawCodeword } from './drawCodeword.ts'
import type { LivenessContext } from './statement.ts'
import type { BreathWindow } from './window.ts'

export interface BreathHeart {
  readonly seed: number
  /** The codeword that it follows. */
  readonly codeword: number
  readonly meanTicks?: number
  /** Half the swing of the interval over a breath. */
  readonly swingTicks?: number
  readonly noiseTicks?: number
  /** Behind the guide. */
  readonly lateTicks?: number
  /** Indices of marked intervals. */
  readonly marked?: readonly number[]
}

export function breathWindow(heart: BreathHeart): BreathWindow {
  const { seed, meanTicks = 900, swingTicks = 50, noiseTicks = 20, lateTicks = 1500 } = heart
  const next = seededGenerator(seed)
  const codeword = codebook60.codewords[heart.codeword] ?? []
  const firstOffsetTicks = next() % meanTicks
  const ticks: number[] = []
  let at = firstOffsetTicks
  for (;;) {
    const [phase = 0] = phasesAt(codeword, [at - lateTicks])
    const wave = Math.trunc((swingTicks * sineOf(phase)) / 1000)
    const noise = noiseTicks === 0 ? 0 : (next() % (2 * noiseTicks + 1)) - noiseTicks
    const rr = meanTicks + wave + noise
    if (at + rr > codebook60.seconds * ticksPerSecond) break
    ticks.push(rr)
    at += rr
  }
  const marks = ticks.map((_, index) => heart.marked?.includes(index) === true)
  return { ticks, marks, firstOffsetTicks }
}

const bytes = (value: number): Uint8Array => new Uint8Array(32).fill(value)

export const testNullifierKey = 123_456_789_012_345_678_901_234_567_890n

export function livenessContext(seed: number, window = 0): LivenessContext {
  return { chainId: bytes(1), epoch: 41, beacon: bytes(seed % 256), identity: bytes(3), window }
}

/** What `context` asks for. */
export function askedOf({ beacon, chainId, identity, window }: LivenessContext): number {
  return drawCodeword({ beacon, chainId, validatorKey: identity, window }, codebook60)
}
