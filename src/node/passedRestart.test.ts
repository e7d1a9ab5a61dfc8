import { afterEach, describe, expect, it } from 'vitest'
import { MemoryNetwork } from '../../test/sim/memoryTransport.ts'
import { unwrap } from '../../test/support/unwrap.ts'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { nodeClock } from '../adapters/node/clock.ts'
import { createMemoryDisk, openMemoryStore } from '../adapters/storage/memoryStore.ts'
import { ok } from '../core/base/result.ts'
import type { CertifiedChain } from '../core/chain/certifiedChain.fixture.ts'
import {
  endEpoch,
  restartableEpoch,
  restartByStake,
  standingChain,
} from '../core/chain/stakeRestartChain.fixture.ts'
import { restartOpening } from '../core/chain/restartOpening.ts'
import {
  Body,
  Header,
  SignedTransaction,
  SyncRequest,
  SyncResponse,
  Transaction,
  type CertifiedBlock,
  type Restart,
} from '../core/codec/chain.ts'
import { createVerifier } from '../core/ledger/env.ts'
import { readSingle } from '../core/ledger/state.ts'
import { epochRecord, tip } from '../core/ledger/tables.ts'
import { checkpointSecret } from '../core/ledger/testCheckpoints.fixture.ts'
import type { PeerId, Transport } from '../ports/transport.ts'
import type { NodeEvent } from './nodeEvents.ts'
import { Node } from './node.ts'
import { findPassedRestart, type Looking } from './passedRestart.ts'
import { lookEveryMs, watchPassed } from './passedWatch.ts'
import type { SnapshotPolicy } from './snapshotShelf.ts'
import { decideToStartAnew, keysKeptUntil } from './startAnew.ts'
import { noProver, until } from './testNodes.fixture.ts'

const waitMs = 120_000
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** What a peer of that name holds. */
function serve(network: MemoryNetwork, name: string, source: CertifiedChain): void {
  network.attach(name).onRequest('sync', (_peer, bytes) => {
    const { fromHeight, countMax } = SyncRequest.decode(bytes)
    const blocks = source.held.slice(fromHeight - 1, fromHeight - 1 + countMax)
    const page = { blocks: blocks.map(({ block }) => block), tipHeight: source.held.length }
    return Promise.resolve(SyncResponse.encode(page))
  })
}

const offering: SnapshotPolicy = { behindEpochs: 1, everyEpochs: 1, chunkBytes: 256 * 1024 }

async function open(
  network: MemoryNetwork,
  disk: ReturnType<typeof createMemoryDisk>,
  wrap: (transport: Transport) => Transport = (transport) => transport,
  name = 'own',
) {
  const { genesis } = alone.chain
  const store = openMemoryStore(disk)
  const base = { genesis, clock: nodeClock, prover: noProver, bls }
  const transport = wrap(network.attach(name))
  const policies = { snapshots: offering, retention: { blockEpochs: 1_000 } }
  const node = unwrap(await Node.open({ ...base, ...policies, store, transport }))
  const events: NodeEvent[] = []
  node.events.on((event) => events.push(event))
  await node.start()
  closing.push(() => node.stop())
  return { node, events, store, stop: () => node.stop() }
}

/** Every peer forgot its blocks: what is left is a snapshot. */
function withoutBlocks(transport: Transport): Transport {
  return {
    ...transport,
    request: (peer, protocol, bytes, limits) => {
      if (protocol !== 'sync' || SyncRequest.decode(bytes).boundariesOnly) {
        return transport.request(peer, protocol, bytes, limits)
      }
      const pruned = { blocks: [], tipHeight: 1_000_000, lowestHeight: 1_000_000 }
      return Promise.resolve({ ok: true, value: SyncResponse.encode(pruned) })
    },
  }
}

/** Blocks above the base of the restart, final at one node and nowhere else. */
let alone: CertifiedChain
/** What everybody else goes on with. */
let restarted: CertifiedChain

function split(): void {
  alone = standingChain(bls)
  restarted = standingChain(bls)
  const { boundaryMs } = readSingle(alone.chain.state, epochRecord)
  alone.add(boundaryMs + 2_000)
  alone.add(readSingle(alone.chain.state, tip).timeMs + 1_000)
  restartByStake(restarted)
  endEpoch(restarted)
  restarted.runEpoch()
}

