import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMemoryDisk } from '../adapters/storage/memoryStore.ts'
import { hex } from '../core/base/bytes.ts'
import { CertifiedBlock, Header, SyncRequest, SyncResponse } from '../core/codec/chain.ts'
import { SnapshotRequest, SnapshotResponse } from '../core/codec/light.ts'
import { stateRoot } from '../core/ledger/state.ts'
import type { PeerId, PeerInfo, RequestProtocol, Transport } from '../ports/transport.ts'
import type { Chain } from './chain.ts'
import { TestNodes, troublesOf, until, type Running } from './testNodes.fixture.ts'

/** Some kilobytes a chunk, so that the small state of a test has many. */
const policy = { behindEpochs: 2, everyEpochs: 1, chunkBytes: 42 * 1024 }
const never = { ...policy, behindEpochs: 1_000 }
const seats = [0, 1, 2, 3]
const newcomer = 4

const net = new TestNodes(3000)

beforeAll(async () => {
  net.snapshots = policy
  // Who keeps all takes no snapshot once it has a block.
  net.retention = { blockEpochs: 1_000 }
  await Promise.all(seats.map((index) => net.start(index)))
  await until(() => chainOf(0).epoch >= 4, 90_000)
}, 120_000)

afterAll(async () => {
  await Promise.all(net.running.map(({ node }) => node.stop()))
})

function chainOf(index: number): Chain {
  const running = net.running[index]
  if (running === undefined) throw new Error('that node runs')
  return running.node.chain
}

interface Asked {
  readonly peer: PeerId
  readonly protocol: RequestProtocol
  readonly request: SnapshotRequest | undefined
}

/** A newcomer with an empty store, or with what the last one left. */
async function join(options: {
  readonly snapshots?: typeof policy
  readonly keepsDisk?: boolean
  /** False lets the request fail. */
  readonly allows?: (asked: Asked) => boolean
  readonly peers?: (known: readonly PeerInfo[]) => readonly PeerInfo[]
  /** False lets requests for blocks fail; those for boundaries go on. */
  readonly blocks?: () => boolean
}): Promise<{ readonly running: Running; readonly asked: Asked[] }> {
  if (options.keepsDisk !== true) net.disks[newcomer] = createMemoryDisk()
  const asked: Asked[] = []
  net.snapshots = options.snapshots ?? policy
  net.wrap = (transport): Transport => ({
    ...transport,
    peers: () => (options.peers ?? ((known) => known))(transport.peers()),
    request: (peer, protocol, bytes, limits) => {
      const request = protocol === 'snapshot' ? SnapshotRequest.decode(bytes) : undefined
      const one = { peer, protocol, request }
      asked.push(one)
      const isForBlocks = protocol === 'sync' && !SyncRequest.decode(bytes).boundariesOnly
      const isHeldBack = isForBlocks && options.blocks?.() === false
      const isAllowed = !isHeldBack && (options.allows?.(one) ?? true)
      return isAllowed
        ? transport.request(peer, protocol, bytes, limits)
        : Promise.resolve({ ok: false, error: { code: 'PEER_UNREACHABLE', peer } })
    },
  })
  return { running: await net.start(newcomer), asked }
}

async function reaches(running: Running): Promise<void> {
  const goal = chainOf(0).tip.height
  await until(() => running.node.chain.tip.height >= goal, 90_000)
}

/** Its state is the one that the network's next header names. */
async function expectSame(chain: Chain): Promise<void> {
  const { height, state, hash } = chain.tip
  await until(() => chainOf(0).tip.height > height)
  const next = await chainOf(0).store.readBlock(height + 1)
  const header = Header.decode(next?.header ?? new Uint8Array(0))
  expect(hex(header.parent)).toBe(hex(hash))
  expect(hex(header.parentStateRoot)).toBe(hex(stateRoot(state)))
}

const chunks = (asked: readonly Asked[]): readonly Asked[] =>
  asked.filter(({ request }) => request !== undefined && request.root.length > 0)

