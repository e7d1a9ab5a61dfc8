/** NET-1, NET-2, NET-12: tabs meet through a relay, then need it no longer. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type Browser, type Page } from '@playwright/test'
import { freePort } from './freePort.ts'
import { servePage, type ServedPage } from './servePage.ts'
import { startRelay, type RunningRelay } from './startRelay.ts'

const chainId = 'mesh-1'
const tabs = 4
const messages = 100

interface Tab {
  readonly page: Page
  readonly self: string
}

let dataDir = ''
let served: ServedPage
let relay: RunningRelay

test.beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'emo-mesh-'))
  ;[served, relay] = await Promise.all([
    servePage(),
    startRelay(dataDir, await freePort(), chainId),
  ])
})

test.afterAll(async () => {
  await relay.kill()
  await served.close()
  await rm(dataDir, { recursive: true, force: true })
})

async function openTab(browser: Browser): Promise<Tab> {
  // A context of its own: tabs share nothing, as on different devices.
  const page = await (await browser.newContext()).newPage()
  await page.addInitScript(recordIceServers)
  await page.goto(served.url)
  const self = await page.evaluate(
    ([chain, address]) => window.network.start(chain ?? '', [address ?? '']),
    [chainId, relay.wsAddress],
  )
  return { page, self }
}

/** Runs in the page: notes every server that a connection is told to ask for its own address. */
function recordIceServers(): void {
  window.iceServers = []
  const Real = window.RTCPeerConnection
  window.RTCPeerConnection = class extends Real {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      window.iceServers.push(...(configuration?.iceServers ?? [{ urls: 'not stated' }]))
    }
  }
}

/** Paths to the other tabs, `none` for the missing ones. */
async function paths(tab: Tab, all: readonly Tab[]): Promise<string[]> {
  const peers = await tab.page.evaluate(() => window.network.peers())
  return all
    .filter((other) => other !== tab)
    .map((other) => peers.find(({ peer }) => peer === other.self)?.path ?? 'none')
}

async function expectMesh(all: readonly Tab[]): Promise<void> {
  for (const tab of all) {
    await expect
      .poll(() => paths(tab, all), { timeout: 60_000 })
      .toEqual(all.slice(1).map(() => 'webrtc'))
  }
}

async function expectRelay(all: readonly Tab[], isThere: boolean): Promise<void> {
  for (const { page } of all) {
    await expect
      .poll(() => page.evaluate(() => window.network.peers().some((peer) => peer.isRelay)), {
        timeout: 30_000,
      })
      .toBe(isThere)
  }
}

async function expectDelivery(all: readonly Tab[], label: string): Promise<void> {
  const everyone = all.map(({ self }) => self)
  for (const { page, self } of all) {
    await page.evaluate(
      async ([name, me, peers, count]) => {
        for (let index = 0; index < count; index += 1) {
          window.network.publish(`${name} gossip ${me} ${String(index)}`)
          for (const peer of peers) {
            if (peer !== me) window.network.send(peer, `${name} direct ${me} ${String(index)}`)
          }
          await new Promise((resolve) => setTimeout(resolve, 5))
        }
      },
      [label, self, everyone, messages] as const,
    )
  }
  const expected = messages * (all.length - 1)
  for (const { page } of all) {
    for (const way of ['gossip', 'direct'] as const) {
      await expect
        .poll(
          () =>
            page.evaluate(
              ([each, prefix]) =>
                new Set(window.network[each]().filter((text) => text.startsWith(prefix))).size,
              [way, `${label} ${way} `] as const,
            ),
          { timeout: 30_000, message: `${label}: ${way}` },
        )
        .toBe(expected)
    }
  }
}

test('NET-12 four tabs connect directly, outlive the relay, then take in a fifth', async ({
  browser,
}) => {
  const all: Tab[] = []
  for (let count = 0; count < tabs; count += 1) all.push(await openTab(browser))

  await test.step('NET-1 every pair has a direct WebRTC path', async () => {
    await expectMesh(all)
  })
  await test.step('NET-11 no third party was asked', async () => {
    for (const { page } of all) expect(await page.evaluate(() => window.iceServers)).toEqual([])
  })
  await test.step('NET-2 with the relay, everything arrives', async () => {
    await expectDelivery(all, 'with')
  })
  await test.step('NET-12 without the relay, everything arrives', async () => {
    await relay.kill()
    await expectRelay(all, false)
    await expectMesh(all)
    await expectDelivery(all, 'without')
    const [first, second] = all
    expect(
      await first?.page.evaluate(
        (peer) => window.network.request(peer, 'hello'),
        second?.self ?? '',
      ),
    ).toBe('re: hello')
  })
  await test.step('NET-13 the relay is back: a fifth tab finds all four', async () => {
    const before = relay
    relay = await startRelay(dataDir, before.wsPort, chainId)
    expect(relay.peer).toBe(before.peer)
    await expectRelay(all, true)
    for (const { page } of all) {
      await expect
        .poll(() => page.evaluate(() => window.network.addresses().join(' ')), { timeout: 30_000 })
        .toContain('/p2p-circuit/webrtc')
    }
    all.push(await openTab(browser))
    await expectMesh(all)
    await expectDelivery(all, 'again')
  })
})
