/** A camera in Chromium that sees a portrait with a pulse, and what reading it costs (SENS-2). */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type CDPSession, type Page } from '@playwright/test'
import { facePicture } from '../../e2e/doubles/facePicture.ts'
import { writeClip } from '../../e2e/doubles/y4m.ts'
import { servePage } from '../../e2e/servePage.ts'
import { provideChromium } from '../../scripts/lib/chromium.ts'
import type { bench as pageBench } from './page/main.ts'
import type { RegionTimes } from './page/regionsWorker.ts'
import { threadTimes } from './threads.ts'

declare const bench: typeof pageBench

export interface CameraWindow {
  readonly frames: number
  /** A frame. */
  readonly mainMs: number
  readonly workersMs: number
  readonly allMs: number
}

export interface CameraFigures {
  readonly browser: string
  readonly oval: readonly CameraWindow[]
  readonly face: readonly CameraWindow[]
  readonly landmarks: readonly CameraWindow[]
  /** Empty where the browser offers no adapter. */
  readonly regions: readonly RegionTimes[]
}

const windowMs = 4000
const startMsMax = 60_000
/** Read twice for each window of the other rows. */
const regionFrames = 50
/** What the product asks a camera for. */
const [width, height] = [640, 480]

export async function measureCamera(windows: number): Promise<CameraFigures> {
  const site = await servePage(join(import.meta.dirname, 'page'), 'camera-bench')
  const folder = await mkdtemp(join(tmpdir(), 'emo-camera-'))
  const clip = join(folder, 'face.y4m')
  const painter = await launch()
  writeClip(clip, await facePicture(await painter.newPage(), width, height), {
    bpm: 72,
    amplitude: 0.006,
  })
  await painter.close()
  const browser = await launch([
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    // For the regions: Chromium takes its adapter of software for itself.
    '--enable-unsafe-webgpu',
    `--use-file-for-fake-video-capture=${clip}`,
  ])
  try {
    const session = await browser.newBrowserCDPSession()
    const measure = (mode: 'oval' | 'face' | 'landmarks'): Promise<readonly CameraWindow[]> =>
      measureMode(browser, session, site.url, mode, windows)
    return {
      browser: browser.version(),
      oval: await measure('oval'),
      face: await measure('face'),
      landmarks: await measure('landmarks'),
      regions: await measureRegions(browser, site.url, regionFrames * windows),
    }
  } finally {
    await browser.close()
    await site.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function launch(args: readonly string[] = []): Promise<Browser> {
  const { path } = await provideChromium()
  return chromium.launch({ executablePath: path, args: ['--no-sandbox', ...args] })
}

async function measureRegions(
  browser: Browser,
  url: string,
  frames: number,
): Promise<readonly RegionTimes[]> {
  const page = await browser.newPage()
  try {
    await page.goto(url)
    await page.waitForFunction(() => 'bench' in globalThis)
    return await page.evaluate((count) => bench.regions(count), frames)
  } finally {
    await page.close()
  }
}

async function measureMode(
  browser: Browser,
  session: CDPSession,
  url: string,
  mode: 'oval' | 'face' | 'landmarks',
  windows: number,
): Promise<readonly CameraWindow[]> {
  const page = await browser.newPage()
  try {
    await page.goto(url)
    await page.waitForFunction(() => 'bench' in globalThis)
    if (mode === 'landmarks') await page.evaluate(() => bench.landmarks())
    else await page.evaluate((chosen) => bench.camera(chosen), mode)
    await page.waitForFunction(
      () => bench.searched() > 0 || (bench.framesPerSecond() > 0 && bench.regionCount() > 0),
      undefined,
      { timeout: startMsMax },
    )
    const measured: CameraWindow[] = []
    while (measured.length < windows) measured.push(await measureWindow(page, session, mode))
    const violations = await page.evaluate(() => bench.violations)
    if (violations.length > 0) throw new Error(`the policy forbids ${violations.join()}`)
    return measured
  } finally {
    await page.close()
  }
}

async function measureWindow(
  page: Page,
  session: CDPSession,
  mode: 'oval' | 'face' | 'landmarks',
): Promise<CameraWindow> {
  const searchedBefore = await page.evaluate(() => bench.searched())
  const [before, startMs] = [await threadTimes(session), performance.now()]
  await new Promise((done) => setTimeout(done, windowMs))
  const [after, endMs] = [await threadTimes(session), performance.now()]
  const { searched, framesPerSecond } = await page.evaluate(() => ({
    searched: bench.searched(),
    framesPerSecond: bench.framesPerSecond(),
  }))
  const read = (framesPerSecond * (endMs - startMs)) / 1000
  const frames = mode === 'landmarks' ? searched - searchedBefore : read
  return {
    frames,
    mainMs: (after.mainMs - before.mainMs) / frames,
    workersMs: (after.workersMs - before.workersMs) / frames,
    allMs: (after.allMs - before.allMs) / frames,
  }
}
