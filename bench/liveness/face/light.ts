/** The light challenge on simulated faces and attackers (LIVE-3, LIVE-8). */

import { judgeLight } from '../../../src/core/liveness/light/judgeLight.ts'
import { rateOf, type Rate } from '../bounds.ts'
import { deviates } from '../random.ts'
import { drawLight } from './drawLight.ts'
import { drawScene, observe } from './lightModel.ts'
import type { LightSpecies } from './lightSpecies.ts'
import { countOutcomes, type FaceAttacked, type Outcomes } from './outcomes.ts'

export interface LightAcceptance {
  readonly ambientLux: number
  /** BPCER of one challenge: refused or inconclusive. */
  readonly notAccepted: Rate
  readonly outcomes: Outcomes
}

export function measureLightFaces(ambientLux: number, people: number): LightAcceptance {
  const verdicts = Array.from({ length: people }, (_, person) => {
    const source = deviates(11_000_000 + 1000 * ambientLux + person)
    const sequence = drawLight(source)
    return judgeLight(sequence, observe(source, drawScene(source, ambientLux), sequence))
  })
  const missed = verdicts.filter(({ verdict }) => verdict !== 'accepted').length
  return { ambientLux, notAccepted: rateOf(missed, people), outcomes: countOutcomes(verdicts) }
}

export function measureLightSpecies(
  { name, isAdaptive, attack }: LightSpecies,
  attacks: number,
): FaceAttacked {
  const verdicts = Array.from({ length: attacks }, (_, attacker) => {
    const source = deviates(13_000_000 + attacker)
    const sequence = drawLight(source)
    return judgeLight(sequence, attack(source, sequence))
  })
  const accepted = verdicts.filter(({ verdict }) => verdict === 'accepted').length
  const outcomes = countOutcomes(verdicts)
  return { species: name, isAdaptive, accepted: rateOf(accepted, attacks), outcomes }
}
