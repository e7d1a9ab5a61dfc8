import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMemoryDisk, type MemoryDisk } from '../adapters/storage/memoryStore.ts'
import { SyncRequest, SyncResponse } from '../core/codec/chain.ts'
import type { Params } from '../core/params.ts'
import { StoreFailure } from '../ports/store.ts'
import type { PeerId } from '../ports/transport.ts'
import { TestNodes, troublesOf, until } from './testNodes.fixture.ts'

/** The least window that these allow: 1 + 2 · 1 epochs. */
const snapshots = { behindEpochs: 1, everyEpochs: 1, chunkBytes: 42 * 1024 }
const blockEpochs = 3
const seats = [0, 1, 2, 3]
const newcomer = 4

let net = new TestNodes(3000)

async function begin(params: Partial<Params>): Promise<void> {
  net = new TestNodes(3000, params)
  net.snapshots = snapshots
  net.retention = { blockEpochs: 0 }
  await Promise.all(seats.map((index) => net.start(index)))
  await until(() => epochOf(0) >= 8, 110_000)
}

const end = (): Promise<unknown> => Promise.all(net.running.map(({ node }) => node.stop()))

function epochOf(index: number): number {
  return net.running[index]?.node.chain.epoch ?? 0
}

function diskOf(index: number): MemoryDisk {
  const disk = net.disks[index]
  if (disk === undefined) throw new Error('that node has a disk')
  return disk
}

/** What is stored of each epoch, as of the newest block that is stored. */
function storedOn(disk: MemoryDisk): {
  readonly epoch: number
  readonly blocks: readonly number[]
  readonly heights: readonly number[]
  readonly boundaries: readonly number[]
} {
  const heights = [...disk.blocks.keys()].sort((left, right) => left - right)
  const epochs = heights.map((height) => disk.blocks.get(height)?.epoch ?? NaN)
  const named = [...disk.values.keys()].flatMap((name) => /^light\/(\d+)$/.exec(name)?.[1] ?? [])
  return {
    epoch: epochs.at(-1) ?? 0,
    blocks: [...new Set(epochs)],
    heights,
    boundaries: named.map(Number).sort((left, right) => left - right),
  }
}

async function askSync(
  peer: string,
  fromHeight: number,
  boundariesOnly: boolean,
): Promise<SyncResponse> {
  const outsider = net.network.attach(`outsider ${String(fromHeight)}`)
  const bytes = SyncRequest.encode({ fromHeight, countMax: 64, boundariesOnly })
  const answer = await outsider.request(peer as PeerId, 'sync', bytes, { timeoutMs: 60_000 })
  await outsider.stop()
  if (!answer.ok) throw new Error(answer.error.code)
  return SyncResponse.decode(answer.value)
}

function expectRange(list: readonly number[]): void {
  expect(list.length).toBeGreaterThan(0)
  expect(list).toEqual(list.map((_, at) => (list[0] ?? 0) + at))
}

describe('SYNC-4 what a node keeps', () => {
  beforeAll(() => begin({}), 120_000)
  afterAll(end)

  it('is a window of blocks without a gap, and every boundary for half the unbonding time', () => {
    for (const index of seats) {
      const { epoch, blocks, heights, boundaries } = storedOn(diskOf(index))
      // The block on which the oldest epoch stands is of the one before it. At a boundary the step
      // may be under way still, or the next epoch have no block yet.
      const oldest = epoch - blockEpochs - 1
      expect([oldest - 1, oldest, oldest + 1]).toContain(blocks[0])
      expect(blocks[0]).toBeGreaterThan(0)
      expectRange(heights)
      expectRange(boundaries)
      expect(boundaries[0]).toBe(0)
    }
    expect(troublesOf(net.running)).toEqual([])
  })

  it('SYNC-3 asked for a block before that, it says from which height on it has them', async () => {
    const pruned = await askSync('peer0', 1, false)
    expect(pruned.blocks).toEqual([])
    expect(pruned.lowestHeight).toBeGreaterThan(1)
    const { lowestHeight } = await askSync('peer0', pruned.lowestHeight + 40, false)
    expect(lowestHeight).toBe(0)
  })

  it('a seat that restarts goes on from what it kept', async () => {
    await net.stop(3)
    const { node } = await net.start(3)
    const { height } = node.chain.tip
    await until(() => node.chain.tip.height > height + 20)
    expect(troublesOf(net.running)).toEqual([])
  }, 120_000)

  it('a full disk stops nothing: what was to go goes with a later block', async () => {
    const { node } = net.running[0] ?? {}
    if (node === undefined) throw new Error('a seat runs')
    const { store } = node.chain
    const pruneBlocks = store.pruneBlocks.bind(store)
    let left = 3
    Object.assign(store, {
      pruneBlocks: (below: number): Promise<void> => {
        left -= 1
        const full = new StoreFailure({ code: 'STORAGE_FULL' })
        return left < 0 ? pruneBlocks(below) : Promise.reject(full)
      },
    })
    const lowest = storedOn(diskOf(0)).heights[0] ?? 0
    const { height } = node.chain.tip
    await until(() => (storedOn(diskOf(0)).heights[0] ?? 0) > lowest, 60_000)
    expect(left).toBeLessThan(0)
    expect(node.chain.tip.height).toBeGreaterThan(height)
    expect(troublesOf(net.running)).toEqual([])
  }, 120_000)

  it('a newcomer of a network in which all forget begins with a snapshot', async () => {
    net.disks[newcomer] = createMemoryDisk()
    const { node } = await net.start(newcomer)
    const goal = net.running[0]?.node.chain.tip.height ?? 0
    await until(() => node.chain.tip.height >= goal, 90_000)
    expect(await node.chain.store.readBlock(1)).toBeUndefined()
    await net.stop(newcomer)
    expect(net.network.penalties).toEqual([])
    expect(troublesOf(net.running)).toEqual([])
  }, 120_000)
})

describe('SYNC-4 a chain that is older than half of its unbonding time', () => {
  /** Half of it is five epochs. */
  const boundaryEpochs = 5
  beforeAll(() => begin({ unbondingMs: 30_000 }), 120_000)
  afterAll(end)

  it('keeps the boundaries of that time', async () => {
    for (const index of seats) {
      const { epoch, boundaries } = storedOn(diskOf(index))
      const oldest = epoch - boundaryEpochs - 1
      expect([oldest - 1, oldest, oldest + 1]).toContain(boundaries[0])
      expectRange(boundaries)
    }
    const shown = await askSync('peer0', 1, true)
    expect(shown.committees[0]?.epoch).toBeGreaterThan(1)
    expectRange(shown.committees.map(({ epoch }) => epoch))
    expect(troublesOf(net.running)).toEqual([])
  })
})
