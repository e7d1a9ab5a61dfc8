/**
 * A newcomer on a devnet of real processes (BFT-7, TX-2, ARC-3, NET-12): from the first view to a
 * bonded validator by the page alone; the same final blocks in its IndexedDB and in PostgreSQL; the
 * relay killed and started again; a disk that is full for a while.
 */
import { expect, test, type Page } from '@playwright/test'
import { Ballast } from './ballast.ts'
import { Devnet } from './devnet.ts'
import { joinWith, makeKeys, unlock } from './newcomer.ts'
import { storedBlocks } from './storedBlocks.ts'

test.describe.configure({ mode: 'serial' })

const minute = 60_000

let devnet: Devnet
let page: Page
let ballast: Ballast

test.beforeAll(async ({ browser }) => {
  test.setTimeout(5 * minute)
  devnet = await Devnet.start({ validators: 4 })
  const context = await browser.newContext({ reducedMotion: 'reduce' })
  page = await context.newPage()
  ballast = await Ballast.open(page, devnet.url)
})

test.afterAll(async () => {
  test.setTimeout(2 * minute)
  await page.close()
  await devnet.stop()
})

async function heightHere(): Promise<number> {
  const newest = (await storedBlocks(page, 1))[0]
  return newest?.height ?? 0
}

test('four rehearsal validators finalise blocks, and the archive has them', async () => {
  test.setTimeout(3 * minute)
  await expect
    .poll(async () => (await devnet.archived(1))[0]?.height ?? 0, { timeout: 2 * minute })
    .toBeGreaterThan(5)
})

test('a newcomer makes keys, checks the backup, rests, registers and bonds', async () => {
  test.setTimeout(8 * minute)
  await makeKeys(page, devnet.url)
  await joinWith(page, 'Simulate')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Active from epoch \d+/)
})

test('the same final block stands in the tab and in PostgreSQL', async () => {
  test.setTimeout(3 * minute)
  await expect.poll(heightHere, { timeout: minute }).toBeGreaterThan(5)
  const height = await heightHere()
  await expect
    .poll(async () => (await devnet.archived(1))[0]?.height ?? 0, { timeout: minute })
    .toBeGreaterThanOrEqual(height)
  const own = (await storedBlocks(page, 50)).find((block) => block.height === height)
  expect(own?.hash).toBe((await devnet.archivedBlock(height))?.hash)
})

test('the relay is killed: finality goes on; it comes back: the archive has no gap', async () => {
  test.setTimeout(6 * minute)
  const before = await heightHere()
  await devnet.killRelay()
  await expect.poll(heightHere, { timeout: 2 * minute }).toBeGreaterThan(before + 5)
  await devnet.startRelay()
  const goal = await heightHere()
  await expect
    .poll(async () => (await devnet.archived(1))[0]?.height ?? 0, { timeout: 2 * minute })
    .toBeGreaterThanOrEqual(goal)
  const heights = (await devnet.archived(60)).map((block) => block.height)
  const steps = heights.slice(1).map((height, index) => (heights[index] ?? 0) - height)
  expect(new Set(steps)).toEqual(new Set([1]))
})

test('a full disk stops the node with words; with room again it goes on', async () => {
  test.setTimeout(4 * minute)
  await ballast.fill()
  await expect(page.getByText('There is no room left to store votes safely.').first()).toBeVisible({
    timeout: minute,
  })
  const before = await heightHere()
  await ballast.drop()
  await page.goto(`${devnet.url}#/join`)
  await page.reload()
  await unlock(page)
  expect(await heightHere()).toBeGreaterThanOrEqual(before)
  await expect.poll(heightHere, { timeout: minute }).toBeGreaterThan(before + 3)
  await page.goto(`${devnet.url}#/`)
  await expect(page.getByText('There is no room left')).toHaveCount(0)
})
