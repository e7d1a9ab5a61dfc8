import { afterEach, describe, expect, it } from 'vitest'
import { hex } from '../core/base/bytes.ts'
import { timeOf } from '../core/types/ids.ts'
import { hashesOf, TestNodes, until } from './testNodes.fixture.ts'

let devnet: TestNodes | undefined

afterEach(async () => {
  await Promise.all(devnet?.running.map(({ node }) => node.stop()) ?? [])
})

describe('BFT-7, EPOCH-2, SYNC-1: nodes over the ports', () => {
  it('four validators finalise across boundaries, and a follower catches up', async () => {
    const net = new TestNodes(3000)
    devnet = net
    const started = await Promise.all([0, 1, 2, 3].map((index) => net.start(index)))
    await until(() => devnet?.running.every(({ node }) => node.chain.epoch >= 2) ?? false)
    const follower = await devnet.start(4)
    const target = Math.max(...devnet.heights)
    // The tip moves before it is told.
    await until(() => hashesOf(follower).length >= target)
    const reference = hashesOf(started[0] ?? follower)
    expect(hashesOf(follower).slice(0, target)).toEqual(reference.slice(0, target))
    const troubles = devnet.running.flatMap(({ events }) =>
      events.filter(({ type }) => ['alarm', 'failure', 'evidence'].includes(type)),
    )
    expect(troubles).toEqual([])
    expect(devnet.network.penalties).toEqual([])
  }, 120_000)

  it('all stop and start again from their stores: the same chain goes on (BFT-10)', async () => {
    const net = new TestNodes(60_000)
    devnet = net
    await Promise.all([0, 1, 2, 3].map((index) => net.start(index)))
    await until(() => Math.min(...(devnet?.heights ?? [0])) >= 5)
    const before = devnet.running.map(hashesOf)
    await Promise.all([0, 1, 2, 3].map((index) => net.stop(index)))
    const heights = devnet.heights
    await Promise.all([0, 1, 2, 3].map((index) => net.start(index)))
    expect(devnet.heights.map((height, index) => height >= (heights[index] ?? 0))).not.toContain(
      false,
    )
    const goal = Math.max(...heights) + 5
    await until(() => Math.min(...(devnet?.heights ?? [0])) >= goal)
    const stored = await devnet.running[0]?.node.chain.store.readBlocks(1, 5)
    expect(stored?.map((block) => hex(block.hash))).toEqual(before[0]?.slice(0, 5))
    const conflicts = devnet.running.flatMap(({ events }) =>
      events.filter(({ type }) => ['alarm', 'failure', 'evidence'].includes(type)),
    )
    expect(conflicts).toEqual([])
  }, 120_000)
})

describe('BFT-10: a gap in own time', () => {
  it('a validator that was stopped for a while asks the others and signs again', async () => {
    const net = new TestNodes(60_000)
    devnet = net
    await Promise.all([0, 1, 2, 3].map((index) => net.start(index)))
    await until(() => Math.min(...net.heights) >= 3)
    const engine = net.running[2]?.node.running?.engine
    engine?.feed({ type: 'gap', nowMs: timeOf(Date.now()) })
    expect(engine?.state.mode.type).toBe('recovering')
    await until(() => engine?.state.mode.type === 'active')
  }, 120_000)
})
