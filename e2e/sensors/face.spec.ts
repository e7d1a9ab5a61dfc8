/**
 * Frames of the real camera path that go to a challenge of the face, and back to the pulse (LIVE-3,
 * SENS-3): longer than the watch over a silent camera waits.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, expect, test } from '@playwright/test'
import { ovalPicture, writeClip } from '../doubles/y4m.ts'
import type { harness as pageHarness } from './page/main.ts'
import { serveSensorPage } from './site.ts'

declare const harness: typeof pageHarness

const askedSeconds = 14

test('LIVE-3 SENS-3 a challenge is no pulse and no silence; beats go on behind it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'emo-face-'))
  const clip = join(folder, 'oval.y4m')
  writeClip(clip, ovalPicture(), { bpm: 72, amplitude: 0.006 })
  const site = await serveSensorPage()
  const options = test.info().project.use.launchOptions
  const browser = await chromium.launch({
    ...options,
    args: [
      ...(options?.args ?? []),
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-video-capture=${clip}`,
    ],
  })
  try {
    const page = await browser.newPage()
    await page.goto(site.url)
    await page.click('#oval')
    const beatsSince = (sinceMs: number) =>
      page.evaluate((from) => {
        const late = harness.events.filter(({ atMs }) => atMs >= from)
        return late.flatMap(({ event }) => (event.kind === 'beats' ? [event.series] : []))
      }, sinceMs)
    await expect
      .poll(async () => (await beatsSince(0)).length, { timeout: 60_000 })
      .toBeGreaterThan(3)
    const before = await beatsSince(0)

    const askedMs = Date.now()
    const judged = await page.evaluate((seconds) => harness.askFace(seconds), askedSeconds)
    const judgedMs = Date.now()
    expect(judged).toMatchObject({ kind: 'light', verdict: { reason: 'NO_REFLECTION' } })
    const meanwhile = await page.evaluate(
      ([from, until]) =>
        harness.events
          .filter(({ atMs }) => atMs > from + 500 && atMs < until)
          .map(({ event }) => (event.kind === 'status' ? event.state : event.kind)),
      [askedMs, judgedMs] as const,
    )
    // Neither beats nor a rate, nor a camera that is taken for lost and opened anew.
    expect(meanwhile).toEqual([])
    await expect
      .poll(async () => (await beatsSince(judgedMs)).length, { timeout: 60_000 })
      .toBeGreaterThan(2)
    const behind = await beatsSince(judgedMs)
    expect(Math.min(...behind)).toBeGreaterThan(Math.max(...before))
    expect(await page.evaluate(() => harness.violations)).toEqual([])
  } finally {
    await browser.close()
    site.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
