/** What its owner decides of what a proof says, and of a rest that is not done. */
import { readFileSync } from 'node:fs'
import { expect, test, type Page } from '@playwright/test'
import type { NodeCommand, NodeSnapshot } from '../../src/node/api.ts'
import { buildHarness } from './builds.ts'
import { servePage, type PageServer } from './serve.ts'

declare const commands: readonly NodeCommand[]
declare const change: (part: Partial<NodeSnapshot>) => void

let server: PageServer

test.beforeAll(async () => {
  test.setTimeout(180_000)
  server = await servePage(await buildHarness())
})

test.afterAll(async () => {
  await server.stop()
})

/** What was asked of the node since the page was loaded, without the keys. */
function asked(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    commands.map((one) => (one.type === 'scoreMode' ? `${one.type} ${one.mode}` : one.type)),
  )
}

test('PRIV-5 what a proof says is a choice that lasts, and is heard before the keys', async ({
  page,
}) => {
  await page.goto(`${server.url}?scene=seated#/settings`)
  const threshold = page.getByRole('radio', { name: 'Calm enough, and no more' })
  const quantised = page.getByRole('radio', { name: /^How calm, in steps of 5.%$/ })
  await expect(threshold).toBeChecked()
  await expect.poll(() => asked(page)).toEqual(['scoreMode threshold', 'unlock'])
  await expect(quantised).toHaveAccessibleDescription(/public key and for good/)
  await quantised.check()
  await expect.poll(() => asked(page)).toContain('scoreMode quantised')

  await page.reload()
  await expect(quantised).toBeChecked()
  await expect.poll(() => asked(page)).toEqual(['scoreMode quantised', 'unlock'])
  await threshold.check()
  await page.reload()
  await expect(threshold).toBeChecked()
  await expect.poll(() => asked(page)).toEqual(['scoreMode threshold', 'unlock'])
})

test('FIT-2 PRIV-1 a rest that is not done is shown, handed out and deleted', async ({ page }) => {
  await page.goto(`${server.url}?scene=resting#/settings`)
  const rest = page.getByText(/is kept until \d\d:\d\d, encrypted/)
  await expect(rest).toContainText('3 windows of a minute')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save the rest as a table' }).click()
  const lines = readFileSync(await (await download).path(), 'utf8').split('\n')
  expect(lines).toHaveLength(5)
  expect(lines[1]).toMatch(/^20\S+Z,20\S+Z,61\.00,44\.2$/)
  await page.getByRole('button', { name: 'Delete the rest' }).click()
  await expect.poll(() => asked(page)).toContain('forgetRest')
})

test('FIT-2 after a reload a rest waits to be gone on with, or to be begun anew', async ({
  page,
}) => {
  await page.addInitScript(() => {
    localStorage.setItem('emo.backup', 'checked')
    localStorage.setItem('emo.consent', '1')
  })
  await page.goto(`${server.url}?scene=resting#/join`)
  await expect(page.getByText('Paused, 1 min 30 s to go').first()).toBeVisible()
  await expect(page.getByText(/kept encrypted on this device until \d\d:\d\d/)).toBeVisible()
  await page.getByRole('button', { name: 'Begin anew' }).click()
  await page.getByRole('button', { name: 'Go on' }).click()
  await expect
    .poll(() => asked(page))
    .toEqual(expect.arrayContaining(['forgetRest', 'startBaseline']))
})

test('UX-6 the time left of a rest is read out twice a minute, not each second', async ({
  page,
}) => {
  await page.addInitScript(() => {
    localStorage.setItem('emo.backup', 'checked')
    localStorage.setItem('emo.consent', '1')
  })
  await page.goto(`${server.url}?scene=resting#/join`)
  await expect(page.getByText('Paused, 1 min 30 s to go').first()).toBeVisible()
  const live = page.locator('.progress [aria-live]')
  const said: string[] = []
  for (const recordedMs of [91_000, 92_000, 119_000, 121_000, 150_000, 179_000]) {
    await page.evaluate((ms) => {
      const baseline = { state: 'recording', recordedMs: ms, neededMs: 180_000 } as const
      change({ baseline: { ...baseline, restBpm: undefined, rmssdMs: undefined } })
    }, recordedMs)
    await expect(page.getByText(/^\d+ (min|s)[ \ds]* to go$/).first()).toBeVisible()
    said.push((await live.textContent()) ?? '')
  }
  expect([...new Set(said)]).toEqual(['1 min 30 s to go', '1 min to go', '30 s to go'])
})
