import { afterEach, describe, expect, it } from 'vitest'
import { TestNodes, troublesOf, until } from './testNodes.fixture.ts'

/** The least window that these allow: 1 + 2 · 1 epochs. */
const snapshots = { behindEpochs: 1, everyEpochs: 1, chunkBytes: 42 * 1024 }
const archive = 4
let net: TestNodes

afterEach(() => Promise.all(net.running.map(({ node }) => node.stop())))

function storedHeights(): number[] {
  return [...(net.disks[archive]?.blocks.keys() ?? [])].sort((left, right) => left - right)
}

/** The follower keeps every block, and was away for that many epochs. */
async function isAway(epochs: number): Promise<number> {
  await Promise.all([0, 1, 2, 3].map((index) => net.start(index)))
  net.retention = undefined
  const { node } = await net.start(archive)
  await until(() => node.chain.tip.height >= 5)
  await net.stop(archive)
  const { epoch } = node.chain
  await until(() => (net.running[0]?.node.chain.epoch ?? 0) > epoch + epochs, 90_000)
  return node.chain.tip.height
}

describe('SYNC-4 a node that keeps every block', () => {
  it('executes blocks however far it is behind, and loses none', async () => {
    net = new TestNodes(3000)
    net.snapshots = snapshots
    await isAway(3)
    const goal = net.running[0]?.node.chain.tip.height ?? 0
    const { node } = await net.start(archive)
    await until(() => node.chain.tip.height >= goal, 90_000)
    await net.stop(archive)
    const heights = storedHeights()
    expect(heights).toEqual(heights.map((_, at) => at + 1))
    expect(heights.length).toBeGreaterThanOrEqual(goal)
    expect(troublesOf(net.running)).toEqual([])
  }, 120_000)

  it('says so when nobody has the next one, and keeps what it has', async () => {
    net = new TestNodes(3000)
    net.snapshots = snapshots
    net.retention = { blockEpochs: 0 }
    const height = await isAway(6)
    const { node, events } = await net.start(archive)
    const said = (): unknown[] => events.filter(({ type }) => type === 'historyPruned')
    await until(() => said().length > 0, 90_000)
    expect(said()).toEqual([{ type: 'historyPruned', height: height + 1 }])
    expect(node.chain.tip.height).toBe(height)
    expect(storedHeights()).toEqual(Array.from({ length: height }, (_, at) => at + 1))
    expect(troublesOf(net.running)).toEqual([])
  }, 120_000)
})
