import { afterEach, describe, expect, it } from 'vitest'
import { StatusResponse, SyncRequest, SyncResponse } from '../core/codec/chain.ts'
import { protocol } from '../core/params.ts'
import type { PeerId } from '../ports/transport.ts'
import { TestNodes, troublesOf, until } from './testNodes.fixture.ts'

let net: TestNodes
let release = (): void => undefined

afterEach(async () => {
  release()
  await Promise.all(net.running.map(({ node }) => node.stop()))
})

/** Connected before every node, so that all have them first; they say that they are far ahead. */
function attachSilent(count: number): void {
  for (let index = 0; index < count; index += 1) {
    const silent = net.network.attach(`silent${String(index)}`)
    silent.onRequest('status', () => {
      const chain = net.running[0]?.node.chain
      if (chain === undefined) return Promise.resolve(new Uint8Array(0))
      const { chainId, genesisHash } = chain
      const { version } = protocol
      const ahead = { height: 1_000_000, epoch: 10_000, timeMs: Date.now() }
      const fields = { version, chainId, genesis: genesisHash, ...ahead }
      return Promise.resolve(StatusResponse.encode(fields))
    })
  }
}

/** They answer at once, with nothing. */
function attachLow(count: number, tipHeight: number): void {
  for (let index = 0; index < count; index += 1) {
    const low = net.network.attach(`low${String(tipHeight)}-${String(index)}`)
    const answer = SyncResponse.encode({ blocks: [], tipHeight, committees: [] })
    low.onRequest('sync', () => Promise.resolve(answer))
  }
}

describe('SYNC-1, BFT-7: peers that do not answer', () => {
  it('hold up neither finality nor the next epoch', async () => {
    net = new TestNodes(3_000)
    attachSilent(3)
    const waiting = new Set<PeerId>()
    const silence = new Promise<void>((resolve) => (release = resolve))
    net.network.silence = ({ from, peer, protocol: name, bytes }) => {
      if (!peer.startsWith('silent') || name !== 'sync') return undefined
      if (!SyncRequest.decode(bytes).boundariesOnly) waiting.add(from)
      return silence
    }
    await Promise.all([0, 1, 2, 3].map((index) => net.start(index)))
    await until(() => waiting.size === 4, 90_000)
    const epoch = Math.max(...net.running.map(({ node }) => node.chain.epoch))
    await until(() => net.running.every(({ node }) => node.chain.epoch > epoch + 1), 90_000)
    expect(troublesOf(net.running)).toEqual([])
    expect(net.network.penalties).toEqual([])
  }, 120_000)

  it('keep no late joiner from catching up, nor do those who are not ahead', async () => {
    net = new TestNodes(60_000)
    attachSilent(3)
    net.network.silence = ({ peer, protocol: name, timeoutMs }) => {
      if (!peer.startsWith('silent') || name !== 'sync') return undefined
      return new Promise((resolve) => setTimeout(resolve, timeoutMs))
    }
    attachLow(1, 0)
    attachLow(1, 1_000_000)
    await Promise.all([0, 1, 2, 3].map((index) => net.start(index)))
    await until(() => Math.min(...net.heights) >= 10)
    const goal = Math.max(...net.heights)
    // It hears of no block: nothing tells it whom to ask first.
    net.wrap = (transport) => ({
      ...transport,
      onDirect: () => undefined,
      onGossip: () => undefined,
    })
    const late = await net.start(4)
    await until(() => late.node.chain.tip.height >= goal, 90_000)
    expect(troublesOf(net.running)).toEqual([])
    expect(net.network.penalties).toEqual([])
  }, 120_000)
})
