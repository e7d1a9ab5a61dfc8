/** Attack species of the light challenge (LIVE-3, LIVE-8): what each shows to the camera. */

import type { LightObservation } from '../../../src/core/liveness/light/observation.ts'
import type { Deviates } from '../random.ts'
import { drawLight } from './drawLight.ts'
import { drawScene, observe, screenLight, type Scene, type Surface } from './lightModel.ts'

export interface LightSpecies {
  readonly name: string
  /** It reads the sequence while it is shown, or has the shape that the challenge looks for. */
  readonly isAdaptive: boolean
  readonly attack: (source: Deviates, sequence: readonly number[]) => LightObservation
}

export const lightSpecies: readonly LightSpecies[] = [
  { name: 'print', isAdaptive: false, attack: print },
  { name: 'screen replay', isAdaptive: false, attack: (source, asked) => replay(source, asked) },
  { name: 'sheet or flat screen in front', isAdaptive: false, attack: sheet },
  {
    name: 'answer to another sequence',
    isAdaptive: false,
    attack: (source, asked) => answered(source, asked, drawLight(source), 0),
  },
  {
    name: 'relay, 0.8 to 1.5 s late',
    isAdaptive: false,
    attack: (source, asked) => answered(source, asked, asked, source.uniform(800, 1500)),
  },
  {
    name: 'relay in time',
    isAdaptive: true,
    attack: (source, asked) => answered(source, asked, asked, source.uniform(50, 150)),
  },
  { name: 'print cut out along the face', isAdaptive: true, attack: cutOut },
]

export function room(source: Deviates): number {
  return source.uniform(40, 600)
}

/** Face and what is beside it, on one sheet of paper at arm's length. */
function print(source: Deviates, sequence: readonly number[]): LightObservation {
  const scene = drawScene(source, room(source))
  const { ambientLux } = scene.skin
  return observe(
    source,
    { ...scene, background: { ...scene.background, ambientLux, screenPart: 1 } },
    sequence,
  )
}

function cutOut(source: Deviates, sequence: readonly number[]): LightObservation {
  return observe(source, drawScene(source, room(source)), sequence)
}

/** Nothing but one surface. */
function sheet(source: Deviates, sequence: readonly number[]): LightObservation {
  const scene = drawScene(source, room(source))
  const level = source.uniform(0.1, 0.9)
  const surface = { ...scene.skin, reflects: [level, level, level] as const }
  return observe(source, { ...scene, skin: surface, background: surface }, sequence)
}

/** A clip of a face on glass, which throws back a little of what falls on it. */
function replay(
  source: Deviates,
  sequence: readonly number[],
  clip?: { readonly scene: Scene; readonly screenAt: (timeMs: number) => readonly number[] },
): LightObservation {
  const scene = drawScene(source, room(source))
  const recorded = clip?.scene ?? drawScene(source, room(source))
  const screenAt = clip?.screenAt ?? (() => [0, 0, 0])
  const skinLight = recorded.skin.ambientLux * recorded.skin.reflects[1]
  // A white screen of 60 to 600 cd/m² shows a face at 0.3 of it; times π, as light that falls.
  const brightness = (0.3 * Math.PI * source.uniform(60, 600)) / skinLight
  const glass = source.uniform(0.01, 0.05)
  const shown = (body: Surface): Surface => ({
    ...scene.skin,
    reflects: [glass, glass, glass],
    shines: (timeMs) => {
      const screen = screenAt(timeMs)
      const [r = 0, g = 0, b = 0] = body.reflects.map(
        (reflects, channel) =>
          brightness *
          reflects *
          (body.ambientLux * (recorded.ambientColor[channel] ?? 1) +
            recorded.screenLux * body.screenPart * (screen[channel] ?? 0)),
      )
      return [r, g, b]
    },
  })
  const faked = { ...scene, skin: shown(recorded.skin), background: shown(recorded.background) }
  return observe(source, faked, sequence)
}

/** A clip, or a face elsewhere, that answers `shown`, so much later than a face here would. */
function answered(
  source: Deviates,
  sequence: readonly number[],
  shown: readonly number[],
  laterMs: number,
): LightObservation {
  const scene = drawScene(source, room(source))
  const screenAt = (timeMs: number): readonly number[] =>
    screenLight(shown, timeMs - scene.lagMs - laterMs)
  return replay(source, sequence, { scene, screenAt })
}
