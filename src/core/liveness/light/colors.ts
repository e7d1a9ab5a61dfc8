/**
 * The colours of the light challenge (LIVE-3) and how a sequence of them is drawn.
 *
 * Each colour is a choice on two axes: bit 0 is warm (red over blue) or cool, bit 1 is green or
 * magenta. All four have nearly one luminance, so that a change of colour is no flash as WCAG 2.3.1
 * counts them (a change of relative luminance by a tenth or more), and none is saturated red.
 */

/** `#rrggbb` parts, 0..255, in the order of the two bits: sRGB codes that a screen shows. */
export const lightColors = [
  { name: 'violet', r: 203, g: 174, b: 255 },
  { name: 'rose', r: 249, g: 166, b: 149 },
  { name: 'teal', r: 89, g: 203, b: 203 },
  { name: 'lime', r: 188, g: 193, b: 63 },
] as const

/** Index into `lightColors`, one for each slot. */
export type LightSequence = readonly number[]

/** Two changes a second at most, where WCAG 2.3.1 allows three flashes of two changes each. */
export const slotMs = 500
export const slotCount = 16

/** Signs on both axes, warm and green are +1. */
export function warmSign(color: number): 1 | -1 {
  return (color & 1) === 1 ? 1 : -1
}

export function greenSign(color: number): 1 | -1 {
  return (color & 2) === 2 ? 1 : -1
}

/** Bytes of randomness that `drawSequence` takes. */
export const sequenceBytes = 64
const attemptBytes = 4
const variedMin = 24

/**
 * A sequence from `sequenceBytes` uniform bytes: the first of sixteen draws whose colours vary
 * enough, else the last. About one draw in eleven varies too little, mostly because it drifts from
 * one colour to another as daylight does, which the judge takes out.
 */
export function drawSequence(random: Uint8Array): LightSequence {
  let drawn: LightSequence = []
  for (let from = 0; from < sequenceBytes; from += attemptBytes) {
    drawn = Array.from({ length: slotCount }, (_, slot) => {
      const byte = random[from + (slot >> 2)] ?? 0
      return (byte >> (2 * (slot & 3))) & 3
    })
    if (variedOf(drawn) >= variedMin) break
  }
  return drawn
}

/**
 * Of the 32 signs of a sequence, how much is left without mean and line: rounded down, at most 32.
 * The share of it is the most that R² of an answer can be.
 */
export function variedOf(sequence: LightSequence): number {
  return varied(sequence.map(warmSign)) + varied(sequence.map(greenSign))
}

function varied(signs: readonly number[]): number {
  const count = signs.length
  const centred = signs.map((_, index) => 2 * index + 1 - count)
  const sum = signs.reduce((total, sign) => total + sign, 0)
  const slope = signs.reduce((total, sign, index) => total + sign * (centred[index] ?? 0), 0)
  const spread = centred.reduce((total, value) => total + value * value, 0)
  // count − sum²/count − slope²/spread over one divisor.
  const rest = count * count * spread - sum * sum * spread - slope * slope * count
  return Number(BigInt(rest) / BigInt(count * spread))
}
