/** The challenges of a camera on simulated faces and attackers, as one part of the bench (LIVE-8). */

import { rateText } from '../rateText.ts'
import {
  measureLightFaces,
  measureLightSpecies,
  type FaceAttacked,
  type LightAcceptance,
  type Outcomes,
} from './light.ts'
import { lightSpecies } from './lightSpecies.ts'

const roomsLux = [20, 50, 100, 200, 400, 800, 1600]

export interface FacesMeasured {
  readonly light: {
    readonly people: readonly LightAcceptance[]
    readonly attacks: readonly FaceAttacked[]
  }
}

export function measureFaces(count: number): FacesMeasured {
  return {
    light: {
      people: roomsLux.map((ambientLux) => measureLightFaces(ambientLux, count)),
      attacks: lightSpecies.map((species) => measureLightSpecies(species, count)),
    },
  }
}

export function faceTable({ light }: FacesMeasured): readonly string[] {
  return [
    'light challenge, 8 s; simulated faces, BPCER by the light of the room:',
    ...light.people.map(({ ambientLux, notAccepted, outcomes }) =>
      [
        `${String(ambientLux).padStart(6)} lx   ${rateText(notAccepted).padEnd(30)}`,
        outcomesText(outcomes),
      ].join(''),
    ),
    `  ${'simulated attacks'.padEnd(40)}APCER of one challenge`,
    ...light.attacks.map(attackLine),
  ]
}

function attackLine({ species, isAdaptive, accepted, outcomes }: FaceAttacked): string {
  const name = `${species}${isAdaptive ? ' (adaptive)' : ''}`
  return `  ${name.padEnd(40)}${rateText(accepted).padEnd(30)}${outcomesText(outcomes)}`
}

function outcomesText(outcomes: Outcomes): string {
  return outcomes.map(([outcome, count]) => `${outcome} ${count}`).join(', ')
}
