/**
 * The product's build as an app: installable, offline, cached by hash, updated when nobody signs.
 */

import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, expect, test, type BrowserContext, type Page } from '@playwright/test'
import { recordedRelay } from './answers.ts'
import { buildProduct } from './builds.ts'
import { servePage, type PageServer } from './serve.ts'

const circuit = Buffer.from('a proving key')
const sha256 = createHash('sha256').update(circuit).digest('hex')

let folder: string
let worker: string
let version = ''
let server: PageServer
let profile: string
let context: BrowserContext
let page: Page
/** Scripts that the browser asked the server for. */
let scripts: string[] = []

// Playwright reads from the pattern which fixtures are wanted: none.
// eslint-disable-next-line no-empty-pattern
test.beforeAll(async ({}, { project }) => {
  test.setTimeout(240_000)
  folder = await buildProduct()
  worker = await readFile(join(folder, 'sw.js'), 'utf8')
  profile = await mkdtemp(join(tmpdir(), 'emo-shell-'))
  // Installability is judged only outside of private windows.
  context = await chromium.launchPersistentContext(profile, { ...project.use.launchOptions })
})

test.beforeEach(async () => {
  const relay = recordedRelay()
  scripts = []
  version = ''
  server = await servePage(folder, (path, response) => {
    if (path.endsWith('.js')) scripts.push(path)
    if (path === '/sw.js') {
      response.setHeader('Content-Type', 'text/javascript')
      response.end(`${worker}\n// ${version}`)
      return true
    }
    if (path.startsWith('/circuits/')) {
      response.end(circuit)
      return true
    }
    return relay(path, response)
  })
  page = await context.newPage()
  await page.goto(server.url)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    'A network that runs on heartbeats.',
  )
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
})

test.afterEach(async () => {
  await page.close()
  await server.stop()
})

test.afterAll(async () => {
  await context.close()
  await rm(profile, { recursive: true, force: true })
})

test('UX-5 can be installed: no error in the manifest, none against installing', async () => {
  const session = await context.newCDPSession(page)
  const { errors } = await session.send('Page.getAppManifest')
  expect(errors).toEqual([])
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors')
  expect(installabilityErrors).toEqual([])
})

test('UX-3 the first view loads no chart and no view that is not open', async () => {
  const early = scripts.filter((path) => /(Wave|Join|Settings|Blocks|Network)/.test(path))
  // The service worker fetches the shell for later; the page itself asked only for its entry.
  const asked = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map(({ name }) => new URL(name).pathname)
      .filter((path) => path.startsWith('/assets/') && path.endsWith('.js')),
  )
  expect(asked.filter((path) => /(Wave|Join|Settings|Blocks|Network)/.test(path))).toEqual([])
  expect(early.length).toBeLessThanOrEqual(scripts.length)
})

test('UX-4 an unchecked feed never says final; the last known state says so', async () => {
  await expect(page.locator('.pill')).toHaveText(/^(checking|not checked)$/)
  await expect(page.getByText('not checked').first()).toBeVisible()
  await server.stop()
  await page.reload()
  await expect(page.locator('.pill')).toHaveText('offline', { timeout: 20_000 })
  await expect(page.getByText('last known state')).toBeVisible()
  await expect(page.getByRole('link', { name: '48,211', exact: true })).toBeVisible()
  await expect(page.getByText('The relay cannot be reached.')).toBeVisible()
  // A view that was never opened is there too, and the isolation still holds.
  await page.getByRole('link', { name: 'Settings' }).first().click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Settings')
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
})

test('UX-5 a circuit is kept when its hash fits and refused when it does not', async () => {
  await page.reload()
  const ask = (hash: string): Promise<{ status: number; text: string }> =>
    page.evaluate(async (wanted) => {
      const response = await fetch(`/circuits/key.zkey?sha256=${wanted}`)
      return { status: response.status, text: await response.text() }
    }, hash)
  expect(await ask(sha256)).toEqual({ status: 200, text: 'a proving key' })
  expect((await ask(sha256.replace(/^./, (digit) => (digit === '0' ? '1' : '0')))).status).toBe(502)
  await server.stop()
  expect(await ask(sha256)).toEqual({ status: 200, text: 'a proving key' })
})

test('UX-5 a new version waits, and waits longer while a tab signs', async () => {
  await page.reload()
  await page.evaluate(() => {
    void navigator.locks.request(
      'emo-signer',
      () =>
        new Promise<void>((resolve) => {
          Object.assign(window, { stopSigning: resolve })
        }),
    )
  })
  version = 'newer'
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration()
    await registration?.update()
  })
  const change = page.getByRole('button', { name: 'Switch to it' })
  await change.click()
  await expect(page.getByText('waits until you are off duty')).toBeVisible()
  await page.evaluate(() => {
    const signing = window as unknown as { stopSigning: () => void }
    signing.stopSigning()
  })
  const reloaded = page.waitForEvent('load')
  await change.click()
  await reloaded
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
})

/** Runs in the page, before its scripts. */
function addShifts(): void {
  const shifts = { sum: 0 }
  Object.assign(window, { shifts })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      shifts.sum += (entry as PerformanceEntry & { readonly value: number }).value
    }
  }).observe({ type: 'layout-shift', buffered: true })
}

test('UX-3 what the network answers pushes nothing out of its place', async ({ browser }) => {
  for (const [width, height] of [
    [1440, 900],
    [390, 844],
  ] as const) {
    const fresh = await browser.newContext({ viewport: { width, height } })
    const first = await fresh.newPage()
    await first.addInitScript(addShifts)
    await first.goto(server.url)
    await expect(first.getByText('All 48,211 blocks')).toBeVisible()
    await first.waitForTimeout(1500)
    const sum = await first.evaluate(
      () => (window as unknown as { readonly shifts: { readonly sum: number } }).shifts.sum,
    )
    // https://web.dev/articles/cls: more than a tenth is felt.
    expect(sum, `${width} px wide`).toBeLessThan(0.1)
    await fresh.close()
  }
})
