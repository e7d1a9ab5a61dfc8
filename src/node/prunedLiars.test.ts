import { afterEach, describe, expect, it } from 'vitest'
import { SyncRequest, SyncResponse } from '../core/codec/chain.ts'
import type { PeerId } from '../ports/transport.ts'
import { TestNodes, troublesOf, until } from './testNodes.fixture.ts'

/** Nobody is so far behind that it takes a snapshot by itself. */
const snapshots = { behindEpochs: 1_000, everyEpochs: 1, chunkBytes: 42 * 1024 }
const away = 4
let net: TestNodes

afterEach(() => Promise.all(net.running.map(({ node }) => node.stop())))

/** Says what an honest peer says, but that it has forgotten every block that is asked for. */
function attachLiar(name: string): void {
  const liar = net.network.attach(name)
  const honest = 'peer0' as PeerId
  for (const protocol of ['status', 'sync', 'snapshot'] as const) {
    liar.onRequest(protocol, async (_peer, bytes) => {
      const answer = await liar.request(honest, protocol, bytes, { timeoutMs: 10_000 })
      if (!answer.ok) return new Uint8Array(0)
      if (protocol !== 'sync' || SyncRequest.decode(bytes).boundariesOnly) return answer.value
      const { tipHeight } = SyncResponse.decode(answer.value)
      const page = { blocks: [], committees: [], restarts: [] }
      return SyncResponse.encode({ ...page, tipHeight, lowestHeight: tipHeight })
    })
  }
}

function storedHeights(): number[] {
  return [...(net.disks[away]?.blocks.keys() ?? [])].sort((left, right) => left - right)
}

describe('SYNC-1, SYNC-4: peers that say to have forgotten what a node needs', () => {
  it('lead it to no snapshot while another one gives the blocks', async () => {
    net = new TestNodes(3000)
    net.snapshots = snapshots
    net.retention = { blockEpochs: 1_000 }
    // As many as a round asks, and connected before every other one: asked first.
    for (const index of [0, 1, 2]) attachLiar(`liar${String(index)}`)
    await Promise.all([0, 1, 2, 3].map((index) => net.start(index)))
    const before = await net.start(away)
    await until(() => before.node.chain.tip.height >= 5)
    await net.stop(away)
    const { epoch } = before.node.chain
    await until(() => (net.running[0]?.node.chain.epoch ?? 0) > epoch + 1, 90_000)
    // It hears of no block: it has to ask.
    net.wrap = (transport) => ({
      ...transport,
      onDirect: () => undefined,
      onGossip: () => undefined,
    })
    const goal = net.running[0]?.node.chain.tip.height ?? 0
    const { node } = await net.start(away)
    await until(() => node.chain.tip.height >= goal, 90_000)
    const heights = storedHeights()
    expect(heights).toEqual(heights.map((_, at) => at + 1))
    expect(heights.length).toBeGreaterThanOrEqual(goal)
    expect(troublesOf(net.running)).toEqual([])
    expect(net.network.penalties).toEqual([])
  }, 120_000)
})
