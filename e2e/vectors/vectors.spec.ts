/** The primitives in a browser, under the product’s policy, say what published vectors state. */
import { join } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import { hasRecording, recordingsMissing } from '../../test/compliance/recordings.ts'
import { servePage, type Site } from '../servePage.ts'
import {
  blsQuestions,
  ed25519Questions,
  mlDsaQuestions,
  paths,
  type Question,
  type Stated,
} from './questions.ts'

declare const answers: (questions: readonly Question[]) => readonly string[]

let site: Site

test.beforeAll(async () => {
  site = await servePage(join(import.meta.dirname, 'page'), 'vectors-page')
})

test.afterAll(() => site.close())

async function expectStated(page: Page, all: readonly Stated[]): Promise<void> {
  await page.goto(site.url)
  await page.waitForFunction(() => 'answers' in globalThis)
  const given = await page.evaluate(
    (sent) => answers(sent),
    all.map(({ question }) => question),
  )
  expect(given).toEqual(all.map(({ outcome }) => outcome))
}

const isMissing = Object.values(paths).some((path) => !hasRecording(path))
const reason = 'the published vectors are not beside the project'

test(`SIG-1: Ed25519 vectors in a browser ${recordingsMissing}`, async ({ page }) => {
  test.skip(isMissing, reason)
  const all = ed25519Questions()
  expect(all.length).toBeGreaterThan(190)
  await expectStated(page, all)
})

test(`SIG-1: ML-DSA-87 vectors in a browser ${recordingsMissing}`, async ({ page }) => {
  test.skip(isMissing, reason)
  const all = mlDsaQuestions()
  expect(all).toHaveLength(15 + 25)
  await expectStated(page, all)
})

test(`SIG-1: BLS vectors in a browser, both backends ${recordingsMissing}`, async ({ page }) => {
  test.skip(isMissing, reason)
  const all = blsQuestions()
  expect(all.length).toBeGreaterThan(60)
  await expectStated(page, all)
})
