/**
 * Eyes and head as the bundled model sees them in its own package's portrait (LIVE-4): that the
 * landmarks mean what the core takes them for. One picture: how far lids close is not shown by it.
 */

import { chromium, expect, test } from '@playwright/test'
import { facePose, type MeshPoint } from '../../src/core/liveness/gesture/facePose.ts'
import { portraitUrl } from '../doubles/facePicture.ts'
import type { harness as pageHarness } from './page/main.ts'
import { serveSensorPage } from './site.ts'

declare const harness: typeof pageHarness

test('LIVE-4 open eyes look open, and a mirrored head looks the other way', async () => {
  const site = await serveSensorPage()
  const browser = await chromium.launch(test.info().project.use.launchOptions)
  try {
    const page = await browser.newPage()
    await page.goto(site.url)
    const pose = async (isMirrored: boolean) => {
      const mesh = await page.evaluate(([url, mirrored]) => harness.landmarks(url, mirrored), [
        portraitUrl(),
        isMirrored,
      ] as const)
      const points = (mesh ?? []) as unknown as readonly MeshPoint[]
      // The person's right cheek is on the left of a picture, their left one on the right.
      expect(points[234]?.[0] ?? NaN).toBeLessThan(points[454]?.[0] ?? NaN)
      return facePose(points)
    }
    const [seen, mirrored] = [await pose(false), await pose(true)]
    const described = JSON.stringify([seen, mirrored])
    test.info().annotations.push({ type: 'measured', description: described })
    expect(seen?.opennessBp).toBeGreaterThan(1200)
    expect(Math.abs((seen?.opennessBp ?? 0) - (mirrored?.opennessBp ?? 0))).toBeLessThan(600)
    expect(Math.abs((seen?.yawBp ?? 0) + (mirrored?.yawBp ?? 0))).toBeLessThan(800)
    expect(Math.abs(seen?.yawBp ?? 10_000)).toBeLessThan(2500)
  } finally {
    await browser.close()
    site.close()
  }
})
