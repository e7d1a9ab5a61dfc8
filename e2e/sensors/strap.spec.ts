/** A strap over Chromium's own Bluetooth stack (SENS-1, SENS-3, SENS-5). */

import { chromium, expect, test, type Browser, type Page } from '@playwright/test'
import { ecgRateHz, ecgStart, ecgStop } from '../../src/adapters/sensors/polarEcg.ts'
import { ticksToMs } from '../../src/adapters/sensors/ticks.ts'
import { answerDeviceChooser } from '../doubles/deviceChooser.ts'
import { FakeBluez } from '../doubles/fakeBluez.ts'
import { hasBusDaemon, startPrivateBus } from '../doubles/privateBus.ts'
import { StrapSimulator } from '../doubles/strapSimulator.ts'
import type { harness as pageHarness } from './page/main.ts'
import { serveSensorPage } from './site.ts'

declare const harness: typeof pageHarness

let site: Awaited<ReturnType<typeof serveSensorPage>>
let bluez: FakeBluez
let browser: Browser

test.skip(!hasBusDaemon(), 'dbus-daemon is not installed')

async function launch(args: readonly string[], environment = bluez.environment): Promise<Browser> {
  const options = test.info().project.use.launchOptions
  return chromium.launch({
    ...options,
    args: [...(options?.args ?? []), ...args],
    env: { ...(process.env as Record<string, string>), ...environment },
  })
}

async function openPage(): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  await page.goto(site.url)
  return page
}

const states = (page: Page) =>
  page.evaluate(() =>
    harness.events.flatMap(({ event, atMs }) =>
      event.kind === 'status' ? [{ state: event.state, reason: event.reason, atMs }] : [],
    ),
  )

const sentTicks = (page: Page) =>
  page.evaluate(() =>
    harness.events.flatMap(({ event }) =>
      event.kind === 'beats' ? event.beats.map((beat) => beat.rrTicks) : [],
    ),
  )

const untilState = (page: Page, state: string, reason?: string) =>
  expect
    .poll(async () => (await states(page)).at(-1), { timeout: 20_000 })
    .toMatchObject({ state, ...(reason !== undefined && { reason }) })

test.beforeAll(async () => {
  site = await serveSensorPage()
  bluez = await FakeBluez.start()
  browser = await launch(['--enable-features=WebBluetooth'])
})

test.afterAll(async () => {
  await browser.close()
  bluez.stop()
  site.close()
})

test('SENS-3 pair, beats, lost at once, reconnected, and no window across the gap', async () => {
  const page = await openPage()
  await answerDeviceChooser(page, 'first')
  const strap = new StrapSimulator(bluez, { seed: 21, restBpm: 66 })
  await page.click('#strap')
  await expect(page.locator('#result')).toHaveText('started', { timeout: 20_000 })
  await untilState(page, 'live')

  // 64 s of beats: the first window.
  await expect
    .poll(() => page.evaluate(() => harness.cutLatest().ok), { timeout: 90_000 })
    .toBe(true)
  expect(strap.sentTicks.slice(0, (await sentTicks(page)).length)).toEqual(await sentTicks(page))
  expect(await page.evaluate(() => harness.events.map(({ event }) => event))).toContainEqual({
    kind: 'device',
    name: 'Polar H10 12345678',
    battery: 87,
    manufacturer: 'Double Oy',
    model: 'H10',
    firmware: '5.0.0',
  })

  const droppedMs = Date.now()
  bluez.drop()
  await untilState(page, 'reconnecting', 'DISCONNECTED')
  const lost = (await states(page)).find(({ state }) => state === 'lost')
  expect(lost).toMatchObject({ reason: 'DISCONNECTED' })
  expect((lost?.atMs ?? Infinity) - droppedMs).toBeLessThan(3000)
  await expect.poll(() => page.evaluate(() => harness.freshness()), { timeout: 5000 }).toBe('lost')
  expect(await page.evaluate(() => harness.cutLatest())).toMatchObject({
    error: { code: 'WINDOW_STALE' },
  })

  bluez.comeBack()
  await untilState(page, 'live')
  expect(await page.evaluate(() => harness.cutLatest())).toMatchObject({
    error: { code: 'WINDOW_GAP' },
  })
  const series = await page.evaluate(() =>
    harness.events.flatMap(({ event }) => (event.kind === 'beats' ? [event.series] : [])),
  )
  expect(new Set(series)).toEqual(new Set([1, 2]))

  await page.click('#stop')
  await untilState(page, 'stopped')
  strap.stop()
})

