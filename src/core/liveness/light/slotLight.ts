/** What a camera saw in each slot of a light challenge, at a given delay (LIVE-3). */

import { lnSqrtQ16 } from '../../emotion/lnSqrt.ts'
import type { LightSample, RegionLight } from './observation.ts'

/** Behind a change of colour so much is left out: exposure, and the step between two delays. */
const guardMs = 100
export const slotFramesMin = 3
/** Levels come in 256ths; their means over a slot are kept sixteen times finer. */
const finer = 16

/**
 * Half natural logarithms of the ratios between channels, in 2⁻¹⁶: gains of the whole picture, as
 * exposure and white balance make them, are constants here.
 */
export interface Chroma {
  /** ln r − ln b. */
  readonly warm: number
  /** 2·ln g − ln r − ln b. */
  readonly green: number
}

export interface SlotLight {
  readonly skin: Chroma
  readonly background: Chroma
}

/**
 * Each slot from `shownMs[i]` to `shownMs[i + 1]`, late by `lagMs`; undefined when one has fewer
 * than three frames.
 */
export function slotLights(
  samples: readonly LightSample[],
  shownMs: readonly number[],
  lagMs: number,
): readonly SlotLight[] | undefined {
  const slots: SlotLight[] = []
  for (let slot = 0; slot + 1 < shownMs.length; slot += 1) {
    const fromMs = (shownMs[slot] ?? 0) + lagMs + guardMs
    const toMs = (shownMs[slot + 1] ?? 0) + lagMs
    const inside = samples.filter(({ timeMs }) => timeMs >= fromMs && timeMs < toMs)
    if (inside.length < slotFramesMin) return undefined
    slots.push({
      skin: chromaOf(inside.map(({ skin }) => skin)),
      background: chromaOf(inside.map(({ background }) => background)),
    })
  }
  return slots
}

function chromaOf(lights: readonly RegionLight[]): Chroma {
  const [r, g, b] = [
    meanLn(lights.map((light) => light.r)),
    meanLn(lights.map((light) => light.g)),
    meanLn(lights.map((light) => light.b)),
  ]
  return { warm: r - b, green: 2 * g - r - b }
}

/** Of the mean: a level of 0 counts as the smallest there is. */
function meanLn(levels: readonly number[]): number {
  const sum = levels.reduce((total, level) => total + level, 0)
  const fine = finer * sum
  return lnSqrtQ16(Math.max(1, (fine - (fine % levels.length)) / levels.length))
}
