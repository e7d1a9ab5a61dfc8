/** The list of blocks while new ones come: what a person looks at stays where it is (UX-6). */

import { expect, test, type Locator, type Page } from '@playwright/test'
import { buildHarness } from './builds.ts'
import { blocks } from './scenes.ts'
import { servePage, type PageServer } from './serve.ts'

const first = 48_211

let server: PageServer

test.beforeAll(async () => {
  test.setTimeout(180_000)
  server = await servePage(await buildHarness())
})

test.afterAll(async () => {
  await server.stop()
})

async function open(page: Page): Promise<void> {
  await page.goto(`${server.url}?scene=seated#/blocks`)
  await expect(rowOf(page, first)).toBeVisible()
  await expect(page.getByText('New blocks come in here.')).toBeVisible()
}

/** The network goes on to this height. */
async function goOnTo(page: Page, height: number): Promise<void> {
  await page.evaluate(
    (newest) => {
      const { change } = window as unknown as { change: (part: unknown) => void }
      change({ blocks: newest, head: newest[0] })
    },
    blocks(Date.now(), 50, height),
  )
}

function rowOf(page: Page, height: number): Locator {
  return page.getByRole('link', { name: height.toLocaleString('en-US'), exact: true })
}

function button(page: Page, name: string): Locator {
  return page.getByRole('button', { name, exact: true })
}

async function topOf(row: Locator): Promise<number | undefined> {
  return (await row.boundingBox())?.y
}

test('UX-6 under a pointer no row moves, and what came since is shown when asked', async ({
  page,
}) => {
  await open(page)
  const row = rowOf(page, first - 3)
  const before = await topOf(row)
  await row.hover()
  await goOnTo(page, first + 1)
  await expect(button(page, '1 new block')).toBeVisible()
  await goOnTo(page, first + 3)
  await expect(page.getByRole('status')).toHaveText('New blocks wait above the list.')
  expect(await topOf(row)).toBe(before)
  await expect(rowOf(page, first + 1)).toHaveCount(0)

  await button(page, '3 new blocks').click()
  await expect(rowOf(page, first + 3)).toBeVisible()
  await expect(button(page, '3 new blocks')).toHaveCount(0)
  expect(await page.evaluate(() => window.scrollY)).toBe(0)
  // The pointer is still over the list.
  await goOnTo(page, first + 4)
  await expect(button(page, '1 new block')).toBeVisible()
  await page.mouse.move(4, 4)
  await expect(rowOf(page, first + 4)).toBeVisible()
  await goOnTo(page, first + 5)
  await expect(rowOf(page, first + 5)).toBeVisible()
})

test('UX-6 under a finger no row moves', async ({ page }) => {
  await open(page)
  const row = rowOf(page, first - 3)
  const box = await row.boundingBox()
  const [x, y] = [(box?.x ?? 0) + 8, (box?.y ?? 0) + 8]
  const session = await page.context().newCDPSession(page)
  const touch = (type: 'touchStart' | 'touchCancel') =>
    session.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: type === 'touchStart' ? [{ x, y }] : [],
    })
  await touch('touchStart')
  await goOnTo(page, first + 2)
  await expect(button(page, '2 new blocks')).toBeVisible()
  expect(await topOf(row)).toBe(box?.y)
  await touch('touchCancel')
  await expect(rowOf(page, first + 2)).toBeVisible()
})

test('UX-6 with the keyboard on a row none moves, and the newest are a step away', async ({
  page,
}) => {
  await open(page)
  await rowOf(page, first).focus()
  await page.keyboard.press('Tab')
  const row = rowOf(page, first - 1)
  await expect(row).toBeFocused()
  const before = await topOf(row)
  await goOnTo(page, first + 2)
  await expect(button(page, '2 new blocks')).toBeVisible()
  await expect(row).toBeFocused()
  expect(await topOf(row)).toBe(before)

  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Shift+Tab')
  await expect(button(page, '2 new blocks')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(rowOf(page, first + 2)).toBeFocused()
})

test('UX-6 who has scrolled reads on; back at the top the list goes on', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 })
  await open(page)
  await page.mouse.wheel(0, 600)
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(500)
  await page.mouse.move(2, 2)
  await expect(page.getByText('New blocks come in here.')).not.toBeInViewport()
  const row = rowOf(page, first - 8)
  const before = await topOf(row)
  await goOnTo(page, first + 2)
  await expect(button(page, '2 new blocks')).toBeInViewport()
  expect(await topOf(row)).toBe(before)
  await button(page, '2 new blocks').click()
  await expect(rowOf(page, first + 2)).toBeInViewport()
  await page.mouse.move(2, 2)
  await goOnTo(page, first + 4)
  await expect(button(page, '2 new blocks')).toBeVisible()
  await page.evaluate(() => window.scrollTo(0, 0))
  await expect(rowOf(page, first + 4)).toBeVisible()
  await expect(button(page, '2 new blocks')).toHaveCount(0)
})

test('older blocks that were asked for join the newest without a gap', async ({ page }) => {
  await open(page)
  await button(page, 'Older blocks').click()
  await expect(rowOf(page, first - 49)).toBeVisible()
  await page.mouse.move(2, 2)
  await page.evaluate(() => window.scrollTo(0, 0))
  await goOnTo(page, first + 20)
  await expect(rowOf(page, first + 20)).toBeVisible()
  const heights = await page.locator('tbody th').allTextContents()
  const shown = heights.map((text) => Number(text.replace(',', '')))
  expect(shown).toEqual(Array.from({ length: 70 }, (_, index) => first + 20 - index))
})
