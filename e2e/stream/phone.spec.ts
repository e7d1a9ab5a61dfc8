/**
 * A phone's camera measures for a laptop's tab (SENS-6): the product's own build in two contexts
 * that share nothing, a real relay between them, and a clip of a finger whose pulse is known.
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, expect, test, type Browser, type Page } from '@playwright/test'
import { fingerPicture, writeClip } from '../doubles/y4m.ts'
import { freePort } from '../network/freePort.ts'
import { startRelay, type RunningRelay } from '../network/startRelay.ts'
import { recordedRelay } from '../page/answers.ts'
import { buildProduct } from '../page/builds.ts'
import { servePage, type PageServer } from '../page/serve.ts'

interface Sent {
  readonly atMs: number
  readonly bytes: number
}

declare global {
  interface Window {
    /** What a page gave to WebRTC. */
    sentByWebRtc: Sent[]
  }
}

const bpm = 72
/** Chromium's fake camera stretches time on a busy machine: see e2e/sensors/camera.spec.ts. */
const toleranceBpm = 8
const watchedMs = 10_000

let folder: string
let relay: RunningRelay
let server: PageServer
let browser: Browser

// Playwright reads from the pattern which fixtures are wanted: none.
// eslint-disable-next-line no-empty-pattern
test.beforeAll(async ({}, { project }) => {
  test.setTimeout(300_000)
  folder = await mkdtemp(join(tmpdir(), 'emo-stream-'))
  const clip = join(folder, 'finger.y4m')
  writeClip(clip, fingerPicture(), { bpm, amplitude: 0.04 })
  relay = await startRelay(folder, await freePort(), 'stream-1')
  const recorded = recordedRelay()
  server = await servePage(await buildProduct(), (path, response) => {
    if (path !== '/bootstrap.json') return recorded(path, response)
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify({ relays: [relay.wsAddress] }))
    return true
  })
  const { launchOptions } = project.use
  browser = await chromium.launch({
    ...launchOptions,
    args: [
      ...(launchOptions?.args ?? []),
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-video-capture=${clip}`,
    ],
  })
})

test.afterAll(async () => {
  await browser.close()
  await server.stop()
  await relay.kill()
  await rm(folder, { recursive: true, force: true })
})

/** Runs in the page. */
function noteWebRtc(): void {
  window.sentByWebRtc = []
  const proto = RTCDataChannel.prototype

  const send = proto.send as (this: RTCDataChannel, data: ArrayBufferView<ArrayBuffer>) => void
  proto.send = function (this: RTCDataChannel, data: unknown): void {
    const bytes = data as ArrayBufferView<ArrayBuffer>
    window.sentByWebRtc.push({ atMs: Date.now(), bytes: bytes.byteLength })
    send.call(this, bytes)
  }
}

interface Device {
  readonly page: Page
  readonly urls: string[]
  readonly webSocketBytes: () => number
}

async function openDevice(url: string, viewport: { width: number; height: number }) {
  const context = await browser.newContext({ reducedMotion: 'reduce', viewport })
  const page = await context.newPage()
  const urls: string[] = []
  let webSocketBytes = 0
  context.on('request', (request) => urls.push(request.url()))
  page.on('websocket', (socket) => {
    urls.push(socket.url())
    socket.on('framesent', ({ payload }) => {
      webSocketBytes += payload.length
    })
  })
  await page.addInitScript(noteWebRtc)
  await page.goto(url)
  return { page, urls, webSocketBytes: () => webSocketBytes } satisfies Device
}

const phoneSize = { width: 390, height: 780 }
const heading = (page: Page) => page.getByRole('heading', { level: 1 })

test('SENS-6 a phone’s camera gives beats to a laptop, and no picture leaves it', async () => {
  test.setTimeout(240_000)
  const laptop = await openDevice(`${server.url}#/sensor`, { width: 1280, height: 900 })
  await laptop.page.getByRole('button', { name: 'Use a phone’s camera' }).click()
  const shown = laptop.page.getByRole('textbox', { name: 'Link' })
  await expect(shown).toHaveValue(/#\/phone\/[\w-]{64}$/, { timeout: 30_000 })
  await expect(laptop.page.getByRole('img', { name: /^Code that opens/ })).toBeVisible()
  const link = await shown.inputValue()
  const secret = link.slice(-64)

  const phone = await openDevice(link, phoneSize)
  await expect(heading(phone.page)).toHaveText('Does your other screen show this number?', {
    timeout: 60_000,
  })
  expect(phone.page.url()).toMatch(/#\/phone$/)

  await test.step('both screens show one number, and nothing flows before both agree', async () => {
    const number = (await phone.page.locator('.check').textContent()) ?? ''
    expect(number).toMatch(/^\d{3} \d{3}$/)
    await expect(laptop.page.locator('.check')).toHaveText(number)
    await phone.page.getByRole('radio', { name: /fingertip/ }).check()
    await phone.page.getByRole('button', { name: 'Send my pulse' }).click()
    await expect(heading(phone.page)).toHaveText('Now agree there.')
    await laptop.page.getByRole('button', { name: 'Yes, use this phone' }).click()
    await expect(heading(phone.page)).toHaveText('Your pulse goes to your other screen.')
  })

  await test.step('the laptop shows the pulse of the clip, as of a phone', async () => {
    const pulse = laptop.page.locator('.figure.large .value')
    const shownBpm = async (): Promise<number> =>
      Math.abs(parseInt((await pulse.textContent()) ?? '', 10) - bpm)
    await expect.poll(shownBpm, { timeout: 90_000 }).toBeLessThan(toleranceBpm)
    await expect(laptop.page.getByText('declared by that phone')).toBeVisible()
    await expect(laptop.page.getByRole('heading', { name: /^Phone: / })).toBeVisible()
    await expect
      .poll(async () => parseInt((await phone.page.getByText(/beats, .* sent/).textContent())!, 10))
      .toBeGreaterThan(5)
  })

  await test.step('what leaves the phone is a kilobyte a second in equal messages', async () => {
    const [webSocketBefore, urlsBefore] = [phone.webSocketBytes(), phone.urls.length]
    const fromMs = await phone.page.evaluate(() => Date.now())
    await phone.page.waitForTimeout(watchedMs)
    const sent = await phone.page.evaluate(
      (from) => window.sentByWebRtc.filter(({ atMs }) => atMs >= from),
      fromMs,
    )
    const bytes = sent.reduce((sum, one) => sum + one.bytes, 0)
    const relayed = phone.webSocketBytes() - webSocketBefore
    const description = `${bytes} B by WebRTC in ${sent.length} messages, ${relayed} B to the relay`
    test.info().annotations.push({ type: 'measured', description })
    expect(sent.length).toBeGreaterThan(20)
    // Four blocks of 272 bytes a second, what frames them, and pings of the connection. One
    // picture of 160 × 120 in one byte a pixel would be 19 kB.
    expect(bytes / (watchedMs / 1000)).toBeLessThan(1600)
    expect(Math.max(...sent.map((one) => one.bytes))).toBeLessThan(320)
    expect(relayed).toBeLessThan(4000)
    const since = phone.urls.slice(urlsBefore).filter((url) => !url.startsWith(server.url))
    expect(since).toEqual([])
  })

  await test.step('the secret of the link was in no request', () => {
    for (const url of [...laptop.urls, ...phone.urls]) expect(url).not.toContain(secret)
  })

  await test.step('a second phone by the same link is told so', async () => {
    const second = await openDevice(link, phoneSize)
    await expect(second.page.getByText('Another phone came by this code before.')).toBeVisible({
      timeout: 60_000,
    })
    await second.page.context().close()
    await expect(heading(phone.page)).toHaveText('Your pulse goes to your other screen.')
  })

  await test.step('stopped on the phone, it ends on both', async () => {
    await phone.page.getByRole('button', { name: 'Stop sending' }).click()
    await expect(heading(phone.page)).toHaveText('Nothing is sent.')
    await expect(laptop.page.getByText('It was stopped on the other device.').first()).toBeVisible()
    await expect(laptop.page.getByRole('button', { name: 'Show a new code' })).toBeVisible()
  })
})
