import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createMemoryDisk } from '../adapters/storage/memoryStore.ts'
import { hex } from '../core/base/bytes.ts'
import { anchorCheckpoint, type HeldCheckpoint } from '../core/checkpoint/held.ts'
import { Committee, Header, SyncRequest } from '../core/codec/chain.ts'
import {
  Checkpoint,
  CheckpointRequest,
  CheckpointResponse,
  CheckpointVoters,
  type CheckpointContent,
} from '../core/codec/checkpoint.ts'
import { stateRoot } from '../core/ledger/state.ts'
import type { PeerId, Transport } from '../ports/transport.ts'
import type { Chain } from './chain.ts'
import { CheckpointLease } from './duty/checkpointLease.ts'
import { checkGivenAnchor } from './givenAnchor.ts'
import { ownAnchor } from './ownAnchor.ts'
import { TestNodes, troublesOf, until, type Running } from './testNodes.fixture.ts'

const newcomer = 4
const honest = 'peer0' as PeerId
const net = new TestNodes(3_000, { checkpointEpochs: 2 })
net.snapshots = { behindEpochs: 2, everyEpochs: 1, chunkBytes: 42 * 1024 }

/** Attached before the others, so asked first; passes on what an honest one says, changed. */
const liar = net.network.attach('liar')
let change: (answer: CheckpointResponse) => void = () => undefined

let anchor: HeldCheckpoint

beforeAll(async () => {
  for (const index of [0, 1, 2, 3]) {
    const { node } = await net.start(index)
    const lease = new CheckpointLease(node)
    node.events.on((event) => {
      if (event.type === 'final') void lease.look()
    })
  }
  await until(() => formedBy(net.running[0]!).length >= 3, 280_000)
  const [founding] = formedBy(net.running[0]!)
  anchor = anchorCheckpoint(net.genesis.chainId, founding!)
  for (const protocol of ['status', 'sync', 'snapshot'] as const) {
    liar.onRequest(protocol, async (_peer, bytes) => {
      const answer = await liar.request(honest, protocol, bytes, { timeoutMs: 1_000 })
      return answer.ok ? answer.value : new Uint8Array(0)
    })
  }
  liar.onRequest('checkpoint', async (_peer, bytes) => {
    const answer = await liar.request(honest, 'checkpoint', bytes, { timeoutMs: 1_000 })
    const response = CheckpointResponse.decode(answer.ok ? answer.value : new Uint8Array(0))
    change(response)
    return CheckpointResponse.encode(response)
  })
}, 300_000)

afterEach(async () => {
  await net.stop(newcomer)
  change = () => undefined
  net.network.penalties.length = 0
})

afterAll(() => Promise.all(net.running.map(({ node }) => node.stop())))

const formedBy = ({ events }: Running): readonly CheckpointContent[] =>
  events.flatMap((event) => (event.type === 'checkpoint' ? [event.content] : []))

interface Joined {
  readonly running: Running
  /** Lowest heights of boundaries asked for, and what was asked about checkpoints. */
  readonly fromHeights: number[]
  readonly checkpoints: CheckpointRequest[]
}

/** A newcomer that was given `checkpoint`. */
async function join(checkpoint: HeldCheckpoint, keepsDisk = false): Promise<Joined> {
  if (!keepsDisk) net.disks[newcomer] = createMemoryDisk()
  net.checkpoint = checkpoint
  const fromHeights: number[] = []
  const checkpoints: CheckpointRequest[] = []
  net.wrap = (transport): Transport => ({
    ...transport,
    request: (peer, protocol, bytes, limits) => {
      if (protocol === 'checkpoint') {
        const request = CheckpointRequest.decode(bytes)
        if (request.votesOn === 0) checkpoints.push(request)
      }
      const sync = protocol === 'sync' ? SyncRequest.decode(bytes) : undefined
      if (sync?.boundariesOnly === true) fromHeights.push(sync.fromHeight)
      // Blocks would do as well where the chain is this short.
      return sync?.boundariesOnly === false && sync.fromHeight === 1
        ? Promise.resolve({ ok: false, error: { code: 'PEER_UNREACHABLE', peer } })
        : transport.request(peer, protocol, bytes, limits)
    },
  })
  return { running: await net.start(newcomer), fromHeights, checkpoints }
}

const chainOf = (index: number): Chain => net.running[index]!.node.chain

async function reaches({ running }: Joined): Promise<Chain> {
  const goal = chainOf(0).tip.height
  const { chain } = running.node
  await until(() => chain.tip.height >= goal, 90_000)
  const { height, state } = chain.tip
  await until(() => chainOf(0).tip.height > height)
  const next = await chainOf(0).store.readBlock(height + 1)
  const header = Header.decode(next?.header ?? new Uint8Array(0))
  expect(hex(header.parentStateRoot)).toBe(hex(stateRoot(state)))
  return chain
}

