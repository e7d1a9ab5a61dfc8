/** Text of 200 % by the browser's own setting, on a phone and on a laptop (UX-6). */

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

async function open(page: Page, view: string): Promise<void> {
  const [scene = '', route = '/'] = view.split('#')
  await page.goto(`${server.url}?scene=${scene}#${route}`)
  await expect(page.locator('h1')).toBeVisible()
  await expect(page.getByText(/^(Loading|Asking|Looking for it)/)).toHaveCount(0)
}

const views = [
  'visitor#/',
  'seated#/',
  'joining#/join',
  'seated#/network',
  'visitor#/blocks',
  'seated#/validators',
  'seated#/settings',
] as const

for (const view of views) {
  test(`UX-6 ${view}: with text of 200 % nothing lies outside or over a name`, async ({ page }) => {
    const session = await page.context().newCDPSession(page)
    await session.send('Page.enable')
    await session.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } })
    await open(page, view)
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 740 })
      const outside = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement
        const names = [...document.querySelectorAll('nav a, tbody th, li .name')]
        // A name that is hidden on purpose has no room at all.
        const cut = names.filter((name) => {
          const isShown = name.clientWidth !== 1
          return isShown && name.clientWidth > 0 && name.scrollWidth > name.clientWidth + 1
        })
        return [scrollWidth - clientWidth, ...cut.map(({ textContent }) => textContent)]
      })
      expect(outside, `${String(width)} px wide`).toEqual([0])
    }
  })
}

test('UX-6 the names of the tabs grow with their icons, in one line, and none moves', async ({
  page,
}) => {
  await page.setViewportSize({ width: 320, height: 640 })
  const tabs = (): Promise<{ px: number; icon: number; left: number; over: number }[]> =>
    page.evaluate(() =>
      [...document.querySelectorAll('nav:last-of-type li a:has(svg)')].map((tab) => ({
        px: Number.parseFloat(getComputedStyle(tab).fontSize),
        icon: tab.querySelector('svg')?.getBoundingClientRect().height ?? 0,
        left: Math.round(tab.getBoundingClientRect().left * 2),
        over: tab.scrollWidth - tab.clientWidth,
      })),
    )
  await open(page, 'visitor#/validators')
  const ordinary = await tabs()
  expect(ordinary).toHaveLength(5)
  for (const { px, over } of ordinary) {
    expect(px).toBeGreaterThanOrEqual(12)
    expect(over).toBe(0)
  }
  await page.getByRole('link', { name: 'Settings' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Settings')
  expect((await tabs()).map(({ left }) => left)).toEqual(ordinary.map(({ left }) => left))

  const session = await page.context().newCDPSession(page)
  await session.send('Page.enable')
  await session.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } })
  await open(page, 'visitor#/settings')
  for (const { px, icon, over } of await tabs()) {
    expect(px).toBeGreaterThan(14)
    expect(icon).toBeGreaterThan(25)
    expect(over).toBe(0)
  }
})
