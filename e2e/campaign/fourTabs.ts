/**
 * Tabs in contexts of their own, in one Chromium, each with its sensor: a strap (through the
 * private D-Bus double), a camera (a generated clip) or a simulated heart.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContext, type Page } from '@playwright/test'
import { answerDeviceChooser } from '../doubles/deviceChooser.ts'
import { facePicture } from '../doubles/facePicture.ts'
import { FakeBluez } from '../doubles/fakeBluez.ts'
import { StrapSimulator } from '../doubles/strapSimulator.ts'
import { writeClip } from '../doubles/y4m.ts'
import { launchOptions } from '../main/launchOptions.ts'
import { joinWith, makeKeys, unlock, type SensorButton } from '../main/newcomer.ts'
import { storedBlocks } from '../main/storedBlocks.ts'

/** Ten seconds of it are a whole number of beats: the clip loops. */
const clipPulse = { bpm: 72, amplitude: 0.006 }

const pictureSizes = {
  laptop: { width: 1280, height: 900 },
  phone: { width: 390, height: 844 },
} as const

interface FourTabsOptions {
  readonly url: string
  /** One tab for each. */
  readonly sensors: readonly SensorButton[]
}

export interface Tab {
  readonly context: BrowserContext
  page: Page
  /** The backup file that its owner saved. */
  backup: Buffer
}

export class FourTabs {
  readonly bluez: FakeBluez
  readonly browser: Browser
  readonly tabs: Tab[] = []
  readonly #url: string
  readonly #sensors: readonly SensorButton[]
  readonly #strap: StrapSimulator
  readonly #folder: string

  private constructor(
    { url, sensors }: FourTabsOptions,
    parts: { readonly bluez: FakeBluez; readonly browser: Browser; readonly folder: string },
  ) {
    this.#url = url
    this.#sensors = sensors
    this.#folder = parts.folder
    this.bluez = parts.bluez
    this.browser = parts.browser
    this.#strap = new StrapSimulator(parts.bluez, { seed: 11, restBpm: 61 })
  }

  static async open(options: FourTabsOptions): Promise<FourTabs> {
    const folder = await mkdtemp(join(tmpdir(), 'emo-clips-'))
    const cameraArgs = options.sensors.includes('Open the camera') ? await fakeCamera(folder) : []
    const bluez = await FakeBluez.start()
    const browser = await launch(
      ['--enable-features=WebBluetooth', ...cameraArgs],
      bluez.environment,
    )
    const all = new FourTabs(options, { bluez, browser, folder })
    for (let count = 0; count < options.sensors.length; count += 1) {
      const context = await all.newContext()
      all.tabs.push({ context, page: await context.newPage(), backup: Buffer.alloc(0) })
    }
    return all
  }

  /** A profile of its own, empty. */
  newContext(): Promise<BrowserContext> {
    // Four waves at 60 frames a second are for people, and this machine has two cores.
    return this.browser.newContext({
      viewport: pictureSizes.laptop,
      reducedMotion: 'reduce',
    })
  }

  /** Keys, backup, consent, sensor, rest, bond: what each newcomer does. */
  async join(index: number): Promise<void> {
    const tab = this.tab(index)
    const sensor = this.#sensors[index] ?? 'Simulate'
    tab.backup = await makeKeys(tab.page, this.#url)
    if (sensor === 'Connect a strap') await answerDeviceChooser(tab.page, 'first')
    await joinWith(tab.page, sensor)
  }

  /** Leaves the page and comes back, as a reload does, with the keys unlocked again. */
  async reload(index: number): Promise<void> {
    await this.tab(index).page.close()
    await this.reopen(index)
  }

  async reopen(index: number): Promise<void> {
    const tab = this.tab(index)
    tab.page = await tab.context.newPage()
    await tab.page.goto(`${this.#url}#/join`)
    await unlock(tab.page)
    await tab.page.goto(`${this.#url}#/`)
  }

  async simulate(index: number): Promise<void> {
    const { page } = this.tab(index)
    await page.goto(`${this.#url}#/sensor`)
    await page.getByRole('button', { name: 'Simulate' }).click()
    await page.goto(`${this.#url}#/`)
  }

  tab(index: number): Tab {
    const tab = this.tabs[index]
    if (tab === undefined) throw new Error(`there is no tab ${String(index)}`)
    return tab
  }

  /** What one tab shows, at the size of a laptop and of a phone, in both themes. */
  async picture(index: number, folder: string): Promise<void> {
    const { page } = this.tab(index)
    for (const [name, size] of Object.entries(pictureSizes)) {
      await page.setViewportSize(size)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await page.screenshot({ path: join(folder, `now-${name}-${colorScheme}.png`) })
      }
    }
    await page.setViewportSize(pictureSizes.laptop)
    await page.emulateMedia({ colorScheme: null, reducedMotion: 'reduce' })
  }

  get open(): readonly Tab[] {
    return this.tabs.filter(({ page }) => !page.isClosed())
  }

  /** The newest final block that every open tab holds in its IndexedDB. */
  async leastHeight(): Promise<number> {
    return Math.min(...(await this.#heights()))
  }

  async greatestHeight(): Promise<number> {
    return Math.max(...(await this.#heights()))
  }

  async close(): Promise<void> {
    await this.browser.close()
    this.#strap.stop()
    this.bluez.stop()
    await rm(this.#folder, { recursive: true, force: true })
  }

  #heights(): Promise<readonly number[]> {
    return Promise.all(
      this.open.map(async ({ page }) => (await storedBlocks(page, 1))[0]?.height ?? 0),
    )
  }
}

async function fakeCamera(folder: string): Promise<readonly string[]> {
  const clip = join(folder, 'face.y4m')
  const painter = await launch([])
  writeClip(clip, await facePicture(await painter.newPage()), clipPulse)
  await painter.close()
  return [
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-video-capture=${clip}`,
  ]
}

function launch(args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<Browser> {
  return chromium.launch({
    ...launchOptions(args),
    env: { ...process.env, ...environment },
  })
}
