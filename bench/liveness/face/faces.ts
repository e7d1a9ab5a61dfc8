/** The challenges of a camera on simulated faces and attackers, one part of the bench (LIVE-8). */

import type { Rate } from '../bounds.ts'
import { rateText } from '../rateText.ts'
import { measureGestureFaces, measureGestureSpecies, type GestureAcceptance } from './gestures.ts'
import { gestureSpecies } from './gestureSpecies.ts'
import { measureLightFaces, measureLightSpecies, type LightAcceptance } from './light.ts'
import { lightSpecies } from './lightSpecies.ts'
import type { FaceAttacked, Outcomes } from './outcomes.ts'

const roomsLux = [20, 50, 100, 200, 400, 800, 1600]
const ratesHz = [8, 12, 15, 30]

export interface FacesMeasured {
  readonly light: {
    readonly people: readonly LightAcceptance[]
    readonly attacks: readonly FaceAttacked[]
  }
  readonly gestures: {
    readonly people: readonly GestureAcceptance[]
    readonly attacks: readonly FaceAttacked[]
  }
}

export function measureFaces(count: number): FacesMeasured {
  return {
    light: {
      people: roomsLux.map((ambientLux) => measureLightFaces(ambientLux, count)),
      attacks: lightSpecies.map((species) => measureLightSpecies(species, count)),
    },
    gestures: {
      people: ratesHz.map((rate) => measureGestureFaces(rate, count)),
      attacks: gestureSpecies.map((species) => measureGestureSpecies(species, count)),
    },
  }
}

export function faceTable({ light, gestures }: FacesMeasured): readonly string[] {
  const head = `  ${'simulated attacks'.padEnd(42)}APCER of one challenge`
  return [
    'light challenge, 8 s; simulated faces, BPCER by the light of the room:',
    ...light.people.map((row) => line(`${row.ambientLux} lx`, row.notAccepted, row.outcomes)),
    head,
    ...light.attacks.map(attackLine),
    'blink and head challenge, 16 s; simulated faces, BPCER by pictures a second:',
    ...gestures.people.map((row) =>
      line(`${row.samplesPerSecond} a second`, row.notAccepted, row.outcomes),
    ),
    head,
    ...gestures.attacks.map(attackLine),
  ]
}

function attackLine({ species, isAdaptive, accepted, outcomes }: FaceAttacked): string {
  return line(`${species}${isAdaptive ? ' (adaptive)' : ''}`, accepted, outcomes)
}

function line(name: string, rate: Rate, outcomes: Outcomes): string {
  const counts = outcomes.map(([outcome, count]) => `${outcome} ${count}`).join(', ')
  return `  ${name.padEnd(42)}${rateText(rate).padEnd(30)}${counts}`
}
