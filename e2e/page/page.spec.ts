/** Every view over recorded states in Chromium: access, small screens, motion, words, policy. */

import { readFileSync } from 'node:fs'
import { expect, test, type Page } from '@playwright/test'
import { buildHarness } from './builds.ts'
import { servePage, type PageServer } from './serve.ts'

const views = [
  'visitor#/',
  'checking#/',
  'offline#/',
  'empty#/',
  'seated#/',
  'noSensor#/',
  'locked#/',
  'second#/',
  'seated#/sensor',
  'seated#/challenge',
  'visitor#/challenge',
  'seated#/face',
  'visitor#/face',
  'asked#/',
  'asked#/challenge',
  'joining#/join',
  'locked#/join',
  'seated#/network',
  'visitor#/network',
  'visitor#/blocks',
  'visitor#/blocks/48211',
  'seated#/validators',
  'seated#/settings',
  'resting#/settings',
  'visitor#/nowhere',
] as const

let server: PageServer

test.beforeAll(async () => {
  test.setTimeout(180_000)
  server = await servePage(await buildHarness())
})

test.afterAll(async () => {
  await server.stop()
})

async function open(page: Page, view: string): Promise<void> {
  const [scene = '', route = '/'] = view.split('#')
  await page.goto(`${server.url}?scene=${scene}#${route}`)
  await expect(page.locator('h1')).toBeVisible()
  // What is loaded lazily is there when nothing says that it is loading.
  await expect(page.getByText(/^(Loading|Asking|Looking for it)/)).toHaveCount(0)
}

/** Errors, warnings and breaches of the content security policy since the page was opened. */
function complaints(page: Page): string[] {
  const found: string[] = []
  page.on('console', (message) => {
    if (message.type() !== 'log') found.push(message.text())
  })
  page.on('pageerror', (error) => {
    found.push(error.message)
  })
  return found
}

interface Node {
  readonly role?: { readonly value?: unknown }
  readonly name?: { readonly value?: string }
  readonly ignored: boolean
}

const acting = ['button', 'link', 'textbox', 'checkbox', 'radio', 'progressbar', 'img']

for (const view of views) {
  test(`UX-6 ${view}: names, headings, no breach of the policy, no horizontal scroll`, async ({
    page,
  }) => {
    const found = complaints(page)
    await open(page, view)

    const session = await page.context().newCDPSession(page)
    const { nodes } = (await session.send('Accessibility.getFullAXTree')) as unknown as {
      nodes: readonly Node[]
    }
    const nameless = nodes.filter(
      ({ role, name, ignored }) =>
        !ignored && acting.includes(String(role?.value)) && (name?.value ?? '').trim() === '',
    )
    expect(nameless.map(({ role }) => role?.value)).toEqual([])
    await expect(page.locator('h1')).toHaveCount(1)
    await expect(page.getByRole('main')).toHaveCount(1)
    await expect(page.getByRole('navigation', { name: 'Main' })).toHaveCount(1)
    await expect(page).toHaveTitle(/ · EmotionalChain$/)
    const twice = await page.evaluate(() => {
      const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id)
      return ids.filter((id, index) => ids.indexOf(id) !== index)
    })
    expect(twice).toEqual([])

    // 320 px, and 640 px: what a 1280 px window shows at 200 % zoom.
    for (const width of [320, 640]) {
      await page.setViewportSize({ width, height: 700 })
      const over = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect(over, `${width} px wide`).toBe(0)
    }
    expect(found).toEqual([])
  })
}

test('UX-6 the keyboard reaches everything in order, and sees where it is', async ({ page }) => {
  await open(page, 'visitor#/')
  const order: string[] = []
  for (let presses = 0; presses < 11; presses += 1) {
    await page.keyboard.press('Tab')
    const focused = page.locator(':focus-visible')
    await expect(focused).toHaveCount(1)
    expect(await focused.evaluate((node) => getComputedStyle(node).outlineStyle)).toBe('solid')
    order.push((await focused.textContent())?.trim() ?? '')
  }
  expect(order).toEqual([
    'Skip to content',
    'EmotionalChain',
    'Now',
    'Network',
    'Blocks',
    'Validators',
    'Settings',
    'final in 0.44 s',
    'devnet',
    'Become a validator',
    '48,211',
  ])
})

