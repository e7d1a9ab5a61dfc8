/**
 * The main path (BFT-7, BFT-10, READY-1, COM-5, COM-6, EVID-2, EPOCH-5, ARC-3): four tabs become
 * validators by the page alone and then are the whole network; final blocks stand in every tab and
 * in PostgreSQL with the same hash; and nothing that a day brings makes them sign twice.
 *
 * Takes about a quarter of an hour and two cores, so it has its own command: `npm run campaign`.
 */
import { expect, test, type Page } from '@playwright/test'
import { Devnet } from '../main/devnet.ts'
import { restoreKeys } from '../main/newcomer.ts'
import { putBackSafetyRecords, safetyRecords, type SafetyRow } from '../main/safetyRecords.ts'
import { storedBlocks } from '../main/storedBlocks.ts'
import { FourTabs } from './fourTabs.ts'

test.describe.configure({ mode: 'serial' })
test.setTimeout(900_000)

const rehearsal = [0, 1, 2, 3] as const
const sensors = ['Connect a strap', 'Open the camera', 'Simulate', 'Simulate'] as const
const strap = 0
const minute = 60_000

let devnet: Devnet
let four: FourTabs
/** Resolves when the last rehearsal validator has ended. */
let leaving: Promise<unknown>

test.beforeAll(async () => {
  test.setTimeout(5 * minute)
  devnet = await Devnet.start({ validators: rehearsal.length })
  four = await FourTabs.open({ url: devnet.url, sensors })
  await archiveReaches(1)
  // They serve until the newcomers can take over: from their seventh epoch (EPOCH-0), and all at
  // once, for there is no committee of fewer than four (COM-5).
  leaving = Promise.all(rehearsal.map((index) => devnet.leaveValidator(index)))
})

test.afterAll(async () => {
  test.setTimeout(2 * minute)
  await four.close()
  await devnet.stop()
})

const newest = (rows: readonly SafetyRow[]): number =>
  Math.max(...rows.map(({ sequence }) => sequence))

const heading = (page: Page) => page.getByRole('heading', { level: 1 })

/** Every open tab goes on with finality. */
async function finalityGoesOn(blocks = 5): Promise<void> {
  const before = await four.greatestHeight()
  await expect
    .poll(() => four.leastHeight(), { timeout: 2 * minute })
    .toBeGreaterThanOrEqual(before + blocks)
}

async function archiveReaches(height: number): Promise<void> {
  await expect
    .poll(async () => (await devnet.archived(1))[0]?.height ?? 0, { timeout: minute })
    .toBeGreaterThanOrEqual(height)
}

/** No seat was ever shown two votes for one view: each of them would have filed it (EVID-1). */
async function nobodySignedTwice(): Promise<void> {
  expect(await devnet.transactionCount('evidence')).toBe(0)
}

test('four newcomers, one with a strap and one with a camera, rest and bond', async () => {
  await Promise.all(four.tabs.map((_, index) => four.join(index)))
})

// Playwright reads from the pattern which fixtures are wanted: none.
// eslint-disable-next-line no-empty-pattern
test('each of them proves, gets a seat and votes: they are the whole network', async ({}, info) => {
  await Promise.all(
    four.tabs.map(({ page }) =>
      expect(heading(page)).toHaveText('You are validating.', { timeout: 12 * minute }),
    ),
  )
  await leaving
  expect(await devnet.seatCount()).toBe(four.tabs.length)
  await finalityGoesOn(20)
  await four.picture(strap, info.outputPath())
})

test('the same final blocks stand in every tab and in PostgreSQL', async () => {
  const height = await four.leastHeight()
  await archiveReaches(height)
  const archived = (await devnet.archived(100)).filter((block) => block.height <= height)
  expect(archived.length).toBeGreaterThan(50)
  for (const { page } of four.tabs) {
    const own = new Map((await storedBlocks(page, 200)).map((block) => [block.height, block.hash]))
    for (const block of archived) expect(own.get(block.height)).toBe(block.hash)
  }
})

