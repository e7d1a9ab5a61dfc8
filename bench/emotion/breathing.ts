/**
 * The breathing challenge in short (LIVE-1): who is accepted by the strength of the response, and
 * what is accepted falsely. Species of attack and all else: `npm run bench -- liveness`.
 */

import { judge } from '../../src/core/liveness/evidence.ts'
import { responseOf } from '../../src/core/liveness/response.ts'
import type { Challenge } from '../../src/core/liveness/rules.ts'
import { drawAsked } from '../liveness/challenge.ts'
import {
  challenges,
  measureAcceptance,
  measurePaced,
  measureRecordings,
  type Acceptance,
} from '../liveness/measure.ts'
import { responder } from '../liveness/people.ts'
import { deviates } from '../liveness/random.ts'

export interface BreathingFigures {
  readonly books: readonly {
    readonly seconds: number
    readonly codewords: number
    /** Simulated people. */
    readonly acceptance: readonly Acceptance[]
    /** Windows that answer one codeword, each taken for the answer to every other. */
    readonly otherCodeword: OtherCodeword
    /** Real hearts that were asked nothing: a window against each codeword, and three windows. */
    readonly unpaced: ReturnType<typeof measureRecordings>
  }[]
  /** The one paced recording, 4 breaths a minute, which no codeword has. */
  readonly paced: ReturnType<typeof measurePaced>
}

/** Pairs of one window are not independent: a share of them, and no bound by their number. */
export interface OtherCodeword {
  readonly accepted: number
  readonly pairs: number
  readonly windows: number
}

const amplitudesMs = [10, 20, 30, 40, 50, 60, 80, 100]

export function breathingFigures(people: number): BreathingFigures {
  return {
    books: challenges.map(({ challenge }) => ({
      seconds: challenge.book.seconds,
      codewords: challenge.book.codewords.length,
      acceptance: amplitudesMs.map((each) => measureAcceptance(challenge, each, people)),
      otherCodeword: otherCodeword(challenge, people),
      unpaced: measureRecordings(challenge),
    })),
    paced: measurePaced(),
  }
}

function otherCodeword(challenge: Challenge, people: number): OtherCodeword {
  let [accepted, pairs, windows] = [0, 0, 0]
  for (const amplitudeMs of amplitudesMs) {
    for (let person = 0; person < people; person += 1) {
      const source = deviates(3_000_000 + 1000 * amplitudeMs + person)
      const [own = 0] = drawAsked(source, challenge)
      const response = responseOf(responder(source, challenge, amplitudeMs)(own), challenge.book)
      if (!response.ok) continue
      const sharesBp = response.value
      const others = sharesBp.flatMap((_, asked) => (asked === own ? [] : [asked]))
      windows += 1
      pairs += others.length
      accepted += others.filter(
        (asked) => judge([{ asked, sharesBp }], challenge.rule).verdict === 'answered',
      ).length
    }
  }
  return { accepted, pairs, windows }
}
