/**
 * The main path (BFT-7, READY-1, COM-6, ARC-3): four tabs become validators by the page alone, hold
 * seats, and final blocks appear in every tab and in PostgreSQL with the same hash.
 *
 * Takes about ten minutes and most of two cores, so it has its own command: `npm run campaign`.
 */
import { hostname } from 'node:os'
import {
  chromium,
  expect,
  test,
  type Browser,
  type BrowserContext,
  type Page,
} from '@playwright/test'
import { answerDeviceChooser } from '../doubles/deviceChooser.ts'
import { FakeBluez } from '../doubles/fakeBluez.ts'
import { StrapSimulator } from '../doubles/strapSimulator.ts'
import { Devnet } from '../main/devnet.ts'
import { joinWith, makeKeys, unlock } from '../main/newcomer.ts'
import { storedBlocks } from '../main/storedBlocks.ts'

test.describe.configure({ mode: 'serial' })
test.setTimeout(900_000)

const tabs = 4
const minute = 60_000

let devnet: Devnet
let bluez: FakeBluez
let strap: StrapSimulator
let browser: Browser
const contexts: BrowserContext[] = []
const pages: Page[] = []

test.beforeAll(async () => {
  test.setTimeout(5 * minute)
  devnet = await Devnet.start({ validators: 4 })
  bluez = await FakeBluez.start()
  strap = new StrapSimulator(bluez, { seed: 11, restBpm: 61 })
  browser = await chromium.launch({
    ...test.info().project.use.launchOptions,
    args: [
      ...(test.info().project.use.launchOptions?.args ?? []),
      '--enable-features=WebBluetooth',
    ],
    env: { ...process.env, ...bluez.environment },
  })
  for (let index = 0; index < tabs; index += 1) {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      // Four waves at 60 frames a second would cost this machine a core.
      reducedMotion: 'reduce',
    })
    contexts.push(context)
    pages.push(await context.newPage())
  }
})

test.afterAll(async () => {
  test.setTimeout(2 * minute)
  await browser.close()
  strap.stop()
  bluez.stop()
  await devnet.stop()
})

function tab(index: number): Page {
  const page = pages[index]
  if (page === undefined) throw new Error(`there is no tab ${String(index)} on ${hostname()}`)
  return page
}

/** The height that a tab shows as its newest final block. */
async function heightOf(page: Page): Promise<number> {
  const newest = (await storedBlocks(page, 1))[0]
  return newest?.height ?? 0
}

test('four newcomers pair or simulate a heart, prove, and bond', async () => {
  await Promise.all(
    pages.map(async (page, index) => {
      await makeKeys(page, devnet.url)
      const isStrap = index === 0
      if (isStrap) await answerDeviceChooser(page, 'first')
      await joinWith(page, isStrap ? 'Connect a strap' : 'Simulate')
    }),
  )
})

test('each of them gets a seat and votes', async () => {
  // A newcomer serves from the seventh epoch (EPOCH-0).
  await Promise.all(
    pages.map((page) =>
      expect(page.getByRole('heading', { level: 1 })).toHaveText('You are validating.', {
        timeout: 9 * minute,
      }),
    ),
  )
})

test('the same final blocks stand in every tab and in PostgreSQL', async () => {
  const heights = await Promise.all(pages.map(heightOf))
  const height = Math.min(...heights)
  const archived = await devnet.archivedBlock(height)
  for (const page of pages) {
    const blocks = await storedBlocks(page, 200)
    expect(blocks.find((block) => block.height === height)?.hash).toBe(archived?.hash)
  }
})

test('the relay is killed: finality goes on; it comes back: the archive has no gap', async () => {
  const before = Math.max(...(await Promise.all(pages.map(heightOf))))
  await devnet.killRelay()
  await expect
    .poll(async () => Math.min(...(await Promise.all(pages.map(heightOf)))), { timeout: minute })
    .toBeGreaterThan(before + 5)
  await devnet.startRelay()
  const goal = Math.max(...(await Promise.all(pages.map(heightOf))))
  await expect
    .poll(async () => (await devnet.archived(1))[0]?.height ?? 0, { timeout: minute })
    .toBeGreaterThanOrEqual(goal)
  const newest = await devnet.archived(100)
  const steps = newest.slice(1).map((block, index) => (newest[index]?.height ?? 0) - block.height)
  expect(new Set(steps)).toEqual(new Set([1]))
})

test('a tab that is reloaded goes on without a second vote', async () => {
  const page = tab(1)
  const before = await heightOf(page)
  await page.goto('about:blank')
  await page.goto(`${devnet.url}#/join`)
  await unlock(page)
  await expect.poll(() => heightOf(page), { timeout: minute }).toBeGreaterThan(before + 3)
  const answer = await fetch(`${devnet.url}transactions?limit=100`)
  const { items } = (await answer.json()) as {
    readonly items: readonly { readonly kind: string }[]
  }
  expect(items.filter(({ kind }) => kind === 'evidence')).toEqual([])
})

test('a strap that drops is shown as lost within 3 s and reconnects', async () => {
  const page = tab(0)
  bluez.drop()
  await expect(page.getByText(/lost|reconnecting/i).first()).toBeVisible({ timeout: 4000 })
  bluez.comeBack()
  await expect(page.getByText(/Good contact|steady/i).first()).toBeVisible({ timeout: minute })
})

test('a tab is closed for good: the others go on', async () => {
  await contexts[3]?.close()
  const rest = pages.slice(0, 3)
  const before = Math.max(...(await Promise.all(rest.map(heightOf))))
  await expect
    .poll(async () => Math.min(...(await Promise.all(rest.map(heightOf)))), { timeout: minute })
    .toBeGreaterThan(before + 5)
})
