/** Lists of peers and of validators on phones: all that matters, and nothing to the side (UX-6). */

import { expect, test } from '@playwright/test'
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

const rows = [
  [
    'validators',
    ['278dde…6c42', 'seated', '10,000 EMO', 'since epoch 7', 'reputation 0.96'],
    ['58ff34…7395, you', 'seated', '10,000 EMO', 'since epoch 12', 'reputation 0.92'],
    ['c5c558…1d4c', 'excluded until epoch 1,310', '10,000 EMO', 'since epoch 23'],
  ],
  [
    'network',
    ['12D3Ko…de6c', 'direct, WebRTC', '29 ms', 'seat 2'],
    ['12D3Ko…12df', 'through a relay', '42 ms', 'seat 11'],
    ['12D3Ko…66d1', 'a relay, WebSocket', '12 ms'],
  ],
] as const

for (const [route, ...expected] of rows) {
  for (const width of [320, 390]) {
    test(`UX-6 ${route} at ${String(width)} px: each row is whole`, async ({ page }) => {
      await page.setViewportSize({ width, height: 740 })
      await page.goto(`${server.url}?scene=seated#/${route}`)
      for (const [name, ...others] of expected) {
        const row = page.getByRole('row').filter({ hasText: name })
        for (const text of others) await expect(row.getByText(text)).toBeVisible()
      }
      const wrong = await page.evaluate(() => {
        const frame = document.querySelector('.scroll')
        const sideways = (frame?.scrollWidth ?? 1) - (frame?.clientWidth ?? 0)
        const cells = [...document.querySelectorAll('tbody td')]
        // One line of a cell is 20 px high; two are left to an exclusion and its epoch.
        const tall = cells.filter(({ clientHeight }) => clientHeight > 25)
        return { sideways, tall: tall.map(({ textContent }) => textContent) }
      })
      expect(wrong.sideways).toBe(0)
      for (const text of wrong.tall) expect(text).toContain('excluded until')
    })
  }
}
