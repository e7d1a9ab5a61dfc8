import { afterEach, describe, expect, it } from 'vitest'
import { RecentBlocks } from './recentBlocks.ts'
import { TestNodes, until } from './testNodes.fixture.ts'

let net: TestNodes

afterEach(async () => {
  await Promise.all(net.running.map(({ node }) => node.stop()))
})

describe('UX-4 how soon a block was final is said of what became final while one watched', () => {
  it('and not of what was caught up', async () => {
    net = new TestNodes(60_000)
    await Promise.all([0, 1, 2, 3].map((index) => net.start(index)))
    await until(() => Math.min(...net.heights) >= 30)
    const goal = Math.max(...net.heights)

    const { node } = await net.open(4)
    const recent = new RecentBlocks(node)
    node.events.on((event) => {
      recent.note(event)
    })
    await node.start()
    await until(() => node.chain.tip.height > goal + 10)

    const measured = recent.list.filter(({ finalAfterMs }) => finalAfterMs !== undefined)
    const old = recent.list.filter(({ height }) => height < goal)
    expect(old.length).toBeGreaterThan(20)
    expect(old.filter(({ finalAfterMs }) => finalAfterMs !== undefined)).toEqual([])
    expect(measured.length).toBeGreaterThan(3)
    expect(recent.finalityMs?.count).toBe(measured.length)
  }, 120_000)
})