describe('RECOVER-1 a node with final blocks above the base of a restart', () => {
  it('is told so, charges nobody, and begins its chain again when its owner says so', async () => {
    split()
    const disk = createMemoryDisk()
    const before = new MemoryNetwork()
    serve(before, 'alone', alone)
    const first = await open(before, disk)
    await until(() => first.node.chain.tip.height === alone.held.length, waitMs)
    expect(await decideToStartAnew(first.store)).toMatchObject({
      error: { code: 'RESTART_NOT_PASSED' },
    })
    await first.stop()

    const network = new MemoryNetwork()
    serve(network, 'restarted', restarted)
    const second = await open(network, disk)
    const passed = ({ events }: typeof second) => events.find(({ type }) => type === 'passed')
    await until(() => passed(second) !== undefined, waitMs)
    const baseHeight = standingChain(bls).held.length
    expect(passed(second)).toEqual({ type: 'passed', epoch: restartableEpoch, baseHeight })
    // Nothing is given up by itself, and honest peers are not charged for what does not fit.
    expect(second.node.chain.tip.height).toBe(alone.held.length)
    expect(network.penalties).toEqual([])
    await second.store.writeSafety({
      slot: 'aa',
      sequence: 1,
      record: Uint8Array.of(7),
      pending: [],
    })
    await second.stop()

    // It is known in the next process as well, and still nothing is done about it.
    const third = await open(network, disk)
    await until(() => passed(third) !== undefined, waitMs)
    expect(third.node.chain.tip.height).toBe(alone.held.length)
    expect(await decideToStartAnew(third.store)).toEqual({ ok: true, value: undefined })
    await third.stop()

    const fourth = await open(network, disk)
    await until(() => fourth.node.chain.tip.height === restarted.held.length, waitMs)
    expect(fourth.node.chain.tip.hash).toEqual(restarted.tipHash)
    expect(passed(fourth)).toBeUndefined()
    expect(await keysKeptUntil(fourth.store)).toBe(restartableEpoch)
    expect(await fourth.store.readSafety('aa')).toEqual({ sequence: 1, record: Uint8Array.of(7) })
    expect(network.penalties).toEqual([])
    const boundaries = await fourth.node.chain.boundaries.from(1, 64, fourth.node.chain.epoch - 1)
    expect(boundaries).toEqual(restarted.boundaries)
  }, 600_000)

  it('takes no word for it: what no certified restart opens is charged as before', async () => {
    split()
    const opened = restarted.held.findIndex(({ header }) => header.epoch === restartableEpoch)
    const { block } = restarted.held[opened]!
    const { certificate } = restarted.held[opened + 1]!.block
    restarted.held[opened] = {
      ...restarted.held[opened]!,
      block: { ...block, ...(certificate && { certificate }) },
    }
    const disk = createMemoryDisk()
    const before = new MemoryNetwork()
    serve(before, 'alone', alone)
    const first = await open(before, disk)
    await until(() => first.node.chain.tip.height === alone.held.length, waitMs)
    await first.stop()
    const network = new MemoryNetwork()
    serve(network, 'restarted', restarted)
    const second = await open(network, disk)
    await until(() => network.penalties.length > 0, waitMs)
    expect(second.events.some(({ type }) => type === 'passed')).toBe(false)
  }, 600_000)

  it('takes no snapshot over them (BFT-7), in this process or the next', async () => {
    split()
    const disk = createMemoryDisk()
    const before = new MemoryNetwork()
    serve(before, 'alone', alone)
    const first = await open(before, disk)
    await until(() => first.node.chain.tip.height === alone.held.length, waitMs)
    await first.stop()

    const network = new MemoryNetwork()
    serve(network, 'restarted', restarted)
    const peer = await open(network, createMemoryDisk(), (transport) => transport, 'peer')
    await until(() => peer.node.chain.tip.height === restarted.held.length, waitMs)
    network.isLinked = (from, to) => ![from, to].includes('restarted' as PeerId)

    const second = await open(network, disk, withoutBlocks)
    const baseHeight = standingChain(bls).held.length
    const passed = { type: 'passed', epoch: restartableEpoch, baseHeight }
    await until(
      () =>
        second.events.some(({ type }) => type === 'passed') ||
        second.node.chain.tip.height > alone.held.length,
      waitMs,
    )
    expect(second.events.find(({ type }) => type === 'passed')).toEqual(passed)
    expect(second.node.chain.tip.hash).toEqual(alone.tipHash)
    expect(network.penalties).toEqual([])
    await second.stop()

    // A follower without final blocks takes that very snapshot.
    const fresh = await open(network, createMemoryDisk(), withoutBlocks, 'fresh')
    await until(() => fresh.node.chain.tip.height > alone.held.length, waitMs)
    let asked = 0
    const third = await open(network, disk, (transport) => {
      const wrapped = withoutBlocks(transport)
      return {
        ...wrapped,
        request: (to, protocol, bytes, limits) => {
          if (protocol === 'sync') asked += 1
          if (protocol === 'snapshot') throw new Error('no snapshot is asked for')
          return wrapped.request(to, protocol, bytes, limits)
        },
      }
    })
    await until(() => asked > 2, waitMs)
    expect(third.node.chain.tip.hash).toEqual(alone.tipHash)
  }, 600_000)
})