describe('SYNC-1 a newcomer with a checkpoint', () => {
  it('fetches no boundary before the newest one, and shows others the way', async () => {
    const joined = await join(anchor)
    const newest = formedBy(net.running[0]!).at(-1)!
    const chain = await reaches(joined)
    expect(Math.min(...joined.fromHeights)).toBeGreaterThan(newest.height)
    for (let epoch = 0; epoch < newest.epoch; epoch += 1) {
      expect(await chain.boundaries.at(epoch)).toBeUndefined()
    }
    expect(joined.checkpoints[0]).toMatchObject({ above: anchor.content.number })
    expect(net.network.penalties).toEqual([])

    // Whoever has only this one to ask begins with it, from the same anchor.
    net.disks[5] = createMemoryDisk()
    const self = 'peer4' as PeerId
    net.network.isLinked = (from, to) =>
      ![from, to].includes('peer5' as PeerId) || [from, to].includes(self)
    const last = await net.start(5)
    await until(() => last.node.chain.tip.height > newest.height, 90_000)
    expect(await last.node.chain.boundaries.at(newest.epoch - 1)).toBeUndefined()
    await net.stop(5)
    net.network.isLinked = () => true
    expect(troublesOf(net.running)).toEqual([])
    expect(net.network.penalties).toEqual([])
  }, 120_000)

  it('goes on from what it followed, also when its owner gives nothing any more', async () => {
    await reaches(await join(anchor))
    const before = ownAnchor(net.genesis.chainId, chainOf(newcomer).tip.state)?.held
    await net.stop(newcomer)
    const count = formedBy(net.running[0]!).length
    await until(() => formedBy(net.running[0]!).length > count + 1, 90_000)
    const again = await join(anchor, true)
    await reaches(again)
    const asked = again.checkpoints.map(({ above, boundaryOf }) => Math.max(above, boundaryOf))
    expect(Math.min(...asked)).toBeGreaterThanOrEqual(before!.content.number)
  }, 120_000)
})

describe('SYNC-1 peers that show no true checkpoint', () => {
  const forgeries: readonly (readonly [string, string, (answer: CheckpointResponse) => void])[] = [
    [
      'another content under the old signatures',
      'AGGREGATE_SIGNATURE',
      (answer) => {
        const { checkpoint: bytes } = answer
        if (bytes.length === 0) return
        const checkpoint = Checkpoint.decode(bytes)
        checkpoint.content!.stateRoot = new Uint8Array(32).fill(1)
        answer.checkpoint = Checkpoint.encode(checkpoint)
      },
    ],
    [
      'too few voters',
      'CHECKPOINT_STAKE',
      (answer) => {
        if (answer.checkpoint.length === 0) return
        const checkpoint = Checkpoint.decode(answer.checkpoint)
        checkpoint.voters = Uint8Array.of(0b0011)
        answer.checkpoint = Checkpoint.encode(checkpoint)
      },
    ],
    [
      'another next committee',
      'LIGHT_COMMITTEE_MISMATCH',
      (answer) => {
        if (answer.committee.length === 0) return
        const committee = Committee.decode(answer.committee)
        committee.seats.reverse()
        answer.committee = Committee.encode(committee)
      },
    ],
  ]
  it.each(forgeries)(
    '%s: it pays, and another one is asked',
    async (_name, code, forge) => {
      change = forge
      const joined = await join(anchor)
      const newest = formedBy(net.running[0]!).at(-1)!
      await reaches(joined)
      expect(net.network.penalties).toEqual([`peer4 of liar: ${code}`])
      expect(Math.min(...joined.fromHeights)).toBeGreaterThan(newest.height)
    },
    120_000,
  )

  it('another set for the anchor itself: nobody pays, and the next one is asked', async () => {
    change = (answer) => {
      if (answer.named.length === 0) return
      const { voters } = CheckpointVoters.decode(answer.named)
      answer.named = CheckpointVoters.encode({ voters: voters.slice(1) })
    }
    await reaches(await join(anchor))
    expect(net.network.penalties).toEqual([])
  }, 120_000)
})

describe('CKPT-1 an anchor that cannot be begun with', () => {
  it('older than half of the unbonding time, unless the own chain has passed it', async () => {
    const { chain } = net.running[0]!.node
    const half = net.genesis.parameters!.unbondingMs / 2
    const refused = (ageMs: number, change: Partial<CheckpointContent>): string | undefined => {
      const content = { ...anchor.content, timeMs: 1_000, ...change }
      const checked = checkGivenAnchor({ ...anchor, content }, chain, 1_000 + ageMs)
      return checked.ok ? undefined : checked.error.code
    }
    const ahead = { epoch: chain.epoch + 1 }
    expect(refused(half, ahead)).toBeUndefined()
    expect(refused(half + 1, ahead)).toBe('CHECKPOINT_ANCHOR_OLD')
    expect(refused(half + 1, {})).toBeUndefined()
    // A node that was given it all the same does not begin with it.
    const old = { ...anchor.content, timeMs: Date.now() - half - 1 }
    const joined = await join({ ...anchor, content: old })
    await until(() => joined.fromHeights.length > 0, 90_000)
    expect(joined.checkpoints).toEqual([])
  }, 120_000)

  it('of another history: no boundary is followed in its place, and nobody pays', async () => {
    const wrong = new Uint8Array(32).fill(7)
    const other = { ...anchor.content, header: wrong, nextVotersRoot: wrong }
    const joined = await join(anchorCheckpoint(net.genesis.chainId, other))
    const boundaries = (): number =>
      joined.checkpoints.filter(({ boundaryOf }) => boundaryOf > 0).length
    await until(() => boundaries() >= net.running.length, 90_000)
    expect(joined.fromHeights).toEqual([])
    expect(chainOf(newcomer).tip.height).toBe(0)
    expect(net.network.penalties).toEqual([])
  }, 120_000)
})
