/** Attack species of the blink and head challenge (LIVE-4, LIVE-8). */

import {
  drawGestures,
  gestureBytes,
  gestureSlotMs,
  type Gesture,
} from '../../../src/core/liveness/gesture/gestures.ts'
import type { PoseSample } from '../../../src/core/liveness/gesture/readGestures.ts'
import type { Deviates } from '../random.ts'
import { answering, drawFace, poses, type Movement } from './gestureModel.ts'

export interface GestureSpecies {
  readonly name: string
  readonly isAdaptive: boolean
  readonly attack: (source: Deviates, asked: readonly Gesture[]) => readonly PoseSample[]
}

const never = 1e9

export const gestureSpecies: readonly GestureSpecies[] = [
  {
    name: 'print, held still',
    isAdaptive: false,
    attack: (source) => poses(source, paper(source, 20), []),
  },
  {
    name: 'print, moved about',
    isAdaptive: false,
    attack: (source) => poses(source, paper(source, 2000), []),
  },
  {
    name: 'replay of a face that was asked nothing',
    isAdaptive: false,
    attack: (source) => poses(source, drawFace(source), []),
  },
  {
    name: 'replay of an answer to another draw',
    isAdaptive: false,
    attack: (source) => {
      const other = drawAsked(source)
      return poses(source, drawFace(source), answering(source, other))
    },
  },
  {
    name: 'the right gestures at other times',
    isAdaptive: false,
    attack: (source, asked) =>
      poses(source, drawFace(source), answering(source, shuffled(source, asked))),
  },
  { name: 'one slot late', isAdaptive: false, attack: late },
  {
    name: 'puppet that reads the draw',
    isAdaptive: true,
    attack: (source, asked) => poses(source, drawFace(source), answering(source, asked)),
  },
]

export function drawAsked(source: Deviates): readonly Gesture[] {
  return drawGestures(Uint8Array.from({ length: gestureBytes }, () => source.below(256)))
}

/** Paper has open eyes, and turns as far as it is turned. */
function paper(source: Deviates, restlessBp: number): ReturnType<typeof drawFace> {
  return { ...drawFace(source), blinkEverySeconds: never, restlessBp }
}

function late(source: Deviates, asked: readonly Gesture[]): readonly PoseSample[] {
  const movements: readonly Movement[] = answering(source, asked).map((movement) => ({
    ...movement,
    fromMs: movement.fromMs + gestureSlotMs,
  }))
  return poses(source, drawFace(source), movements)
}

/** Fisher and Yates; the same order again is a right answer, and drawn again. */
function shuffled(source: Deviates, asked: readonly Gesture[]): readonly Gesture[] {
  const order = [...asked]
  for (let last = order.length - 1; last > 0; last -= 1) {
    const at = source.below(last + 1)
    const [here = 'rest', there = 'rest'] = [order[last], order[at]]
    order[last] = there
    order[at] = here
  }
  const isSame = order.every((gesture, slot) => gesture === asked[slot])
  return isSame && new Set(asked).size > 1 ? shuffled(source, asked) : order
}