test('SENS-1 contact lost and silence each say so, and beats come back', async () => {
  const page = await openPage()
  await answerDeviceChooser(page, 'first')
  const strap = new StrapSimulator(bluez, { seed: 22, restBpm: 72 })
  await page.click('#strap')
  await untilState(page, 'live')

  strap.setContact(false)
  await untilState(page, 'lost', 'CONTACT_LOST')
  strap.setContact(true)
  await untilState(page, 'live')

  const mutedMs = Date.now()
  strap.setMute(true)
  await untilState(page, 'lost', 'SILENT')
  expect(Date.now() - mutedMs).toBeLessThan(5500)
  strap.setMute(false)
  await untilState(page, 'live')

  // Packets that follow no specification are refused, and the beats in them are a gap.
  strap.setMute(true)
  for (let count = 0; count < 8; count += 1) {
    bluez.notify(Uint8Array.of(0x10, 60, 1))
    await page.waitForTimeout(500)
  }
  await untilState(page, 'lost', 'PACKET_INVALID')
  strap.setMute(false)
  await untilState(page, 'live')
  const rr = await sentTicks(page)
  expect(rr.map(ticksToMs).every((rrMs) => rrMs > 600 && rrMs < 1100)).toBe(true)
  await page.click('#stop')
  strap.stop()
})

test('SENS-1 a battery that falls is shown, and a second strap refused', async () => {
  const page = await openPage()
  await answerDeviceChooser(page, 'first')
  const strap = new StrapSimulator(bluez, { seed: 23, restBpm: 60 })
  await page.click('#strap')
  await untilState(page, 'live')
  expect(await page.evaluate(() => harness.startSecondStrap())).toBe('STRAP_IN_USE')

  // Said again each time: what comes while the page still subscribes is nobody's.
  await expect
    .poll(
      async () => {
        bluez.setBattery(42)
        return page.evaluate(() =>
          harness.events.flatMap(({ event }) => (event.kind === 'device' ? [event] : [])).at(-1),
        )
      },
      { timeout: 20_000 },
    )
    .toMatchObject({ battery: 42, manufacturer: 'Double Oy' })

  await page.click('#stop')
  await untilState(page, 'stopped')
  strap.stop()
  bluez.setBattery(87)
})

test('SENS-1 raw ECG is asked for, drawn on our clock, and stopped with the sensor', async () => {
  const page = await openPage()
  await answerDeviceChooser(page, 'first')
  const strap = new StrapSimulator(bluez, { seed: 24, restBpm: 60 })
  bluez.ecgWrites.length = 0
  await page.click('#strap')
  await untilState(page, 'live')
  await expect.poll(() => bluez.ecgWrites.map((bytes) => [...bytes])).toEqual([[...ecgStart]])

  // Half a second of a ramp a packet, negative values too, twice a second on the strap's clock.
  const samples = 65
  const packets = 6
  for (let at = 0; at < packets; at += 1) {
    const lastSampleMs = 1e12 + (1000 * samples * (at + 1)) / ecgRateHz
    const ramp = Array.from({ length: samples }, (_, index) => 40 * (at * samples + index) - 3000)
    await expect.poll(() => bluez.notifyEcg(ecgPacket(lastSampleMs, ramp))).toBe(true)
    await page.waitForTimeout(500)
  }
  const waves = await page.evaluate(() =>
    harness.events.flatMap(({ event }) =>
      event.kind === 'wave' && event.wave === 'ecg'
        ? [{ startMs: event.startMs, values: [...event.values] }]
        : [],
    ),
  )
  expect(waves).toHaveLength(packets)
  const drawn = waves.flatMap(({ values }) => values)
  expect(drawn).toEqual(drawn.map((_, index) => 40 * index - 3000))
  for (const [at, { startMs }] of waves.entries()) {
    const step = startMs - (waves[at - 1]?.startMs ?? startMs - 500)
    expect(Math.abs(step - 500)).toBeLessThan(250)
  }

  await page.click('#stop')
  await untilState(page, 'stopped')
  await expect.poll(() => bluez.ecgWrites.map((bytes) => [...bytes]).at(-1)).toEqual([...ecgStop])
  strap.stop()
})

/** A notification of the data characteristic, as Polar's specification has it. */
function ecgPacket(lastSampleMs: number, microvolts: readonly number[]): Uint8Array {
  const packet = new DataView(new ArrayBuffer(10 + 3 * microvolts.length))
  packet.setBigUint64(1, BigInt(Math.round(1e6 * lastSampleMs)), true)
  for (const [at, value] of microvolts.entries()) {
    packet.setUint16(10 + 3 * at, value & 0xffff, true)
    packet.setInt8(12 + 3 * at, value >> 16)
  }
  return new Uint8Array(packet.buffer)
}

test('SENS-5 each failure has its own code', async () => {
  const cancelled = await openPage()
  await answerDeviceChooser(cancelled, 'cancel')
  await cancelled.click('#strap')
  await expect(cancelled.locator('#result')).toHaveText('CHOOSER_CANCELLED', { timeout: 20_000 })

  const bare = await startPrivateBus()
  const off = await launch(['--enable-features=WebBluetooth'], {
    DBUS_SYSTEM_BUS_ADDRESS: bare.address,
  })
  const offPage = await off.newPage()
  await offPage.goto(site.url)
  await offPage.click('#strap')
  await expect(offPage.locator('#result')).toHaveText('BLUETOOTH_OFF', { timeout: 20_000 })
  await off.close()
  bare.stop()

  const plain = await launch([])
  const page = await plain.newPage()
  await page.goto(site.url)
  await page.click('#strap')
  await expect(page.locator('#result')).toHaveText('BLUETOOTH_UNSUPPORTED')
  await plain.close()
})
