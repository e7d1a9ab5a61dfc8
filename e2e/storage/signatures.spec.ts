/** Signatures verified in batches, in workers of a real browser under the product's policy. */

import { expect, test, type Page } from '@playwright/test'
import { hex } from '../../src/core/base/bytes.ts'
import { ed25519Verify } from '../../src/core/crypto/ed25519.ts'
import type { SignatureItem } from '../../src/ports/signatureVerifier.ts'
import { ed25519SignatureFiles, readEd25519Vectors } from '../../test/compliance/ed25519Vectors.ts'
import { recordingsMissing } from '../../test/compliance/recordings.ts'
import { isVectorFileMissing } from '../../test/compliance/vectors/vectorFiles.ts'
import {
  makeSignature,
  signatureSorts,
} from '../../workers/signatures/batch/testSignatures.fixture.ts'
import type { harness as pageHarness } from './page/main.ts'
import { serveStoragePage } from './site.ts'

declare const harness: typeof pageHarness

let site: Awaited<ReturnType<typeof serveStoragePage>>

test.beforeAll(async () => {
  site = await serveStoragePage()
})

test.afterAll(() => site.close())

async function expectReference(page: Page, items: readonly SignatureItem[]): Promise<void> {
  await page.goto(site.url)
  await page.waitForFunction(() => 'harness' in globalThis)
  const texts = items.map(({ publicKey, message, signature }) => ({
    publicKey: hex(publicKey),
    message: hex(message),
    signature: hex(signature),
  }))
  const answer = await page.evaluate(
    (sent) => harness.ask({ type: 'signatures', items: sent }),
    texts,
  )
  const expected = items.map(({ signature, message, publicKey }) =>
    ed25519Verify(signature, message, publicKey),
  )
  expect(new Set(expected).size).toBe(2)
  expect(answer).toEqual({ value: expected })
  expect(await page.evaluate(() => harness.violations)).toEqual([])
}

test('SIG-1: batches in a browser say what the reference says', async ({ page }) => {
  const items = Array.from({ length: 320 }, (_, index) =>
    makeSignature(signatureSorts[index % signatureSorts.length] ?? 'good', index),
  )
  await expectReference(page, items)
})

test(`SIG-1: vectors in batches in a browser ${recordingsMissing}`, async ({ page }) => {
  test.skip(isVectorFileMissing, 'the published vectors are not beside the project')
  await expectReference(page, ed25519SignatureFiles.flatMap(readEd25519Vectors))
})
