import { afterEach, describe, expect, it } from 'vitest'
import { SyncRequest } from '../core/codec/chain.ts'
import type { PeerId } from '../ports/transport.ts'
import { TestNodes, troublesOf, until } from './testNodes.fixture.ts'

const snapshots = { behindEpochs: 1, everyEpochs: 1, chunkBytes: 42 * 1024 }
const away = 4
let net: TestNodes

afterEach(() => Promise.all(net.running.map(({ node }) => node.stop())))

function storedHeights(): number[] {
  return [...(net.disks[away]?.blocks.keys() ?? [])].sort((left, right) => left - right)
}

/** A node that keeps blocks, and was away for three epochs; what it had when it left. */
async function returns(executes: { epochs: number; forMs: number }): Promise<number> {
  net = new TestNodes(3000)
  net.snapshots = snapshots
  net.retention = { blockEpochs: 1_000, executes }
  await Promise.all([0, 1, 2, 3].map((index) => net.start(index)))
  const { node } = await net.start(away)
  await until(() => node.chain.tip.height >= 5)
  await net.stop(away)
  const { epoch } = node.chain
  await until(() => (net.running[0]?.node.chain.epoch ?? 0) > epoch + 3, 90_000)
  return node.chain.tip.height
}

/** It gets no block, and may get a snapshot, until this is over. */
async function hears(height: number, isOver: () => Promise<void>): Promise<void> {
  let isHeld = true
  net.network.silence = ({ from, protocol, bytes }) => {
    if (!isHeld || from !== 'peer4' || protocol !== 'sync') return undefined
    const { fromHeight, boundariesOnly } = SyncRequest.decode(bytes)
    return boundariesOnly || fromHeight > height + 1 ? undefined : Promise.resolve()
  }
  // What is gossiped it hears, and it lacks what stands below.
  const { node } = await net.start(away)
  await until(() => node.peers.statusOf('peer0' as PeerId) !== undefined)
  await isOver()
  isHeld = false
  const goal = net.running[0]?.node.chain.tip.height ?? 0
  await until(() => node.chain.tip.height >= goal && storedHeights().includes(goal), 90_000)
  expect(troublesOf(net.running)).toEqual([])
  expect(net.network.penalties).toEqual([])
}

const tookSnapshot = (): Promise<void> => until(() => !storedHeights().includes(1), 60_000)

describe('SYNC-4 a node that keeps blocks and comes back', () => {
  it('executes what it missed, and loses none of them', async () => {
    const height = await returns({ epochs: 50, forMs: 60_000 })
    await hears(height, () => new Promise((resolve) => setTimeout(resolve, 8_000)))
    const heights = storedHeights()
    expect(heights).toEqual(heights.map((_, at) => at + 1))
  }, 120_000)

  it('takes a snapshot beyond its bound', async () => {
    await hears(await returns({ epochs: 2, forMs: 600_000 }), tookSnapshot)
  }, 120_000)

  it('takes one too when it could not catch up in time', async () => {
    await hears(await returns({ epochs: 50, forMs: 4_000 }), tookSnapshot)
  }, 120_000)
})
