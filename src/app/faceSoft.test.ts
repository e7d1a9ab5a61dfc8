import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lightColors } from '../core/liveness/light/colors.ts'

/** WCAG 2.2, relative luminance. */
function luminance([r, g, b]: readonly [number, number, number]): number {
  const linear = (code: number): number => {
    const share = code / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

test('UX-9 LIVE-3 between any two colours, and from the ground to each, nothing flashes', () => {
  const screen = join(import.meta.dirname, '../ui/face/LightScreen.svelte')
  const style = readFileSync(screen, 'utf8')
  const ground = /background-color: rgb\((\d+) (\d+) (\d+)\)/.exec(style)?.slice(1).map(Number)
  const [r = 0, g = 0, b = 0] = ground ?? []
  const shown = [...lightColors, { r, g, b }]
  const seen = shown.flatMap((from) =>
    shown.flatMap((to) =>
      Array.from({ length: 9 }, (_, step) => {
        const mixed = (one: number, other: number): number => one + ((other - one) * step) / 8
        return luminance([mixed(from.r, to.r), mixed(from.g, to.g), mixed(from.b, to.b)])
      }),
    ),
  )
  expect(Math.min(...seen)).toBeGreaterThan(0.46)
  expect(Math.max(...seen)).toBeLessThan(0.51)
  // The judge leaves out the first 100 ms of a colour.
  expect(Number(/transition: background-color (\d+)ms/.exec(style)?.[1])).toBeLessThan(100)
})
