import { afterEach, describe, expect, it } from 'vitest'
import type { Transport } from '../ports/transport.ts'
import { TestNodes, troublesOf, until } from './testNodes.fixture.ts'
import { decodeMessage } from './wire.ts'

let net: TestNodes
afterEach(() => Promise.all(net.running.map(({ node }) => node.stop())))

describe('EPOCH-2: a seat of an epoch that is over', () => {
  it('hears of the boundary by speaking, when nobody says anything else', async () => {
    net = new TestNodes(3000)
    let isAway = false
    let shown = 0
    // Behind the cut it gets what it is shown, and no vote, proposal or status of anybody.
    net.wrap = (transport): Transport => ({
      ...transport,
      onDirect: (handler) => {
        transport.onDirect((peer, bytes) => {
          const isBlock = decodeMessage(bytes)?.type === 'block'
          if (isAway && isBlock) shown += 1
          if (!isAway || isBlock) handler(peer, bytes)
        })
      },
      onGossip: (handler) => {
        transport.onGossip((message) => (isAway ? 'ignore' : handler(message)))
      },
      request: (peer, protocol, bytes, options) =>
        isAway && protocol === 'status'
          ? Promise.resolve({ ok: false, error: { code: 'PEER_UNREACHABLE', peer } })
          : transport.request(peer, protocol, bytes, options),
    })
    const away = await net.start(0)
    net.wrap = (transport) => transport
    await Promise.all([1, 2, 3].map((index) => net.start(index)))
    await until(() => Math.min(...net.heights) >= 2)
    isAway = true
    net.network.isLinked = (from, to) => ![from, to].includes(away.node.transport.self)
    const other = net.running[1]
    await until(() => (other?.node.chain.epoch ?? 0) >= 2, 90_000)
    expect(away.node.chain.epoch).toBe(0)
    net.network.isLinked = () => true
    await until(() => away.node.chain.epoch >= 2, 60_000)
    expect(shown).toBeGreaterThan(0)
    expect(troublesOf(net.running)).toEqual([])
    expect(net.network.penalties).toEqual([])
  }, 120_000)
})