test('UX-6 what a word in the header means is a press away, without a mouse', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 })
  await open(page, 'visitor#/')
  const meaning = page.getByText(/nothing can undo it/)
  await expect(meaning).toBeHidden()
  await page.getByRole('button', { name: /^final in/ }).press('Enter')
  await expect(meaning).toBeVisible()
  const box = await meaning.boundingBox()
  expect(box?.x).toBeGreaterThanOrEqual(0)
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(320)
  await page.keyboard.press('Escape')
  await expect(meaning).toBeHidden()
})

test('UX-6 a new view is announced: focus moves to it and the title changes', async ({ page }) => {
  await open(page, 'visitor#/')
  await page.getByRole('link', { name: 'Blocks', exact: true }).click()
  await expect(page).toHaveTitle('Blocks · EmotionalChain')
  await expect(page.getByRole('main')).toBeFocused()
})

/** All but links inside of a sentence. */
const targets = 'nav a, header a, th a, li:has(a), .button, button, summary, label:has(input)'
const phoneViews = ['seated#/settings', 'seated#/', 'seated#/sensor', 'asked#/challenge'] as const

for (const view of [...phoneViews, 'seated#/face', 'visitor#/join'] as const) {
  test(`UX-6 ${view}: fingers find their targets on a phone`, async ({ page }) => {
    await page.setViewportSize({ width: 360, height: 740 })
    await open(page, view)
    for (const target of await page.locator(targets).filter({ visible: true }).all()) {
      const box = await target.boundingBox()
      expect(box?.height ?? 0, await target.innerText()).toBeGreaterThanOrEqual(44)
    }
  })
}

for (const view of phoneViews) {
  test(`UX-6 ${view}: what the keyboard reaches on a phone lies above the tabs`, async ({
    page,
  }) => {
    await page.setViewportSize({ width: 360, height: 740 })
    await open(page, view)
    const tabs = page.locator('nav').last()
    const top = (await tabs.boundingBox())?.y ?? 0
    expect(top).toBeGreaterThan(600)
    for (;;) {
      await page.keyboard.press('Tab')
      const focused = page.locator(':focus')
      if (await focused.evaluate((node) => node.closest('nav') !== null)) break
      const box = await focused.boundingBox()
      const name = await focused.evaluate((node) => node.textContent)
      expect((box?.y ?? 0) + (box?.height ?? 0), name).toBeLessThanOrEqual(top)
    }
  })
}

test('UX-6 with reduced motion the wave steps once a second instead of scrolling', async ({
  page,
}) => {
  await page.addInitScript(() => {
    const clear = CanvasRenderingContext2D.prototype.clearRect
    Object.assign(window, { draws: 0 })
    CanvasRenderingContext2D.prototype.clearRect = function (...area) {
      const counted = window as unknown as { draws: number }
      counted.draws += 1
      clear.apply(this, area)
    }
  })
  const draws = async (): Promise<number> => {
    await open(page, 'seated#/')
    await expect(page.locator('canvas')).toBeVisible()
    const count = (): Promise<number> =>
      page.evaluate(() => (window as unknown as { draws: number }).draws)
    const before = await count()
    await page.waitForTimeout(3000)
    return (await count()) - before
  }
  await page.emulateMedia({ reducedMotion: 'reduce' })
  expect(await draws()).toBeLessThanOrEqual(4)
  await page.emulateMedia({ reducedMotion: 'no-preference' })
  expect(await draws()).toBeGreaterThan(10)
})

