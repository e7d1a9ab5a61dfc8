/** The parts of `npm run bench -- liveness`: who is accepted, who is not, and what n says. */

import { artefactMarks } from '../../src/core/emotion/artefacts.ts'
import { judge, windowsMax } from '../../src/core/liveness/evidence.ts'
import { responseOf } from '../../src/core/liveness/response.ts'
import { longChallenge, shortChallenge, type Challenge } from '../../src/core/liveness/rules.ts'
import { rateOf, type Rate } from './bounds.ts'
import { drawAsked, runChallenge } from './challenge.ts'
import { windowOf } from './heart.ts'
import { responder } from './people.ts'
import { deviates } from './random.ts'
import { pacedAtFour, unpacedRecordings, windowsOf } from './recordings.ts'
import type { Species } from './species.ts'

export interface Acceptance {
  /** Half the swing of the interval over a breath, ms. */
  readonly amplitudeMs: number
  readonly people: number
  /** Share answered after at most one, two and three windows. */
  readonly answered: readonly number[]
  /** Not answered after three: inconclusive, and asked otherwise (LIVE-7). */
  readonly inconclusive: Rate
}

export function measureAcceptance(
  challenge: Challenge,
  amplitudeMs: number,
  people: number,
): Acceptance {
  const after = Array.from({ length: people }, (_, person) => {
    const source = deviates(1_000_000 * amplitudeMs + person)
    const asked = drawAsked(source, challenge)
    const answer = responder(source, challenge, amplitudeMs)
    return runChallenge(challenge, asked, (window) => answer(asked[window] ?? 0)).answeredAfter
  })
  const within = (windows: number): number =>
    after.filter((count) => count !== undefined && count <= windows).length
  return {
    amplitudeMs,
    people,
    answered: [1, 2, 3].map((windows) => within(windows) / people),
    inconclusive: rateOf(people - within(windowsMax), people),
  }
}

export interface Attacked {
  readonly species: string
  readonly isAdaptive: boolean
  /** One window each, for the false accepts of a window. */
  readonly firstWindow: Rate
  /** APCER of the whole challenge. */
  readonly challenge: Rate
}

export function measureSpecies(
  { name, isAdaptive, attack }: Species,
  challenge: Challenge,
  attacks: number,
): Attacked {
  const after = Array.from({ length: attacks }, (_, attacker) => {
    const source = deviates(7_000_000 + attacker)
    const asked = drawAsked(source, challenge)
    return runChallenge(challenge, asked, attack(source, challenge, asked)).answeredAfter
  })
  return {
    species: name,
    isAdaptive,
    firstWindow: rateOf(after.filter((count) => count === 1).length, attacks),
    challenge: rateOf(after.filter((count) => count !== undefined).length, attacks),
  }
}

/**
 * Real hearts that were asked nothing. Every window against each codeword that could have been
 * asked gives the chance of a false accept of a window; one challenge for each recording, drawn by
 * a seed, gives trials that are independent people.
 */
export function measureRecordings(challenge: Challenge): {
  readonly windows: number
  readonly unusable: number
  readonly perWindow: number
  readonly recordings: number
  readonly challenges: Rate
} {
  const { book, rule } = challenge
  const count = book.codewords.length
  let windows = 0
  let unusable = 0
  let accepting = 0
  const outcomes: boolean[] = []
  for (const [index, recording] of unpacedRecordings().entries()) {
    const found = windowsOf(recording, book.seconds)
    const shares = found.flatMap((window) => {
      const response = responseOf(window, book)
      return response.ok ? [response.value] : []
    })
    windows += shares.length
    unusable += found.length - shares.length
    for (const sharesBp of shares) {
      accepting += sharesBp.filter(
        (_, asked) => judge([{ asked, sharesBp }], rule).verdict === 'answered',
      ).length
    }
    if (found.length === 0) continue
    const asked = drawAsked(deviates(400 + index), challenge)
    const shown = (window: number): (typeof found)[number] =>
      found[window % found.length] ?? { ticks: [], marks: [], firstOffsetTicks: 0 }
    outcomes.push(runChallenge(challenge, asked, shown).answeredAfter !== undefined)
  }
  return {
    windows,
    unusable,
    perWindow: accepting / (windows * count),
    recordings: outcomes.length,
    challenges: rateOf(outcomes.filter(Boolean).length, outcomes.length),
  }
}

/**
 * The paced recording: 4 breaths a minute, which no codeword has. What it shows is that the
 * detector sees a paced breath in a camera's beats; it is one person, and answers no challenge.
 */
export function measurePaced(): { readonly atFourBp: number; readonly codewordBpMax: number } {
  const { book } = shortChallenge
  const steady = { seconds: book.seconds, codewords: [[30, 30, 30, 30]] }
  const beats = pacedAtFour()
  const found = windowOf(beats, book.seconds)
  // As every window that is measured: a beat that the camera missed is marked (HRV-1).
  const window = { ...found, marks: artefactMarks(found.ticks) }
  const [own, others] = [responseOf(window, steady), responseOf(window, book)]
  return {
    atFourBp: own.ok ? (own.value[0] ?? 0) : 0,
    codewordBpMax: others.ok ? Math.max(...others.value) : 0,
  }
}

export const challenges = [
  { name: 'short', challenge: shortChallenge },
  { name: 'long', challenge: longChallenge },
] as const
