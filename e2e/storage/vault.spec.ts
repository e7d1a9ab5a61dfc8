/** The vault of a profile, for real: passkeys with PRF, Argon2id and IndexedDB in Chromium. */

import { expect, test, type BrowserContext, type CDPSession, type Page } from '@playwright/test'
import type { harness as pageHarness } from './page/main.ts'
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

interface Authenticator {
  readonly session: CDPSession
  readonly id: string
}

async function addAuthenticator(page: Page, hasPrf: boolean): Promise<Authenticator> {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable', { enableUI: false })
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      hasPrf,
    },
  })
  return { session, id: authenticatorId }
}

const passphrase = 'correct horse battery staple'

test('a passkey opens the vault after a reload, and a refused one does not', async ({
  context,
}) => {
  const page = await openPage(context)
  const authenticator = await addAuthenticator(page, true)
  expect(await page.evaluate(() => harness.vault.passkeyOffered())).toBe(true)
  const created = await page.evaluate(() => harness.vault.create({ kind: 'passkey' }))
  expect(created.ok).toBe(true)

  await page.reload()
  await page.waitForFunction(() => 'harness' in globalThis)
  expect(await page.evaluate(() => harness.vault.lock())).toBe('passkey')
  expect(await page.evaluate(() => harness.vault.open({ kind: 'passkey' }))).toEqual(created)

  await authenticator.session.send('WebAuthn.setUserVerified', {
    authenticatorId: authenticator.id,
    isUserVerified: false,
  })
  expect(await page.evaluate(() => harness.vault.open({ kind: 'passkey' }))).toEqual({
    ok: false,
    error: { code: 'PASSKEY_CANCELLED' },
  })
  expect(await page.evaluate(() => harness.violations)).toEqual([])
})

test('an authenticator without PRF is told apart, and a passphrase serves instead', async ({
  context,
}) => {
  const page = await openPage(context)
  await addAuthenticator(page, false)
  expect(await page.evaluate(() => harness.vault.create({ kind: 'passkey' }))).toEqual({
    ok: false,
    error: { code: 'PASSKEY_UNSUPPORTED' },
  })
  const unlock = { kind: 'passphrase', passphrase } as const
  const created = await page.evaluate((one) => harness.vault.create(one), unlock)
  expect(created.ok).toBe(true)
  await page.reload()
  await page.waitForFunction(() => 'harness' in globalThis)
  expect(await page.evaluate((one) => harness.vault.open(one), unlock)).toEqual(created)
  expect(
    await page.evaluate(() =>
      harness.vault.open({ kind: 'passphrase', passphrase: 'not the right one' }),
    ),
  ).toEqual({ ok: false, error: { code: 'PASSPHRASE_WRONG' } })
  expect(await page.evaluate(() => harness.violations)).toEqual([])
})

test('a backup made behind a passkey restores in another profile, without the passkey', async ({
  context,
  browser,
}) => {
  const page = await openPage(context)
  await addAuthenticator(page, true)
  const made = await page.evaluate(async (backupPassphrase) => {
    const created = await harness.vault.create({ kind: 'passkey' })
    if (!created.ok) throw new Error(created.error.code)
    const backup = await harness.vault.backup(created.value, backupPassphrase)
    if (!backup.ok) throw new Error(backup.error.code)
    return { keys: [...created.value.identitySeed], file: [...backup.value] }
  }, passphrase)

  const profile = await browser.newContext()
  const other = await openPage(profile)
  const restored = await other.evaluate(
    async ([file, backupPassphrase]) => {
      const keys = await harness.vault.restore(Uint8Array.from(file), backupPassphrase, {
        kind: 'passphrase',
        passphrase: 'a new one for this device',
      })
      return keys.ok ? [...keys.value.identitySeed] : keys.error.code
    },
    [made.file, passphrase] as const,
  )
  expect(restored).toEqual(made.keys)
  expect(await other.evaluate(() => harness.vault.lock())).toBe('passphrase')
  await other.evaluate(() => harness.vault.erase())
  expect(await other.evaluate(() => harness.vault.lock())).toBeUndefined()
  await profile.close()
})

test('a passphrase beside the passkey opens the same vault', async ({ context }) => {
  const page = await openPage(context)
  await addAuthenticator(page, true)
  const same = await page.evaluate(
    async (one) => {
      const created = await harness.vault.create({ kind: 'passkey' })
      const added = await harness.vault.addLock({ kind: 'passkey' }, one)
      const opened = await harness.vault.open(one)
      const text = (value: unknown): string => JSON.stringify(value)
      return added.ok && created.ok && text(opened) === text(created)
    },
    { kind: 'passphrase', passphrase } as const,
  )
  expect(same).toBe(true)
})

