import { describe, expect, test } from 'vitest'
import {
  drawSequence,
  greenSign,
  lightColors,
  sequenceBytes,
  slotCount,
  slotMs,
  variedOf,
  warmSign,
} from './colors.ts'

/** WCAG 2.2, relative luminance. */
const linear = (code: number): number => {
  const share = code / 255
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
}

const shown = lightColors.map(({ r, g, b }) => [linear(r), linear(g), linear(b)] as const)

/** Bytes that a generator of our own makes: any will do. */
function bytesFrom(seed: number): Uint8Array {
  let state = seed
  return Uint8Array.from({ length: sequenceBytes }, () => {
    state = (state * 48_271) % 2_147_483_647
    return state >> 11
  })
}

describe('LIVE-3 the colours', () => {
  test('no change of colour is a flash of WCAG 2.3.1: luminance stays within a tenth', () => {
    const luminances = shown.map(([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b)
    expect(Math.max(...luminances) - Math.min(...luminances)).toBeLessThan(0.1)
  })

  test('none is saturated red, and none lasts shorter than a third of a second', () => {
    for (const [r, g, b] of shown) expect(r / (r + g + b)).toBeLessThan(0.8)
    expect(slotMs).toBeGreaterThan(334)
  })

  test('the bits are the axes: warm is red over blue, green is green over the rest', () => {
    const warmth = shown.map(([r, , b]) => r - b)
    const green = shown.map(([r, g, b]) => 2 * g - r - b)
    expect(warmth.map(Math.sign)).toEqual([0, 1, 2, 3].map(warmSign))
    expect(green.map(Math.sign)).toEqual([0, 1, 2, 3].map(greenSign))
    for (const value of [...warmth, ...green]) expect(Math.abs(value)).toBeGreaterThan(0.35)
  })
})

describe('LIVE-3 the draw', () => {
  test('takes the first draw that varies enough', () => {
    const varied = bytesFrom(5)
    const first = drawSequence(varied)
    expect(first).toHaveLength(slotCount)
    const dull = varied.slice().fill(0, 0, 4)
    expect(drawSequence(dull)).not.toEqual(first)
    expect(drawSequence(dull).some((color) => color !== 0)).toBe(true)
  })

  test('nine of ten draws are the first, and each varies enough to be answered', () => {
    let isFirst = 0
    for (let seed = 1; seed <= 500; seed += 1) {
      const bytes = bytesFrom(seed)
      const drawn = drawSequence(bytes)
      expect(variedOf(drawn)).toBeGreaterThanOrEqual(24)
      const only = drawSequence(Uint8Array.from({ length: 64 }, (_, at) => bytes[at % 4] ?? 0))
      if (only.every((color, slot) => color === drawn[slot])) isFirst += 1
    }
    expect(isFirst).toBeGreaterThan(425)
    expect(isFirst).toBeLessThan(485)
  })

  test('mean and line are no variation', () => {
    expect(variedOf(Array.from({ length: 16 }, () => 2))).toBe(0)
    expect(variedOf(Array.from({ length: 16 }, (_, slot) => (slot < 8 ? 0 : 3)))).toBeLessThan(10)
  })
})
