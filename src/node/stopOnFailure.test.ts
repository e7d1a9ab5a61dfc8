import { afterEach, describe, expect, it } from 'vitest'
import { StoreFailure, type Store } from '../ports/store.ts'
import { TestNodes, until } from './testNodes.fixture.ts'

let net: TestNodes | undefined
afterEach(async () => {
  await Promise.allSettled((net?.running ?? []).map(({ node }) => node.stop()))
  net = undefined
})

const failsAt = 3

/** Final blocks from that height on have no room; votes and everything else have. */
function withoutRoom(store: Store): Store {
  const writeFinal: Store['writeFinal'] = (batch) => {
    const isRefused = batch.blocks.some(({ height }) => height >= failsAt)
    if (isRefused) return Promise.reject(new StoreFailure({ code: 'STORAGE_FULL' }))
    return store.writeFinal(batch)
  }
  return { ...store, writeFinal }
}

describe('BFT-10: a node whose final blocks cannot be kept', () => {
  it('says so and signs nothing more; the others go on without it', async () => {
    const nodes = new TestNodes(60_000)
    net = nodes
    nodes.wrapStore = (store, index) => (index === 0 ? withoutRoom(store) : store)
    await Promise.all([0, 1, 2, 3].map((index) => nodes.start(index)))
    const [failed, other] = nodes.running
    if (failed === undefined || other === undefined) throw new Error('four nodes run')
    await until(() => failed.node.mayAct.stopped !== undefined)
    expect(failed.node.mayAct.stopped).toBe('STORAGE_FULL')
    expect(failed.node.mayAct.signer).toBeUndefined()
    expect(failed.events.filter(({ type }) => type === 'failure').length).toBeGreaterThan(0)
    expect(failed.node.chain.tip.height).toBeLessThan(failsAt)
    // Votes that were on their way are over after a few views.
    await until(() => other.node.chain.tip.height >= failsAt + 4)
    const { running } = other.node
    const heardBefore = running?.engine.state.heardViews[0]
    const { height } = other.node.chain.tip
    await until(() => other.node.chain.tip.height >= height + 8)
    expect(other.node.running).toBe(running)
    expect(running?.engine.state.heardViews[0]).toBe(heardBefore)
  })
})
