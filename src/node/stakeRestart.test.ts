import { afterEach, describe, expect, it } from 'vitest'
import { createMemoryDisk } from '../adapters/storage/memoryStore.ts'
import { hex } from '../core/base/bytes.ts'
import { RestartResponse } from '../core/codec/restart.ts'
import { restartVoters } from '../core/ledger/checkpoints.ts'
import { readSingle } from '../core/ledger/state.ts'
import { chainInfo } from '../core/ledger/tables.ts'
import type { Transport } from '../ports/transport.ts'
import { CheckpointLease } from './duty/checkpointLease.ts'
import type { Node } from './node.ts'
import { snapshotDefaults } from './snapshotShelf.ts'
import { TestNodes, troublesOf, until } from './testNodes.fixture.ts'

const voters = 6
const waitMs = 300_000

let net: TestNodes
afterEach(() => Promise.all(net.running.map(({ node }) => node.stop())))

/** Six validators with a lease each; four of them have the seats, and there is no restart key. */
async function started(wrap?: (transport: Transport) => Transport): Promise<void> {
  // Leases last five epochs, and an attempt long enough for nodes that share a slow machine.
  const params = { checkpointEpochs: 5, restartAfterMs: 15_000 }
  net = new TestNodes(3_000, params, voters, { withDevnet: false })
  net.snapshots = { ...snapshotDefaults, everyEpochs: 2 }
  if (wrap !== undefined) net.wrap = wrap
  for (let index = 0; index < voters; index += 1) {
    net.disks[index] ??= createMemoryDisk()
    const { node } = await net.start(index)
    const lease = new CheckpointLease(node)
    node.events.on((event) => {
      if (event.type === 'final') void lease.look()
    })
  }
  const votersOf = ({ chain }: Node): number => restartVoters(chain.tip.state)?.voters.length ?? 0
  await until(() => net.running.every(({ node }) => votersOf(node) === voters), waitMs)
}

const left = (): readonly Node[] => [0, 1, 4, 5].map((index) => net.running[index]!.node)

const attemptOf = (node: Node): number => {
  const { restartEpoch, restartAttempt } = readSingle(node.chain.tip.state, chainInfo)
  return restartEpoch === 0 ? 0 : restartAttempt
}

async function hashesAt(height: number, nodes: readonly Node[]): Promise<number> {
  const blocks = await Promise.all(nodes.map(({ chain }) => chain.store.readBlock(height)))
  return new Set(blocks.map((block) => (block ? hex(block.hash) : 'none'))).size
}

/** SYNC-1, SYNC-2: who was never there follows the boundaries across the restart of `epoch`. */
async function newcomer(epoch: number): Promise<void> {
  net.snapshots = { ...snapshotDefaults, behindEpochs: 2 }
  net.disks[voters] = createMemoryDisk()
  const { node } = await net.start(voters)
  const goal = left()[0]!.chain.tip.height
  await until(() => node.chain.tip.height > goal, waitMs)
  expect(await node.chain.store.readBlock(1)).toBeUndefined()
  expect(await hashesAt(goal + 1, [node, left()[0]!])).toBe(1)
  // It can show others who restarted the epoch, as it was shown.
  expect(await node.chain.restartVoters.of(epoch)).toBeDefined()
}

describe('RECOVER-1 more than a third of the seats vanish', () => {
  it('the rest restarts by stake, the chain goes on, and the vanished follow', async () => {
    await started()
    await Promise.all([net.stop(2), net.stop(3)])
    await until(() => left().every((node) => attemptOf(node) > 0), waitMs)
    const epoch = readSingle(left()[0]!.chain.tip.state, chainInfo).restartEpoch
    await until(() => left().every(({ chain }) => chain.epoch > epoch + 1), waitMs)
    const seats = left()[0]!
      .running?.committee.seats.map(({ peerId }) => peerId)
      .toSorted()
    expect(seats).toEqual(['peer0', 'peer1', 'peer4', 'peer5'])
    await Promise.all([net.start(2), net.start(3)])
    const goal = left()[0]!.chain.tip.height
    const all = net.running.map(({ node }) => node)
    await until(() => all.every(({ chain }) => chain.tip.height > goal), waitMs)
    expect(await hashesAt(goal, all)).toBe(1)
    // A machine that stands still for an attempt restarts once more, at each node when it is there.
    await until(() => new Set(all.map(attemptOf)).size === 1, waitMs)
    await newcomer(epoch)
    expect(troublesOf(net.running)).toEqual([])
    expect(net.network.penalties).toEqual([])
  }, 1_800_000)

  it('an attempt whose votes get lost is followed by the next one, with another list', async () => {
    const attempts = new Set<number>()
    /** What is signed in the first attempt never reaches anybody. */
    await started((transport) => ({
      ...transport,
      request: async (peer, protocol, bytes, options) => {
        const answer = await transport.request(peer, protocol, bytes, options)
        if (protocol !== 'restart' || !answer.ok) return answer
        const { reports, list, votes } = RestartResponse.decode(answer.value)
        for (const { attempt } of reports) attempts.add(attempt)
        const heard = attempts.size > 1 ? votes : []
        return { ok: true, value: RestartResponse.encode({ reports, list, votes: heard }) }
      },
    }))
    await Promise.all([net.stop(2), net.stop(3)])
    await until(() => left().every((node) => attemptOf(node) > 0), waitMs)
    expect(attempts.size).toBeGreaterThan(1)
    expect(attemptOf(left()[0]!)).toBeGreaterThan(Math.min(...attempts))
    const goal = left()[0]!.chain.tip.height + 5
    await until(() => left().every(({ chain }) => chain.tip.height > goal), waitMs)
    expect(await hashesAt(goal, left())).toBe(1)
    expect(troublesOf(net.running)).toEqual([])
  }, 1_800_000)
})
