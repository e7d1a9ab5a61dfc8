import { afterEach, describe, expect, it } from 'vitest'
import { MemoryNetwork } from '../../test/sim/memoryTransport.ts'
import { testSigner } from '../../test/support/testSigner.ts'
import { unwrap } from '../../test/support/unwrap.ts'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { nodeClock } from '../adapters/node/clock.ts'
import { createMemoryDisk, openMemoryStore } from '../adapters/storage/memoryStore.ts'
import { hex } from '../core/base/bytes.ts'
import type { Genesis } from '../core/codec/state.ts'
import { timeOf } from '../core/types/ids.ts'
import { testGenesis, type TestKeys } from '../core/ledger/testChain.fixture.ts'
import type { Prover } from '../ports/prover.ts'
import type { NodeEvent } from './nodeEvents.ts'
import { Node } from './node.ts'

/** No block of these tests carries a READY, so nothing may be asked of the prover. */
const noProver: Prover = {
  prove: () => Promise.reject(new Error('no proof is made here')),
  verify: () => Promise.reject(new Error('no proof is checked here')),
  close: () => Promise.resolve(),
}

const seats = 4

interface Running {
  readonly node: Node
  readonly events: NodeEvent[]
}

class Devnet {
  readonly network = new MemoryNetwork()
  readonly genesis: Genesis
  readonly keys: readonly TestKeys[]
  readonly disks = Array.from({ length: seats + 1 }, () => createMemoryDisk())
  readonly running: Running[] = []

  constructor(epochMs: number) {
    const params = { epochMs, blockIntervalMs: 50, timePastMs: 5000 }
    const { genesis, keys } = testGenesis(bls, { validators: seats, seats, params })
    this.keys = keys
    const named = genesis.seats.map((seat, index) => ({ ...seat, peerId: `peer${String(index)}` }))
    this.genesis = { ...genesis, startMs: Date.now() + 500, seats: named }
  }

  async start(index: number): Promise<Running> {
    const keys = this.keys[index]
    const node = unwrap(
      await Node.open({
        genesis: this.genesis,
        clock: nodeClock,
        store: openMemoryStore(this.disks[index]),
        transport: this.network.attach(`peer${String(index)}`),
        prover: noProver,
        bls,
        ...(keys && { signer: testSigner(bls, keys, { index, epochs: [0] }) }),
      }),
    )
    const events: NodeEvent[] = []
    node.events.on((event) => events.push(event))
    const running = { node, events }
    this.running[index] = running
    await node.start()
    return running
  }

  async stop(index: number): Promise<void> {
    await this.running[index]?.node.stop()
  }

  get heights(): number[] {
    return this.running.map(({ node }) => node.chain.tip.height)
  }
}

let devnet: Devnet | undefined

afterEach(async () => {
  await Promise.all(devnet?.running.map(({ node }) => node.stop()) ?? [])
})

async function until(condition: () => boolean, timeoutMs = 15_000): Promise<void> {
  const endMs = Date.now() + timeoutMs
  while (!condition()) {
    if (Date.now() > endMs) throw new Error('the condition did not come true')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function hashesOf({ events }: Running): string[] {
  return events.flatMap((event) => (event.type === 'final' ? [hex(event.block.hash)] : []))
}

describe('BFT-7, EPOCH-2, SYNC-1: nodes over the ports', () => {
  it('four validators finalise across boundaries, and a follower catches up', async () => {
    const net = new Devnet(3000)
    devnet = net
    const started = await Promise.all([0, 1, 2, 3].map((index) => net.start(index)))
    await until(() => devnet?.running.every(({ node }) => node.chain.epoch >= 2) ?? false)
    const follower = await devnet.start(4)
    const target = Math.max(...devnet.heights)
    await until(() => follower.node.chain.tip.height >= target)
    const reference = hashesOf(started[0] ?? follower)
    expect(hashesOf(follower).slice(0, target)).toEqual(reference.slice(0, target))
    const troubles = devnet.running.flatMap(({ events }) =>
      events.filter(({ type }) => ['alarm', 'failure', 'evidence'].includes(type)),
    )
    expect(troubles).toEqual([])
    expect(devnet.network.penalties).toEqual([])
  }, 30_000)

  it('all stop and start again from their stores: the same chain goes on (BFT-10)', async () => {
    const net = new Devnet(60_000)
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
  }, 30_000)
})

describe('BFT-10: a gap in own time', () => {
  it('a validator that was stopped for a while asks the others and signs again', async () => {
    const net = new Devnet(60_000)
    devnet = net
    await Promise.all([0, 1, 2, 3].map((index) => net.start(index)))
    await until(() => Math.min(...net.heights) >= 3)
    const engine = net.running[2]?.node.running?.engine
    engine?.feed({ type: 'gap', nowMs: timeOf(Date.now()) })
    expect(engine?.state.mode.type).toBe('recovering')
    await until(() => engine?.state.mode.type === 'active')
  }, 30_000)
})