test('the relay is killed: finality goes on; it comes back: the archive has no gap', async () => {
  await devnet.killRelay()
  await finalityGoesOn()
  await devnet.startRelay()
  await archiveReaches(await four.greatestHeight())
  const heights = (await devnet.archived(100)).map(({ height }) => height)
  const steps = heights.slice(1).map((height, index) => (heights[index] ?? 0) - height)
  expect(new Set(steps)).toEqual(new Set([1]))
})

test('a validating tab is reloaded: it resumes and signs nothing twice', async () => {
  await four.reload(2)
  await finalityGoesOn()
  // Without its sensor it serves the seat that it holds; with it, it comes back for the next ones.
  await four.simulate(2)
  await expect(heading(four.tab(2).page)).toHaveText('You are validating.', { timeout: 5 * minute })
  await nobodySignedTwice()
})

test('a strap that drops is shown as lost within 3 s, costs nothing, and reconnects', async () => {
  const { page } = four.tab(strap)
  four.bluez.drop()
  await expect(page.getByText(/lost|reconnecting/i).first()).toBeVisible({ timeout: 3500 })
  await expect
    .poll(() => devnet.transactionCount('absence'), { timeout: minute })
    .toBeGreaterThan(0)
  four.bluez.comeBack()
  await expect(page.getByText(/Good contact|steady/i).first()).toBeVisible({ timeout: minute })
  await finalityGoesOn()
})

test('one identity in a second profile: it abstains and says why', async () => {
  const second = await four.newContext()
  const page = await second.newPage()
  await restoreKeys(page, devnet.url, four.tab(3).backup)
  await page.goto(`${devnet.url}#/`)
  await expect(page.getByText('The key of this seat is not in this browser')).toBeVisible({
    timeout: 2 * minute,
  })
  await expect(heading(page)).not.toHaveText('You are validating.')
  await finalityGoesOn()
  await second.close()
  await nobodySignedTwice()
})

test('everything stops for three epochs: the same chain goes on within 60 s', async () => {
  await Promise.all(four.open.map(({ page }) => page.close()))
  await devnet.killRelay()
  await new Promise((done) => setTimeout(done, 3 * 30_000))
  await devnet.startRelay()
  const before = (await devnet.archived(1))[0]
  await Promise.all(four.tabs.map((_, index) => four.reopen(index)))
  await expect
    .poll(async () => (await devnet.archived(1))[0]?.height ?? 0, { timeout: minute })
    .toBeGreaterThan(before?.height ?? 0)
  const kept = await devnet.archivedBlock(before?.height ?? 0)
  expect(kept?.hash).toBe(before?.hash)
  await finalityGoesOn()
  await nobodySignedTwice()
})

test('an old safety record is put back: that seat abstains and says why', async () => {
  const { page, context } = four.tab(2)
  const old = await safetyRecords(page)
  // With two of four seats away nothing becomes final: the votes of the view that was running stay
  // where the other seat holds them.
  const away = [1, 3]
  await Promise.all(away.map((index) => four.tab(index).page.close()))
  await expect
    .poll(async () => newest(await safetyRecords(page)), { timeout: minute })
    .toBeGreaterThan(newest(old))
  await new Promise((done) => setTimeout(done, 10_000))
  await page.close()
  const bare = await context.newPage()
  await bare.goto(`${devnet.url}theme.js`)
  await putBackSafetyRecords(bare, old)
  await bare.close()
  await four.reopen(2)
  await expect(
    four.tab(2).page.getByText('Other seats have seen newer votes of yours').first(),
  ).toBeVisible({ timeout: minute })
  await Promise.all(away.map((index) => four.reopen(index)))
  await finalityGoesOn()
  await nobodySignedTwice()
})

test('a tab is closed for good: the others go on', async () => {
  await four.tab(3).context.close()
  await finalityGoesOn()
})
