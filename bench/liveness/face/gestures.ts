/** The blink and head challenge on simulated faces and attackers (LIVE-4, LIVE-8). */

import { judgeGestures } from '../../../src/core/liveness/gesture/judgeGestures.ts'
import { rateOf, type Rate } from '../bounds.ts'
import { deviates } from '../random.ts'
import { answering, drawFace, poses, slotsStartMs } from './gestureModel.ts'
import { drawAsked, type GestureSpecies } from './gestureSpecies.ts'
import { countOutcomes, type FaceAttacked, type Outcomes } from './outcomes.ts'

export interface GestureAcceptance {
  readonly samplesPerSecond: number
  /** BPCER of one challenge: refused or inconclusive. */
  readonly notAccepted: Rate
  readonly outcomes: Outcomes
}

export function measureGestureFaces(samplesPerSecond: number, people: number): GestureAcceptance {
  const verdicts = Array.from({ length: people }, (_, person) => {
    const source = deviates(17_000_000 + 1000 * samplesPerSecond + person)
    const asked = drawAsked(source)
    const face = { ...drawFace(source), samplesPerSecond }
    return judgeGestures(asked, slotsStartMs, poses(source, face, answering(source, asked)))
  })
  const missed = verdicts.filter(({ verdict }) => verdict !== 'accepted').length
  const outcomes = countOutcomes(verdicts)
  return { samplesPerSecond, notAccepted: rateOf(missed, people), outcomes }
}

export function measureGestureSpecies(
  { name, isAdaptive, attack }: GestureSpecies,
  attacks: number,
): FaceAttacked {
  const verdicts = Array.from({ length: attacks }, (_, attacker) => {
    const source = deviates(19_000_000 + attacker)
    const asked = drawAsked(source)
    return judgeGestures(asked, slotsStartMs, attack(source, asked))
  })
  const accepted = verdicts.filter(({ verdict }) => verdict === 'accepted').length
  const outcomes = countOutcomes(verdicts)
  return { species: name, isAdaptive, accepted: rateOf(accepted, attacks), outcomes }
}
