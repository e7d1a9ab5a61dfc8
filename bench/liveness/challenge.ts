/** Challenges run to their end: draw, beats, verdict, up to three times (LIVE-1, LIVE-2). */

import { drawCodeword } from '../../src/core/liveness/drawCodeword.ts'
import { judge, windowsMax, type WindowAnswer } from '../../src/core/liveness/evidence.ts'
import { responseOf } from '../../src/core/liveness/response.ts'
import type { Challenge } from '../../src/core/liveness/rules.ts'
import type { BreathWindow } from '../../src/core/liveness/window.ts'
import type { Deviates } from './random.ts'

/** What an identity is asked, window by window. */
export function drawAsked(source: Deviates, { book }: Challenge): readonly number[] {
  const bytes = (): Uint8Array => Uint8Array.from({ length: 32 }, () => source.below(256))
  const draw = { beacon: bytes(), chainId: bytes(), validatorKey: bytes() }
  return Array.from({ length: windowsMax }, (_, window) => drawCodeword({ ...draw, window }, book))
}

/** After how many windows it was answered; undefined when never. */
export interface Outcome {
  readonly answeredAfter: number | undefined
  /** Windows that could not be judged: too few beats, or gaps. */
  readonly unusable: number
}

export function runChallenge(
  challenge: Challenge,
  asked: readonly number[],
  windows: (window: number) => BreathWindow,
): Outcome {
  const answers: WindowAnswer[] = []
  let unusable = 0
  for (const [window, codeword] of asked.entries()) {
    const response = responseOf(windows(window), challenge.book)
    if (!response.ok) {
      unusable += 1
      continue
    }
    answers.push({ asked: codeword, sharesBp: response.value })
    const { verdict } = judge(answers, challenge.rule)
    if (verdict === 'answered') return { answeredAfter: answers.length, unusable }
  }
  return { answeredAfter: undefined, unusable }
}
