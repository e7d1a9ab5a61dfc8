/**
 * The rest at enrolment over a reload (FIT-2), and what is kept of it meanwhile (PRIV-1): in a real
 * browser on a devnet of real processes, by the page alone. The stores themselves are read.
 */
import { readFile } from 'node:fs/promises'
import { expect, test, type Page } from '@playwright/test'
import { Devnet } from './devnet.ts'
import { keptRest } from './keptRest.ts'
import { makeKeys, unlock } from './newcomer.ts'

const minute = 60_000

let devnet: Devnet

test.beforeAll(async () => {
  test.setTimeout(5 * minute)
  // Three windows: at a minute, and two more half a minute apart.
  devnet = await Devnet.start({ validators: 4, baselineMs: 2 * minute })
})

test.afterAll(async () => {
  test.setTimeout(2 * minute)
  await devnet.stop()
})

/** Ends when the first window counts. */
async function beginRest(page: Page): Promise<void> {
  await makeKeys(page, devnet.url)
  await page.getByRole('button', { name: 'Simulate' }).click()
  await page.getByRole('button', { name: 'Start recording' }).click({ timeout: minute })
  await expect(page.getByText('What counts of it is kept encrypted')).toBeVisible({
    timeout: 3 * minute,
  })
}

/** FIT-2, PRIV-1: a reload takes nothing of a rest, and shows nothing of it to others. */
async function reloads(page: Page): Promise<void> {
  await beginRest(page)
  await page.getByRole('button', { name: 'Pause' }).click()
  const kept = (await keptRest(page)) ?? ''
  expect(kept.length).toBeGreaterThan(50)
  for (const clear of ['imulated', 'source', 'windows']) expect(kept).not.toContain(clear)

  await page.goto(`${devnet.url}#/settings`)
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save the rest as a table' }).click()
  const table = await readFile(await (await download).path(), 'utf8')
  expect(table).toMatch(/^from,to,hr_bpm,rmssd_ms\n(\S+Z,\S+Z,\d+\.\d\d,\d+\.\d\n)+$/)

  await page.goto(`${devnet.url}#/join`)
  await page.reload()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Unlock your keys.')
  expect(await keptRest(page)).toBeDefined()
  await unlock(page)
  await expect(page.getByText('A rest is begun')).toBeVisible({ timeout: minute })
  await page.getByRole('button', { name: 'Simulate' }).click()
  // Of two minutes one window is there; another minute makes the next, and half a one the last.
  await expect(page.getByText(/^Paused, 1 min( 30 s)? to go$/).first()).toBeVisible({
    timeout: minute,
  })
  await page.getByRole('button', { name: 'Go on' }).click()
  await expect(page.getByRole('button', { name: 'Register and bond' })).toBeVisible({
    timeout: 4 * minute,
  })
  await expect.poll(() => keptRest(page)).toBeUndefined()
}

/** PRIV-1: a rest that is not done goes with its owner's word, and with everything else. */
async function isDeleted(page: Page): Promise<void> {
  await beginRest(page)
  await page.goto(`${devnet.url}#/settings`)
  await page.getByRole('button', { name: 'Delete the rest' }).click()
  await expect.poll(() => keptRest(page)).toBeUndefined()
  await expect(page.getByRole('button', { name: 'Delete the rest' })).toHaveCount(0)

  await page.goto(`${devnet.url}#/join`)
  await page.getByRole('button', { name: 'Start recording' }).click()
  await expect.poll(() => keptRest(page), { timeout: 3 * minute }).toBeDefined()
  await page.goto(`${devnet.url}#/settings`)
  await page.getByRole('button', { name: 'Erase', exact: true }).click()
  await page.getByRole('button', { name: 'Yes, erase everything here' }).click()
  await expect.poll(() => new URL(page.url()).hash).toBe('#/')
  await expect(page.getByText('What is claimed here, and what is not')).toBeVisible()
  expect(await keptRest(page)).toBeUndefined()
}

test('FIT-2 PRIV-1 a rest outlives a reload unseen, and goes when its owner says so', async ({
  browser,
}) => {
  test.setTimeout(9 * minute)
  // Two people at once: each rests for minutes.
  const pageOf = async (): Promise<Page> => (await browser.newContext()).newPage()
  const [first, second] = [await pageOf(), await pageOf()]
  await Promise.all([reloads(first), isDeleted(second)])
  await Promise.all([first, second].map((page) => page.context().close()))
})
