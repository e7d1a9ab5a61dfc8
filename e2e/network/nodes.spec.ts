/** NET-12: a tab and validators in Node are connected directly and stay so without their relay. */
import '../../relay/polyfills.js'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { createNodeTransport } from '../../src/adapters/network/nodeTransport.ts'
import type { NetworkTransport } from '../../src/adapters/network/options.ts'
import { freePort } from './freePort.ts'
import { testClock, testRandom } from './platform.ts'
import { servePage, type ServedPage } from './servePage.ts'
import { startRelay, type RunningRelay } from './startRelay.ts'

const chainId = 'nodes-1'
const nodes: NetworkTransport[] = []

let dataDir = ''
let served: ServedPage
let relay: RunningRelay

test.beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'emo-nodes-'))
  const port = await freePort()
  ;[served, relay] = await Promise.all([servePage(), startRelay(dataDir, port, chainId)])
})

test.afterAll(async () => {
  await Promise.all(nodes.map((node) => node.stop()))
  await relay.kill()
  await served.close()
  await rm(dataDir, { recursive: true, force: true })
})

async function addNode(listen?: readonly string[]): Promise<NetworkTransport> {
  const node = await createNodeTransport({
    chainId,
    peerSeed: randomBytes(32),
    relays: [relay.wsAddress],
    clock: testClock,
    random: testRandom,
    ...(listen === undefined ? {} : { listen }),
  })
  nodes.push(node)
  return node
}

test('NET-12 a tab reaches Node validators by WebSocket and by WebRTC', async ({ page }) => {
  const open = await addNode()
  const hidden = await addNode([])
  const got: string[] = []
  for (const [index, node] of nodes.entries()) {
    node.onDirect((_, bytes) => got.push(`${String(index)} ${Buffer.from(bytes).toString()}`))
  }
  await page.goto(served.url)
  const self = await page.evaluate(
    ([chain, address]) => window.network.start(chain ?? '', [address ?? '']),
    [chainId, relay.wsAddress],
  )
  const path = async (peer: string): Promise<string | undefined> =>
    (await page.evaluate(() => window.network.peers())).find((info) => info.peer === peer)?.path
  // Whoever dials first decides for the open one: the tab by WebSocket, the node by WebRTC.
  await expect.poll(() => path(open.self), { timeout: 60_000 }).toMatch(/^(websocket|webrtc)$/)
  await expect.poll(() => path(hidden.self), { timeout: 60_000 }).toBe('webrtc')
  // Connected is who has been heard from: the end that dials WebRTC calls a connection open before
  // the other end has taken it, and then only the relay could bring the two together again.
  const heard = async (): Promise<readonly string[]> => {
    for (const node of nodes) {
      node.send(self as typeof node.self, Buffer.from(`before ${node.self}`))
      await page.evaluate((peer) => window.network.send(peer, 'before'), node.self)
    }
    const all = [...got, ...(await page.evaluate(() => window.network.direct()))]
    return [...new Set(all)].sort()
  }
  const everybody = ['0 before', '1 before', ...nodes.map((node) => `before ${node.self}`)]
  await expect.poll(heard, { timeout: 60_000 }).toEqual(everybody.sort())

  await relay.kill()
  await expect
    .poll(() => page.evaluate(() => window.network.peers().some((peer) => peer.isRelay)))
    .toBe(false)
  for (const node of nodes) {
    expect(node.send(self as typeof node.self, Buffer.from(`to the tab ${node.self}`))).toBe(true)
    expect(await page.evaluate((peer) => window.network.send(peer, 'hello'), node.self)).toBe(true)
  }
  await expect.poll(() => got).toEqual(expect.arrayContaining(['0 hello', '1 hello']))
  await expect
    .poll(() => page.evaluate(() => window.network.direct()))
    .toEqual(expect.arrayContaining(nodes.map((node) => `to the tab ${node.self}`)))
})