test('UX-2 the account is copied by a press, and by hand where the browser refuses', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await open(page, 'seated#/settings')
  await page.getByRole('button', { name: 'Copy' }).click()
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied).toMatch(/^[0-9a-f]{64}$/)
  await expect(page.getByText(copied)).toBeVisible()

  await open(page, 'seated#/')
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'))
  })
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('button', { name: 'Copy' }).click()
  await expect(page.getByText(/copy it by hand/)).toBeVisible()
})

test('UX-6 the chosen theme holds through a reload', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' })
  await open(page, 'visitor#/settings')
  const paper = (): Promise<string> =>
    page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  expect(await paper()).toBe('rgb(250, 248, 244)')
  await page.getByRole('radio', { name: 'Dark' }).check()
  expect(await paper()).toBe('rgb(18, 20, 23)')
  await page.reload()
  expect(await paper()).toBe('rgb(18, 20, 23)')
})

test('UX-7 a simulated heart is called that wherever it is shown', async ({ page }) => {
  for (const view of ['seated#/', 'seated#/sensor', 'seated#/challenge']) {
    await open(page, view)
    await expect(page.getByText('simulated heart, devnet only')).toBeVisible()
  }
})

test('HRV-4 after a minute of beats the sensor says how one breathes', async ({ page }) => {
  await page.clock.install()
  await open(page, 'seated#/sensor')
  const breaths = page.getByText(/^breaths a minute, \d+ % clear$/)
  await expect(breaths).toHaveCount(0)
  for (let seconds = 0; seconds < 75; seconds += 5) await page.clock.runFor(5000)
  await expect(breaths).toBeVisible()
})

