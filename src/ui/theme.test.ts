import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const css = readFileSync(join(import.meta.dirname, 'theme.css'), 'utf8')

function tokens(block: string): Map<string, string> {
  const start = css.indexOf(block)
  const body = css.slice(start, css.indexOf('}', start))
  return new Map(
    [...body.matchAll(/--([a-z-]+):\s*(#[0-9a-f]{3,6})/g)].map(([, name, hex]) => [name!, hex!]),
  )
}

function luminance(hex: string): number {
  const digits = hex.slice(1)
  const full = digits.length === 3 ? digits.replaceAll(/./g, '$&$&') : digits
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const value = Number.parseInt(full.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, two: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(two)].sort((left, right) => right - left)
  return (light + 0.05) / (dark + 0.05)
}

const themes = {
  light: tokens(':root {'),
  'dark by system': tokens(":root:not([data-theme='light']) {"),
  'dark by choice': tokens(":root[data-theme='dark'] {"),
}

/** Text and what it stands on. */
const texts = [
  ['ink', 'paper'],
  ['ink', 'card'],
  ['soft', 'paper'],
  ['soft', 'card'],
  ['accord', 'accord-tint'],
  ['warn', 'warn-tint'],
  ['warn', 'card'],
  ['pulse', 'card'],
  ['on-ink', 'ink'],
] as const

/** Marks that carry meaning, and the edges of fields. */
const marks = [
  ['accord', 'card'],
  ['pulse', 'card'],
  ['line-strong', 'card'],
  ['accord', 'paper'],
] as const

describe.each(Object.entries(themes))('UX-6 contrast, %s', (_name, theme) => {
  it.each(texts)('%s on %s is at least 4.5', (front, back) => {
    expect(contrast(theme.get(front) ?? '', theme.get(back) ?? '')).toBeGreaterThanOrEqual(4.5)
  })

  it.each(marks)('%s on %s is at least 3', (front, back) => {
    expect(contrast(theme.get(front) ?? '', theme.get(back) ?? '')).toBeGreaterThanOrEqual(3)
  })
})

describe('UX-6 both ways to dark are the same', () => {
  it('token by token', () => {
    expect(themes['dark by choice']).toEqual(themes['dark by system'])
    expect(themes.light.size).toBe(14)
  })
})