describe('RECOVER-1, NET-6 a look for a restart that passed by', () => {
  type Page = readonly CertifiedBlock[]
  const liar = 'liar' as PeerId

  /** A node above the base, what it asks the liar, and the signatures that it checks. */
  async function looking(answer: (page: Page) => readonly CertifiedBlock[]) {
    const network = new MemoryNetwork()
    serve(network, 'alone', alone)
    const { node } = await open(network, createMemoryDisk())
    await until(() => node.chain.tip.height === alone.held.length, waitMs)
    const count = { requests: 0, aggregates: 0 }
    const verifier = createVerifier(bls)
    const look: Looking = {
      chain: node.chain,
      bls,
      clock: nodeClock,
      transport: {
        request: (_peer, _protocol, bytes) => {
          count.requests += 1
          const { fromHeight, countMax } = SyncRequest.decode(bytes)
          const held = restarted.held.slice(fromHeight - 1, fromHeight - 1 + countMax)
          const blocks = [...answer(held.map(({ block }) => block))]
          return Promise.resolve(ok(SyncResponse.encode({ blocks, tipHeight: 99 })))
        },
      },
      verifier: {
        ...verifier,
        aggregateSigned: (...signed) => {
          count.aggregates += 1
          return verifier.aggregateSigned(...signed)
        },
      },
    }
    return { look, count }
  }

  /** The block that a record opens, with another record; other blocks as they are. */
  function changed(block: CertifiedBlock, change: Partial<Restart>): CertifiedBlock {
    const opening = restartOpening(block.body)?.transaction
    if (opening?.restart === undefined) return block
    const transaction = Transaction.encode({
      ...opening,
      restart: { ...opening.restart, ...change },
    })
    const signed = SignedTransaction.encode({ transaction, signature: new Uint8Array(0) })
    const header = Header.decode(block.header)
    return {
      ...block,
      header: Header.encode({ ...header, parent: change.base ?? header.parent }),
      body: Body.encode({ ...Body.decode(block.body), transactions: [signed] }),
    }
  }

  const nowhere = new Uint8Array(32).fill(7)
  const moved = (block: CertifiedBlock): CertifiedBlock => changed(block, { base: nowhere })
  const wrongly = bls.sign(checkpointSecret(0), nowhere)
  const unsigned = (block: CertifiedBlock): CertifiedBlock => changed(block, { signature: wrongly })

  it.each([
    ['the record itself', (page: Page) => page, 1, true],
    ['more than was asked', (page: Page) => [...page, ...page], 0, false],
    ['a height left out', (page: Page) => page.slice(1), 0, false],
    ['a base that is not final here', (page: Page) => page.map(moved), 0, false],
    ['a record that the stake did not sign', (page: Page) => page.map(unsigned), 1, false],
  ])(
    'checks no more than one signature: %s',
    async (name, answer, aggregates, isFound) => {
      split()
      const { look, count } = await looking(answer)
      let isThreadFree = false
      setTimeout(() => {
        isThreadFree = true
      }, 0)
      const found = await findPassedRestart(look, liar)
      expect([found !== undefined, count.aggregates]).toEqual([isFound, aggregates])
      expect(count.requests).toBe(1)
      // A page that is too long is not looked at.
      if (name !== 'more than was asked') expect(isThreadFree).toBe(true)
    },
    600_000,
  )

  it('is one for all peers in 10 s; who was looked at in vain is charged', async () => {
    split()
    let answer = unsigned
    const { look, count } = await looking((page) => page.map((block) => answer(block)))
    let nowMs = 1_000_000
    const said: unknown[] = []
    const clock = { ...nodeClock, nowMs: () => nowMs }
    const isPassed = watchPassed({ ...look, clock }, (passed) => {
      said.push(passed)
      return Promise.resolve()
    })
    const both = [isPassed(liar), isPassed('other' as PeerId)]
    expect(await Promise.all(both)).toEqual([false, true])
    nowMs += lookEveryMs - 1
    expect([await isPassed('other' as PeerId), await isPassed(liar)]).toEqual([true, false])
    expect(count.requests).toBe(1)
    nowMs += 1
    answer = (block) => block
    expect(await isPassed('other' as PeerId)).toBe(true)
    expect([said.length, count.requests]).toEqual([1, 2])
    expect(await isPassed(liar)).toBe(true)
    expect(count.requests).toBe(2)
  }, 600_000)
})
