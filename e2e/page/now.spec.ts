/** *Now*: who comes back opens the keys there, and reads nothing for newcomers (UX-1). */

import { expect, test, type Page } from '@playwright/test'
import { buildHarness } from './builds.ts'
import { servePage, type PageServer } from './serve.ts'

let server: PageServer

test.beforeAll(async () => {
  test.setTimeout(180_000)
  server = await servePage(await buildHarness())
})

test.afterAll(async () => {
  await server.stop()
})

async function open(page: Page, scene: string, heading: string): Promise<void> {
  await page.goto(`${server.url}?scene=${scene}#/`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading)
}

const forNewcomers = ['Your browser as a validator', 'What is claimed here, and what is not']

async function countOfThose(page: Page): Promise<number> {
  const counts = forNewcomers.map((name) => page.getByRole('region', { name }).count())
  return (await Promise.all(counts)).reduce((sum, one) => sum + one, 0)
}

test('UX-1 a passkey opens the keys on Now, and the keyboard goes on from there', async ({
  page,
}) => {
  await open(page, 'locked', 'Your keys are locked.')
  const card = page.getByRole('region', { name: 'Unlock' })
  await expect(card).toContainText('with your passkey')
  expect(await countOfThose(page)).toBe(0)
  await card.getByRole('button', { name: 'Unlock with passkey' }).press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your keys are ready.')
  await expect(page.getByRole('main')).toBeFocused()
  await expect(card).toHaveCount(0)
})

test('UX-2 a wrong passphrase gets words beside the field, and another try', async ({ page }) => {
  await open(page, 'lockedByPassphrase', 'Your keys are locked.')
  const card = page.getByRole('region', { name: 'Unlock' })
  const passphrase = card.getByLabel('Passphrase', { exact: true })
  await passphrase.fill('wrong')
  await card.getByRole('button', { name: 'Unlock' }).click()
  await expect(card.getByRole('alert')).toContainText('This passphrase does not open it.')
  await passphrase.fill('right')
  await card.getByRole('button', { name: 'Unlock' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your keys are ready.')
})

test('UX-1 a second tab offers no unlocking, and nothing for newcomers', async ({ page }) => {
  await open(page, 'second', 'Another tab is the validator.')
  await expect(page.getByRole('region', { name: 'This epoch' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Unlock' })).toHaveCount(0)
  expect(await countOfThose(page)).toBe(0)
})

test('UX-1 a newcomer reads what this browser can do, and what is claimed', async ({ page }) => {
  await open(page, 'visitor', 'A network that runs on heartbeats.')
  expect(await countOfThose(page)).toBe(forNewcomers.length)
})

test('UX-1 what the sentence asks for has one button', async ({ page }) => {
  await open(page, 'noSensor', 'Off duty, without penalty.')
  await expect(page.getByRole('region', { name: 'Your pulse' })).toContainText('No sensor')
  await expect(page.getByRole('link', { name: 'Connect a sensor' })).toHaveCount(1)
})
