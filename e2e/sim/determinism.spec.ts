/** The same options give the same run, to the last effect, in Node and in Chromium (DET-1). */
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { servePage, type Site } from '../servePage.ts'
import { auditHashes as inNode } from './runs.ts'

declare const auditHashes: typeof inNode

let site: Site

test.beforeAll(async () => {
  site = await servePage(join(import.meta.dirname, 'page'), 'sim-page')
})

test.afterAll(() => site.close())

test('DET-1: a simulated network is the same in Node and in Chromium', async ({ page }) => {
  test.setTimeout(180_000)
  await page.goto(site.url)
  await page.waitForFunction(() => 'auditHashes' in globalThis)
  const inPage = await page.evaluate(() => auditHashes())
  expect(Object.keys(inPage)).toHaveLength(8)
  expect(inPage).toEqual(inNode())
})
