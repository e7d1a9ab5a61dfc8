/** Two threads for one proof (ZK-12), in Chromium: a worker that the prover's worker starts. */
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import { artifactsFolder, requestOf } from '../../bench/proof/statements.ts'
import { launchOptions } from '../main/launchOptions.ts'
import { servePage, type Site } from '../servePage.ts'
import type { ThreadQuestion } from './page/checks.ts'
import type { gpu as pageGpu } from './page/main.ts'

declare const gpu: typeof pageGpu

test.use({ launchOptions: launchOptions() })

let isolated: Site
let open: Site

test.beforeAll(async () => {
  isolated = await serve('threads-page', true)
  open = await serve('threads-open-page', false)
})

test.afterAll(async () => {
  await isolated.close()
  await open.close()
})

async function serve(name: string, isIsolated: boolean): Promise<Site> {
  const site = await servePage(join(import.meta.dirname, 'page'), name, isIsolated)
  const circuits = join(import.meta.dirname, '../../.cache', name, 'circuits')
  await cp(artifactsFolder, circuits, { recursive: true })
  return site
}

async function expectRight(
  page: Page,
  site: Site,
  questions: readonly ThreadQuestion[],
): Promise<void> {
  await page.goto(site.url)
  await page.waitForFunction(() => 'gpu' in globalThis)
  for (const question of questions) {
    const { wrong } = await page.evaluate((asked) => gpu.ask(asked), question)
    expect(wrong, question.kind).toEqual([])
  }
  expect(await page.evaluate(() => gpu.violations)).toEqual([])
}

test('ZK-12 two threads with shared memory give the proof of one', async ({ page }) => {
  await expectRight(page, isolated, [
    { kind: 'two threads', isIsolated: true, request: requestOf('emotional_proof') },
  ])
})

test('ZK-12 and without shared memory, where the page is not isolated', async ({ page }) => {
  await expectRight(page, open, [
    { kind: 'two threads', isIsolated: false, request: requestOf('emotional_proof') },
  ])
})

test('ZK-12 a second thread that is not there or is killed costs no proof', async ({ page }) => {
  const request = requestOf('consent_proof')
  const faults = ['absent', 'no script', 'killed', 'mute', 'throws'] as const
  await expectRight(
    page,
    isolated,
    faults.map((fault) => ({ kind: 'thread fault', fault, request })),
  )
})

test('ZK-12 is measured in idle time and found by the next worker', async ({ page }) => {
  await expectRight(page, isolated, [
    { kind: 'thread choice', request: requestOf('consent_proof') },
  ])
})

test('ZK-12 a proof that is cancelled ends both threads, and the next one has both', async ({
  page,
}) => {
  await page.goto(isolated.url)
  await page.waitForFunction(() => 'gpu' in globalThis)
  const seconds = (): number =>
    page.workers().filter((worker) => worker.url().includes('sumWorker')).length
  const request = requestOf('consent_proof')
  expect(await page.evaluate((asked) => gpu.prove(asked), request)).toBe('threads')
  expect(seconds()).toBe(1)
  expect(await page.evaluate((asked) => gpu.cancel(asked), request)).toBe('CANCELLED')
  await expect.poll(seconds).toBe(0)
  expect(await page.evaluate((asked) => gpu.prove(asked), request)).toBe('threads')
  expect(seconds()).toBe(1)
})
