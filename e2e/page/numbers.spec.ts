/** Numbers as a person reads them, in every view: the thousands are set apart (UX-1). */

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

/** Each with an epoch above 999, and a number of its text that says so. */
const views = [
  ['seated#/', '1,284'],
  ['waiting#/', '1,287'],
  ['proving#/', '1,284'],
  ['seated#/network', '11'],
  ['visitor#/network', '48,211'],
  ['visitor#/blocks', '48,211'],
  ['visitor#/blocks/48211', '48,211'],
  ['seated#/validators', '1,310'],
  ['seated#/settings', '10,000'],
] as const

/** Digits that are not set apart, but for ids and years. */
function ungrouped(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const found: string[] = []
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (node.parentElement?.closest('script, .mono') !== null) continue
      const numbers = node.textContent?.match(/(?<!\w)\d{4,}(?!\w)/g) ?? []
      found.push(...numbers.filter((number) => !/^20\d\d$/.test(number)))
    }
    return found
  })
}

for (const [view, number] of views) {
  test(`UX-1 ${view}: no number above 999 is without its mark`, async ({ page }) => {
    const [scene, route = '/'] = view.split('#')
    await page.goto(`${server.url}?scene=${scene}#${route}`)
    await expect(page.getByText(number).first()).toBeVisible()
    expect(await ungrouped(page)).toEqual([])
  })
}