test('SIG-1: a vault whose database is gone opens from its copy, and is in both again', async ({
  context,
}) => {
  const page = await openPage(context)
  const unlock = { kind: 'passphrase', passphrase } as const
  const created = await page.evaluate((one) => harness.vault.create(one), unlock)
  expect(created.ok).toBe(true)
  for (let round = 1; round <= 2; round += 1) {
    await page.evaluate(deleteVaultDatabase)
    await page.reload()
    await page.waitForFunction(() => 'harness' in globalThis)
    expect(await page.evaluate((one) => harness.vault.create(one), unlock)).toEqual({
      ok: false,
      error: { code: 'VAULT_EXISTS' },
    })
    expect(await page.evaluate((one) => harness.vault.open(one), unlock)).toEqual(created)
    await page.evaluate(deleteCopies)
    expect(await page.evaluate((one) => harness.vault.open(one), unlock)).toEqual(created)
  }
  expect(await page.evaluate(() => harness.violations)).toEqual([])
})

test('SIG-1: the copy takes a new passphrase with the vault', async ({ context }) => {
  const page = await openPage(context)
  const unlock = { kind: 'passphrase', passphrase } as const
  const added = { kind: 'passphrase', passphrase: 'a quite different one' } as const
  const created = await page.evaluate((one) => harness.vault.create(one), unlock)
  const changed = await page.evaluate(([one, two]) => harness.vault.addLock(one, two), [
    unlock,
    added,
  ] as const)
  expect(changed.ok).toBe(true)
  await page.evaluate(deleteVaultDatabase)
  expect(await page.evaluate((one) => harness.vault.open(one), added)).toEqual(created)
  expect(await page.evaluate((one) => harness.vault.open(one), unlock)).toEqual({
    ok: false,
    error: { code: 'PASSPHRASE_WRONG' },
  })
})

test('PRIV-1: an erased vault is in neither place, also for another tab', async ({ context }) => {
  const page = await openPage(context)
  const other = await openPage(context)
  const unlock = { kind: 'passphrase', passphrase } as const
  expect((await page.evaluate((one) => harness.vault.create(one), unlock)).ok).toBe(true)
  expect(await page.evaluate(namesOfCopies)).toEqual(['emo-vault'])
  // Readings of another tab repair what they find to differ: they must not meet an erasing.
  const [, ...readings] = await Promise.all([
    page.evaluate(() => harness.vault.erase()),
    ...Array.from({ length: 5 }, () => other.evaluate(() => harness.vault.lock())),
  ])
  expect(readings).toHaveLength(5)
  expect(await page.evaluate(namesOfCopies)).toEqual([])
  for (const one of [page, other]) {
    expect(await one.evaluate(() => harness.vault.lock())).toBeUndefined()
  }
})

/** Runs in the page, as the two below. */
function deleteVaultDatabase(): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase('emo-vault')
    request.onsuccess = () => {
      resolve()
    }
    request.onerror = () => {
      reject(new Error('the database stays'))
    }
  })
}

async function namesOfCopies(): Promise<string[]> {
  const folder = await navigator.storage.getDirectory()
  const names: string[] = []
  for await (const name of folder.keys()) names.push(name)
  return names
}

async function deleteCopies(): Promise<void> {
  const folder = await navigator.storage.getDirectory()
  for await (const name of folder.keys()) await folder.removeEntry(name)
}

test('a passphrase is stretched in a worker, which ends with it, or in the page', async ({
  context,
}) => {
  const page = await openPage(context)
  const unlock = { kind: 'passphrase', passphrase } as const
  const begun = page.waitForEvent('worker', (worker) => worker.url().includes('worker'))
  const created = await page.evaluate((one) => harness.vault.create(one), unlock)
  expect(created.ok).toBe(true)
  const stretching = await begun
  await expect.poll(() => page.workers().includes(stretching)).toBe(false)

  await page.route(stretching.url(), (route) => route.abort())
  await page.reload()
  await page.waitForFunction(() => 'harness' in globalThis)
  expect(await page.evaluate((one) => harness.vault.open(one), unlock)).toEqual(created)
  expect(page.workers().map((worker) => worker.url())).not.toContain(stretching.url())
})
