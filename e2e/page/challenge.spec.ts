/** The breathing challenge on the page, with the simulated heart in the place of a person. */

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

/** The view with a steady signal, on a clock that the test turns. */
async function open(page: Page, reducedMotion: 'reduce' | 'no-preference'): Promise<void> {
  await page.emulateMedia({ reducedMotion })
  await page.clock.install()
  await page.goto(`${server.url}?scene=seated#/challenge`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Practise the breathing.')
  await page.clock.runFor(3000)
}

const begin = (page: Page) => page.getByRole('button', { name: /^Begin/ })
const heading = (page: Page) => page.getByRole('heading', { level: 1 })

test('UX-8 LIVE-1 from the press to the answer, without motion, read out', async ({ page }) => {
  test.setTimeout(180_000)
  await open(page, 'reduce')
  await expect(page.getByText('Stop if you feel dizzy')).toBeVisible()
  await begin(page).click()
  await expect(page.getByRole('button', { name: 'Stop' })).toBeFocused()
  await expect(page.getByRole('status').first()).toHaveText('Starts in 4 seconds.')
  await page.clock.runFor(4500)
  // The breath that leads in: 8 s, two fifths of it in.
  await expect(page.getByRole('status').first()).toHaveText('In, 3')
  await expect(page.getByText('Then out, 5 s.')).toBeVisible()
  await page.clock.runFor(3500)
  await expect(page.getByRole('status').first()).toHaveText('Out, 5')
  await page.clock.runFor(24_000)
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0)
  await expect(page.getByText(/^\d+ s left$/)).toBeVisible()
  await page.clock.runFor(45_000)
  await expect(heading(page)).toHaveText('The simulated heart answered.')
  await expect(heading(page)).toBeFocused()
  await expect(page.getByText('simulated heart rate')).toBeVisible()
  await page.getByText('Breath by breath').click()
  expect(await page.getByRole('row').count()).toBeGreaterThan(6)
  await expect(begin(page)).toHaveText('Begin again')
})

test('UX-8 the guide moves by itself, and stops at the press or by Escape', async ({ page }) => {
  await open(page, 'no-preference')
  await begin(page).click()
  await expect
    .poll(() => page.evaluate(() => document.getAnimations().length))
    .toBeGreaterThanOrEqual(2)
  await page.getByRole('button', { name: 'Stop' }).press('Enter')
  await expect(heading(page)).toHaveText('Stopped, and nothing lost.')
  await begin(page).click()
  await expect(heading(page)).toHaveText('Breathe with the guide.')
  await page.keyboard.press('Escape')
  await expect(heading(page)).toHaveText('Stopped, and nothing lost.')
  await expect(heading(page)).toBeFocused()
})

test('UX-8 SENS-3 a guide out of sight spoils its window, says so, and blames nobody', async ({
  page,
}) => {
  await open(page, 'reduce')
  await begin(page).click()
  await page.clock.runFor(15_000)
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, value: true })
    document.dispatchEvent(new Event('visibilitychange'))
  })
  await expect(heading(page)).toHaveText('The guide was out of sight, so this window was not used.')
  await expect(begin(page)).toHaveText('Begin again')
})

test('UX-8 without a sensor the view asks for one first', async ({ page }) => {
  await page.goto(`${server.url}?scene=noSensor#/challenge`)
  await expect(begin(page)).toBeDisabled()
  await expect(page.getByText('Connect a sensor first.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Connect a strap' })).toBeVisible()
})

test('LIVE-2 UX-8 what the chain asks is answered with the windows of its codewords', async ({
  page,
}) => {
  test.setTimeout(180_000)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.clock.install()
  await page.goto(`${server.url}?scene=asked#/`)
  await page.getByRole('link', { name: 'Answer it' }).click()
  await expect(heading(page)).toHaveText('Your heart is asked.')
  await expect(page.getByText('You can begin within 2 min')).toBeVisible()
  await page.clock.runFor(3000)
  await begin(page).click()
  await page.clock.runFor(78_000)
  await expect(heading(page)).toHaveText('The simulated heart answered.')
  await expect(page.getByText('on its way into a block')).toBeVisible()
  await expect(begin(page)).toHaveCount(0)
  const answer = await page.evaluate(() => {
    type Command = { type: string; epoch: number; windows: { ticks: number[]; marks: boolean[] }[] }
    return (window as unknown as { commands: Command[] }).commands.at(-1)
  })
  expect(answer).toMatchObject({ type: 'answerChallenge', epoch: 1284 })
  expect(answer?.windows).toHaveLength(1)
  const { ticks, marks } = answer!.windows[0]!
  expect(marks).toHaveLength(ticks.length)
  expect(ticks.reduce((sum, rr) => sum + rr, 0)).toBeGreaterThan(56 * 1024)
})

test('UX-8 a challenge that has passed is not begun; practice is', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.clock.install()
  await page.goto(`${server.url}?scene=asked#/challenge`)
  await expect(heading(page)).toHaveText('Your heart is asked.')
  await page.clock.fastForward(180_000)
  await expect(heading(page)).toHaveText('This challenge has passed.')
  await expect(begin(page)).toBeDisabled()
  await page.getByRole('button', { name: 'Practise first' }).click()
  await expect(heading(page)).toHaveText('Practise the breathing.')
})