test('UX-1 stepping down is one press, and the sentence changes', async ({ page }) => {
  await open(page, 'seated#/')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are validating.')
  await page.getByRole('button', { name: 'Step down' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Off duty, without penalty.')
  await expect(page.getByRole('button', { name: 'Stand ready' })).toBeVisible()
})

test('UX-1 the way in: passphrase, checked backup, consent, sensor, rest', async ({ page }) => {
  await page.goto(`${server.url}?scene=visitor&passkey=no#/join`)
  const heading = page.getByRole('heading', { level: 1 })
  await expect(heading).toHaveText('Your keys, on this device.')
  const create = page.getByRole('button', { name: 'Create with a passphrase' })
  await expect(create).toBeDisabled()
  await page.getByLabel('Passphrase', { exact: true }).fill('four random words here')
  await page.getByLabel('The same again').fill('four random words')
  await expect(page.getByText('Type it a second time.')).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(page.getByText('The two are not the same.')).toBeVisible()
  await page.getByLabel('The same again').fill('four random words here')
  await create.click()

  await expect(heading).toHaveText('A backup that is known to work.')
  // UX-6: what was pressed is gone, and the keyboard goes on from the title.
  await expect(heading).toBeFocused()
  await page.getByLabel('Passphrase for the file').fill('another good passphrase')
  await page.getByLabel('The same again').fill('another good passphrase')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save the backup file' }).click()
  expect((await download).suggestedFilename()).toBe('emotionalchain.emovault')
  const choose = async (bytes: string): Promise<void> => {
    await page
      .getByLabel('Backup file')
      .setInputFiles({ name: 'x.emovault', mimeType: '', buffer: Buffer.from(bytes) })
    await page.getByLabel('Passphrase of the file').fill('another good passphrase')
    await page.getByRole('button', { name: 'Check by restoring' }).click()
  }
  await choose('not a backup at all')
  await expect(page.getByRole('alert')).toContainText('damaged or is not a backup')
  await choose('a backup')

  await expect(heading).toHaveText('What you agree to.')
  await expect(page.getByText('cannot be erased', { exact: false }).first()).toBeVisible()
  await expect(page.getByRole('button', { name: 'Agree and go on' })).toBeDisabled()
  await page.getByRole('checkbox').check()
  await page.getByRole('button', { name: 'Agree and go on' }).click()
  // The recorded node has its baseline already, so that what is left is the bond.
  await expect(heading).toHaveText('The last step: the bond.')
  await page.getByRole('button', { name: 'Register and bond' }).click()
  const asked = await page.evaluate(
    () => (window as unknown as { commands: { type: string }[] }).commands,
  )
  expect(asked.at(-1)).toMatchObject({ type: 'becomeValidator', consentVersion: 1 })
})

test('PRIV-1 beats are kept when their owner says so, handed out as a table, and deleted', async ({
  page,
}) => {
  await page.clock.install()
  await page.goto(`${server.url}?scene=seated#/settings`)
  const card = page.getByRole('group', { name: 'How long beats are kept' }).locator('..')
  await expect(card).toContainText('Nothing is kept.')
  await card.getByRole('radio', { name: 'A week' }).check()
  await expect(card).toContainText('each minute of a connected sensor is kept')
  await page.clock.runFor(70_000)
  await expect(card).toContainText('1 minute since')
  const download = page.waitForEvent('download')
  await card.getByRole('button', { name: 'Save as a table' }).click()
  const file = await (await download).path()
  const [header, ...lines] = readFileSync(file, 'utf8').trim().split('\n')
  expect(header).toBe('time,rr_ms,series,source,doubtful')
  expect(lines.length).toBeGreaterThan(30)
  for (const line of lines) expect(line).toMatch(/^20\S+Z,\d+\.\d{3},\d+,simulated,0$/)
  await card.getByRole('button', { name: 'Delete them' }).click()
  await expect(card.getByRole('button')).toHaveCount(0)
  await card.getByRole('radio', { name: 'Keep nothing' }).check()
  await page.clock.runFor(70_000)
  await expect(card).toContainText('Nothing is kept.')
})

test('UX-2 until the keys are looked for, no form asks for a passphrase', async ({ page }) => {
  await page.goto(`${server.url}?scene=lockedByPassphrase&vault=slow#/join`)
  await expect(page.getByText('Looking for keys on this device.')).toBeVisible()
  await expect(page.getByLabel('Passphrase')).toHaveCount(0)
  await page.goto(`${server.url}?scene=lockedByPassphrase&vault=slow#/settings`)
  await expect(page.getByText('There are no keys')).toHaveCount(0)
  await page.goto(`${server.url}?scene=lockedByPassphrase&vault=slow#/join`)
  await page.evaluate(() => {
    ;(window as unknown as { findVault: () => void }).findVault()
  })
  await expect(page.getByRole('button', { name: 'Unlock' })).toBeVisible()
})

test('UX-2 a wrong passphrase gets words, and another try', async ({ page }) => {
  await page.goto(`${server.url}?scene=locked#/join`)
  await expect(page.getByRole('button', { name: 'Unlock with passkey' })).toBeVisible()
  await page.goto(`${server.url}?scene=lockedByPassphrase#/join`)
  await page.getByLabel('Passphrase', { exact: true }).fill('wrong')
  await page.getByRole('button', { name: 'Unlock' }).click()
  await expect(page.getByRole('alert')).toContainText('This passphrase does not open it.')
  await page.getByLabel('Passphrase', { exact: true }).fill('right')
  await page.getByRole('button', { name: 'Unlock' }).click()
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('UX-2 what is no height is said to be none', async ({ page }) => {
  await open(page, 'visitor#/blocks')
  const height = page.getByLabel('Height')
  await expect(height).toHaveAttribute('placeholder', '48,211')
  await height.fill('the first')
  await page.getByRole('button', { name: 'Open' }).click()
  await expect(page.getByRole('alert')).toHaveText('A height is a number, such as 120.')
  await height.fill('48,205')
  await page.getByRole('button', { name: 'Open' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Block 48,205')
})

test('UX-3 UX-4 a visitor sees the network before a node runs, and who checked it', async ({
  page,
}) => {
  await open(page, 'visitor#/network')
  const known = page.getByRole('region', { name: 'The network, through a relay' })
  await expect(known).toContainText('48,211')
  await expect(known).toContainText('certificates checked in this browser')
  await page.getByRole('button', { name: 'Start the node of this tab' }).click()
  await expect(known).toHaveCount(0)
})
