/** Storage of a browser, for real: IndexedDB in a worker, the Web Lock, closing and full disks. */

import { expect, test, type BrowserContext, type Page } from '@playwright/test'
import type { StoreInstance } from '../../src/ports/store.ts'
import { chainChecks } from '../../test/compliance/chain.ts'
import { storeChecks } from '../../test/compliance/store.ts'
import type { harness as pageHarness } from './page/main.ts'
import type { Answer, Request } from './page/protocol.ts'
import type { Site } from '../servePage.ts'
import { serveStoragePage } from './site.ts'

declare const harness: typeof pageHarness

let site: Site

test.beforeAll(async () => {
  site = await serveStoragePage()
})

test.afterAll(() => site.close())

async function openPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.goto(site.url)
  await page.waitForFunction(() => 'harness' in globalThis)
  return page
}

function ask(page: Page, request: Request): Promise<Answer> {
  return page.evaluate((one) => harness.ask(one), request)
}

test('every check of store and chain holds in IndexedDB, in a worker', async ({ context }) => {
  const page = await openPage(context)
  for (const { name } of [...storeChecks, ...chainChecks]) {
    await test.step(name, async () => {
      expect(await ask(page, { type: 'check', name })).toEqual({ value: 'passed' })
    })
  }
})

test('BFT-10: a store has one write transaction open at a time', async ({ context }) => {
  const page = await openPage(context)
  expect(await ask(page, { type: 'writesAtOnce' })).toEqual({ value: 1 })
})

test('SIG-1: BLS in WebAssembly agrees with the reference in a worker under the policy', async ({
  context,
}) => {
  const page = await openPage(context)
  const answer = await ask(page, { type: 'bls' })
  expect(answer).toMatchObject({ value: { valid: true, sameKey: true, sameSignature: true } })
  expect(await page.evaluate(() => harness.violations)).toEqual([])
})

test('BFT-10: a tab closed while it writes has everything acknowledged when it is back', async ({
  context,
}) => {
  let acknowledged = 0
  for (let round = 1; round <= 3; round += 1) {
    const page = await openPage(context)
    void page.evaluate(() => {
      void harness.ask({ type: 'writeForever' })
    })
    const before = acknowledged
    await page.waitForFunction((least) => harness.acknowledged() >= least, before + 10)
    acknowledged = await page.evaluate(() => harness.acknowledged())
    await page.close()

    const again = await openPage(context)
    const safety = await ask(again, { type: 'readSafety' })
    const tip = await ask(again, { type: 'readTip' })
    const sequence = sequenceOf(safety)
    expect(sequence).toBeGreaterThanOrEqual(acknowledged)
    expect(heightOf(tip)).toBeGreaterThanOrEqual(acknowledged)
    acknowledged = sequence
    await again.close()
  }
})

test('BFT-10: a damaged safety record is reported, not believed', async ({ context }) => {
  const page = await openPage(context)
  await ask(page, { type: 'writeSafety', sequence: 7 })
  await ask(page, { type: 'damageSafety' })
  expect(await ask(page, { type: 'readSafety' })).toEqual({ error: 'STORE_CORRUPT' })
})

test('SYNC-3: a database of a newer version is refused with a code, and stays as it is', async ({
  context,
}) => {
  const page = await openPage(context)
  await ask(page, { type: 'writeNewer' })
  expect(await ask(page, { type: 'readTip' })).toEqual({ error: 'STORAGE_NEWER' })
  const versions = await page.evaluate(() => indexedDB.databases())
  expect(versions.find(({ name }) => name === 'emo-e2e')?.version).toBe(1_000)
})

