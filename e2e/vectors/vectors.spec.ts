/** The primitives in a browser, under the product’s policy, say what published vectors state. */
import { join } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import { recordingsMissing } from '../../test/compliance/recordings.ts'
import type { Question } from '../../test/compliance/vectors/stated.ts'
import {
  filesOf,
  isVectorFileMissing,
  statedIn,
  type VectorGroup,
} from '../../test/compliance/vectors/vectorFiles.ts'
import { servePage, type Site } from '../servePage.ts'

declare const answers: (questions: readonly Question[]) => Promise<readonly string[]>

let site: Site

test.beforeAll(async () => {
  site = await servePage(join(import.meta.dirname, 'page'), 'vectors-page')
})

test.afterAll(() => site.close())

async function expectStated(page: Page, group: VectorGroup): Promise<void> {
  // Thousands of signatures by the reference: minutes on a slow machine.
  test.setTimeout(900_000)
  await page.goto(site.url)
  await page.waitForFunction(() => 'answers' in globalThis)
  for (const [path, file] of filesOf(group)) {
    const all = statedIn(path, file)
    expect(all, path).toHaveLength(file.questions)
    const given = await page.evaluate(
      (sent) => answers(sent),
      all.map(({ question }) => question),
    )
    expect(given, path).toEqual(all.map(({ outcome }) => outcome))
  }
}

const reason = 'the published vectors are not beside the project'

test(`SIG-1: Ed25519 vectors in a browser ${recordingsMissing}`, async ({ page }) => {
  test.skip(isVectorFileMissing, reason)
  await expectStated(page, 'Ed25519')
})

test(`SIG-1: ML-DSA-87 vectors in a browser ${recordingsMissing}`, async ({ page }) => {
  test.skip(isVectorFileMissing, reason)
  await expectStated(page, 'ML-DSA-87')
})

test(`SIG-1: BLS vectors in a browser, both backends ${recordingsMissing}`, async ({ page }) => {
  test.skip(isVectorFileMissing, reason)
  await expectStated(page, 'BLS')
})

test(`BFT-10: hash and sealing vectors in a browser ${recordingsMissing}`, async ({ page }) => {
  test.skip(isVectorFileMissing, reason)
  await expectStated(page, 'hash and sealing')
})