describe('SYNC-1 a node that is far behind', () => {
  it('begins with a snapshot, and is where one that replayed every block is', async () => {
    const { running, asked } = await join({})
    await reaches(running)
    expect(chunks(asked).length).toBeGreaterThan(3)
    const { chain } = running.node
    expect(await chain.store.readBlock(1)).toBeUndefined()
    await expectSame(chain)
    const epoch = chain.epoch
    await until(() => chain.epoch > epoch)
    await net.stop(newcomer)
    const bySnapshot = await blockHashes(running, 20)

    const replayed = await join({ snapshots: never })
    await reaches(replayed.running)
    expect(chunks(replayed.asked)).toEqual([])
    await expectSame(replayed.running.node.chain)
    expect(await replayed.running.node.chain.store.readBlock(1)).toBeDefined()
    for (const [height, hash] of bySnapshot) {
      const block = await replayed.running.node.chain.store.readBlock(height)
      expect(hex(block?.hash ?? new Uint8Array(0))).toBe(hash)
    }
    await net.stop(newcomer)
    expect(troublesOf(net.running)).toEqual([])
    expect(net.network.penalties).toEqual([])
  }, 120_000)

  it('serves others from there, and says what it does not hold', async () => {
    const { running } = await join({})
    await reaches(running)
    const self = 'peer4' as PeerId
    const outsider = net.network.attach('outsider')
    const ask = async (fromHeight: number, boundariesOnly: boolean): Promise<SyncResponse> => {
      const bytes = SyncRequest.encode({ fromHeight, countMax: 64, boundariesOnly })
      const answer = await outsider.request(self, 'sync', bytes, { timeoutMs: 10_000 })
      return SyncResponse.decode(answer.ok ? answer.value : new Uint8Array(0))
    }
    const pruned = await ask(1, false)
    expect(pruned.blocks).toEqual([])
    expect(pruned.lowestHeight).toBeGreaterThan(1)
    expect((await ask(pruned.lowestHeight, false)).blocks.length).toBeGreaterThan(0)
    const headers = await ask(1, true)
    expect(headers.committees.map(({ epoch }) => epoch).slice(0, 3)).toEqual([1, 2, 3])
    await outsider.stop()

    // Whoever can ask nobody else begins with a snapshot too, however near.
    net.disks[5] = createMemoryDisk()
    net.snapshots = { ...policy, behindEpochs: 1_000 }
    net.wrap = (transport) => transport
    net.network.isLinked = (from, to) =>
      ![from, to].includes('peer5' as PeerId) || [from, to].includes(self)
    const last = await net.start(5)
    await until(() => last.node.chain.tip.height > pruned.lowestHeight, 90_000)
    expect(await last.node.chain.store.readBlock(1)).toBeUndefined()
    await net.stop(5)
    net.network.isLinked = () => true
    await net.stop(newcomer)
    expect(net.network.penalties).toEqual([])
  }, 120_000)
})