test('EPOCH-3: an epoch key survives a reload, and is not in another profile', async ({
  context,
  browser,
}) => {
  const page = await openPage(context)
  const slot = String(valueOf(await ask(page, { type: 'createEpochKey' })))
  await page.reload()
  await page.waitForFunction(() => 'harness' in globalThis)
  expect(await ask(page, { type: 'openEpochKey', slot })).toEqual({ value: 'opened' })

  const profile = await browser.newContext()
  const other = await openPage(profile)
  expect(await ask(other, { type: 'openEpochKey', slot })).toEqual({
    value: 'EPOCH_KEY_ELSEWHERE',
  })
  await profile.close()
})

test('a database that another tab erases is lost with a code, and the next is another one', async ({
  context,
}) => {
  const page = await openPage(context)
  const first = instanceOf(await ask(page, { type: 'open' }))
  expect(first.created).toBe(true)
  const other = await openPage(context)
  await other.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const request = indexedDB.deleteDatabase('emo-e2e')
        request.onsuccess = resolve
        request.onerror = reject
      }),
  )
  expect(await page.evaluate(() => harness.lost)).toEqual(['STORAGE_UNAVAILABLE'])
  expect(await ask(page, { type: 'readTip' })).toEqual({ error: 'STORAGE_UNAVAILABLE' })
  const second = instanceOf(await ask(other, { type: 'open' }))
  expect(second.created).toBe(true)
  expect(second.id).not.toBe(first.id)
})

test('a full disk is told as such, and nothing of before is lost', async ({ context }) => {
  const page = await openPage(context)
  // Before the first write: the platform remembers for a while how much is left.
  const session = await context.newCDPSession(page)
  const { origin } = new URL(site.url)
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 8 * 1024 * 1024 })
  expect(await ask(page, { type: 'writeSafety', sequence: 7 })).toEqual({ value: 'written' })
  expect(await ask(page, { type: 'fill', megabytes: 40 })).toEqual({ value: 'STORAGE_FULL' })
  expect(sequenceOf(await ask(page, { type: 'readSafety' }))).toBe(7)

  await session.send('Storage.overrideQuotaForOrigin', { origin })
  expect(await ask(page, { type: 'fill', megabytes: 2 })).toEqual({ value: 'filled' })
  expect(await ask(page, { type: 'writeSafety', sequence: 8 })).toEqual({ value: 'written' })
})

test('BFT-10: one signer a profile: the second tab is told, waits, and takes over', async ({
  context,
  browser,
}) => {
  const first = await openPage(context)
  const second = await openPage(context)
  expect(await first.evaluate(() => harness.takeLock())).toBe('held')
  expect(await second.evaluate(() => harness.takeLock())).toBe('SIGNER_ELSEWHERE')

  const profile = await browser.newContext()
  const other = await openPage(profile)
  expect(await other.evaluate(() => harness.takeLock())).toBe('held')
  await profile.close()

  const takesOver = second.evaluate(() => harness.waitForLock())
  await first.close()
  expect(await takesOver).toBe('held')
  expect(await second.evaluate(() => harness.lockEnded())).toBe(false)

  const third = await openPage(context)
  expect(await third.evaluate(() => harness.takeLock())).toBe('SIGNER_ELSEWHERE')
  await second.evaluate(() => {
    harness.releaseLock()
  })
  await second.waitForFunction(() => harness.lockEnded())
  expect(await third.evaluate(() => harness.takeLock())).toBe('held')
})

test('BFT-10: a signer whose lock was stolen learns it', async ({ context }) => {
  const first = await openPage(context)
  expect(await first.evaluate(() => harness.takeLock())).toBe('held')
  const second = await openPage(context)
  await second.evaluate(() => harness.stealLock())
  await first.waitForFunction(() => harness.lockEnded())
})

function sequenceOf(answer: Answer): number {
  return (valueOf(answer) as { sequence: number }).sequence
}

function heightOf(answer: Answer): number {
  return (valueOf(answer) as { height: number }).height
}

function instanceOf(answer: Answer): StoreInstance {
  return valueOf(answer) as StoreInstance
}

function valueOf(answer: Answer): unknown {
  if ('error' in answer) throw new Error(answer.error)
  return answer.value
}
