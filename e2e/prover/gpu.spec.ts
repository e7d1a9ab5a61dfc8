/**
 * The prover on a GPU (ZK-11), in Chromium. Its software adapter is enough to show that results are
 * right, and where there is a GPU the same tests run on it.
 */
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import { launchOptions } from '../main/launchOptions.ts'
import { artifactsFolder, requestOf } from '../../bench/proof/statements.ts'
import { servePage, type Site } from '../servePage.ts'
import type { gpu as pageGpu } from './page/main.ts'
import type { Question } from './page/checks.ts'

declare const gpu: typeof pageGpu

test.use({ launchOptions: launchOptions(['--enable-unsafe-webgpu']) })

let site: Site

test.beforeAll(async () => {
  site = await servePage(join(import.meta.dirname, 'page'), 'gpu-page')
  const circuits = join(import.meta.dirname, '../../.cache/gpu-page/circuits')
  await cp(artifactsFolder, circuits, { recursive: true })
})

test.afterAll(() => site.close())

interface Asked {
  readonly wrong: readonly string[]
}

async function openPage(page: Page): Promise<(question: Question) => Promise<Asked>> {
  await page.goto(site.url)
  await page.waitForFunction(() => 'gpu' in globalThis)
  return (question) => page.evaluate((asked) => gpu.ask(asked), question)
}

async function expectRight(page: Page, questions: readonly Question[]): Promise<void> {
  const ask = await openPage(page)
  const { wrong: absent } = await ask({ kind: 'adapter' })
  test.skip(absent.includes('GPU_ABSENT'), 'Chromium offers no adapter here')
  for (const question of questions) {
    const { wrong } = await ask(question)
    expect(wrong, question.kind).toEqual([])
  }
  expect(await page.evaluate(() => gpu.violations)).toEqual([])
}

test('ZK-11 field arithmetic on the GPU is that of BigInt', async ({ page }) => {
  await expectRight(page, [
    { kind: 'field', field: 'fq' },
    { kind: 'field', field: 'fr' },
  ])
})

test('ZK-11 the quotient on the GPU is the processor’s to the bit', async ({ page }) => {
  await expectRight(
    page,
    [8, 1 << 13, 1 << 14, 1 << 15].map((size) => ({ kind: 'quotient', size })),
  )
})

test('ZK-11 sums on the GPU take equal points, opposite ones and infinity', async ({ page }) => {
  await expectRight(page, [
    { kind: 'sums', bits: 2 },
    { kind: 'sums', bits: 11 },
    { kind: 'long sums' },
  ])
})

test('ZK-11 proofs by the GPU are those of the processor, byte for byte', async ({ page }) => {
  await expectRight(page, [{ kind: 'proof', request: requestOf('consent_proof') }])
})

test('ZK-11 a device that is gone, refuses or errs costs no proof', async ({ page }) => {
  const request = requestOf('consent_proof')
  const faults = ['GPU_ABSENT', 'GPU_LOST', 'GPU_FAILED', 'GPU_LIMITS', 'GPU_WRONG'] as const
  await expectRight(page, [
    ...faults.map((fault) => ({ kind: 'fault', fault, request }) as const),
    { kind: 'silence' },
    { kind: 'software' },
  ])
})

test('ZK-12 the GPU goes before two threads, and they before one', async ({ page }) => {
  await expectRight(page, [{ kind: 'both', request: requestOf('consent_proof') }])
})

test('ZK-11 the choice is measured in idle time and found by the next worker', async ({ page }) => {
  await expectRight(page, [{ kind: 'choice', request: requestOf('consent_proof') }])
})

test('ZK-6 a key in the kernel’s form is kept, and made again when it is damaged', async ({
  page,
}) => {
  const ask = await openPage(page)
  const { wrong } = await ask({ kind: 'kept key', request: requestOf('consent_proof') })
  expect(wrong).toEqual([])
  expect(await page.evaluate(() => gpu.violations)).toEqual([])
})