describe('SYNC-3 an import that is disturbed', () => {
  it('goes on after a restart of the process, and asks for no chunk again', async () => {
    let left = 4
    const first = await join({
      // Nor any block after that, by which it would come so far that it needs no snapshot.
      allows: ({ protocol, request }) =>
        request === undefined || request.root.length === 0
          ? left >= 0 || protocol !== 'sync'
          : left-- > 0,
    })
    await until(() => left < 0)
    await net.stop(newcomer)
    const before = chunks(first.asked)
      .slice(0, 4)
      .map(({ request }) => hex(request?.after ?? new Uint8Array(0)))
    const root = hex(chunks(first.asked)[0]?.request?.root ?? new Uint8Array(0))
    expect(new Set(before).size).toBe(4)

    const second = await join({ keepsDisk: true })
    await reaches(second.running)
    const after = chunks(second.asked).map(({ request }) => request)
    expect(hex(after[0]?.root ?? new Uint8Array(0))).toBe(root)
    expect(
      after.filter((request) => before.includes(hex(request?.after ?? new Uint8Array(0)))),
    ).toEqual([])
    await expectSame(second.running.node.chain)
    expect(
      [...(net.disks[newcomer]?.values.keys() ?? [])].filter((name) => name.startsWith('snapshot')),
    ).toEqual([])
    await net.stop(newcomer)
  }, 120_000)

  it('a bad chunk bans its sender, and the chunk comes from somebody else', async () => {
    const liar = lies((answer) => {
      const [leaf] = answer.chunk?.leaves ?? []
      if (leaf !== undefined) leaf.value = Uint8Array.of(...leaf.value, 1)
    })
    const { running, asked } = await join({})
    await reaches(running)
    await expectSame(running.node.chain)
    expect(net.network.penalties).toEqual(['peer4 of liar: SNAPSHOT_CHUNK_INVALID'])
    expect(chunks(asked).filter(({ peer }) => peer === liar.self)).toHaveLength(1)
    net.network.penalties.length = 0
    await Promise.all([liar.stop(), net.stop(newcomer)])
  }, 120_000)

  it('a snapshot with another root than the chain has is refused', async () => {
    const liar = lies((answer) => {
      const [offer] = answer.offers
      if (offer === undefined) return
      const block = CertifiedBlock.decode(offer.block)
      const header = { ...Header.decode(block.header), parentStateRoot: new Uint8Array(32) }
      offer.block = CertifiedBlock.encode({ ...block, header: Header.encode(header) })
    })
    const { running, asked } = await join({})
    await reaches(running)
    await expectSame(running.node.chain)
    expect(net.network.penalties).toEqual(['peer4 of liar: BLOCK_UNCERTIFIED'])
    expect(chunks(asked).filter(({ peer }) => peer === liar.self)).toEqual([])
    net.network.penalties.length = 0
    await Promise.all([liar.stop(), net.stop(newcomer)])
  }, 120_000)
})

describe('SYNC-1 more peers that offer nothing than are asked at a time', () => {
  it('keep no node from the one that does', async () => {
    const names = Array.from({ length: 8 }, (_none, index) => `silent${String(index)}`)
    const silent = names.map((name) =>
      lies((answer) => {
        answer.offers = []
      }, name),
    )
    const strangers = new Set(names)
    const others = new Set(['peer1', 'peer2', 'peer3'])
    let hasChunk = false
    const { running, asked } = await join({
      // Nothing but a snapshot leads on, and one peer alone has it.
      allows: ({ request, peer }) => {
        if (request !== undefined && request.root.length > 0) hasChunk = true
        return hasChunk || !others.has(peer)
      },
      peers: (known) => known.toSorted((one) => (strangers.has(one.peer) ? -1 : 1)),
      blocks: () => hasChunk,
    })
    await reaches(running)
    const [first] = asked.filter(({ protocol }) => protocol === 'snapshot')
    expect(strangers.has(first?.peer ?? '')).toBe(true)
    expect(chunks(asked).every(({ peer }) => peer === 'peer0')).toBe(true)
    expect(chunks(asked).length).toBeGreaterThan(3)
    await expectSame(running.node.chain)
    await Promise.all([...silent.map((peer) => peer.stop()), net.stop(newcomer)])
  }, 120_000)
})

async function blockHashes(running: Running, count: number): Promise<readonly [number, string][]> {
  const heights = running.events.flatMap((event) => (event.type === 'final' ? [event.block] : []))
  return heights.slice(-count).map((block) => [block.height, hex(block.hash)])
}

/** A peer that passes on what an honest one says, changed. */
function lies(change: (answer: SnapshotResponse) => void, name = 'liar'): Transport {
  const liar = net.network.attach(name)
  const honest = 'peer0' as PeerId
  for (const protocol of ['status', 'sync', 'snapshot'] as const) {
    liar.onRequest(protocol, async (_peer, bytes) => {
      const answer = await liar.request(honest, protocol, bytes, { timeoutMs: 10_000 })
      if (!answer.ok) return new Uint8Array(0)
      if (protocol !== 'snapshot') return answer.value
      const response = SnapshotResponse.decode(answer.value)
      change(response)
      return SnapshotResponse.encode(response)
    })
  }
  return liar
}
