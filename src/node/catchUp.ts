/**
 * How this node catches up and lets others do so: blocks (SYNC-1), boundaries (SYNC-2) and
 * snapshots, which it offers as well.
 */
import type { HeldCheckpoint } from '../core/checkpoint/held.ts'
import { AnswerCode, SnapshotResponse } from '../core/codec/light.ts'
import type { Genesis } from '../core/codec/state.ts'
import type { BlsBackend } from '../core/crypto/bls.ts'
import type { Clock } from '../ports/clock.ts'
import type { StoredBlock } from '../ports/store.ts'
import type { Transport } from '../ports/transport.ts'
import type { Chain } from './chain.ts'
import { CheckpointWalk } from './checkpointWalk.ts'
import type { Executor } from './executor.ts'
import { LightChain } from './lightChain.ts'
import type { PeerSeats } from './peerSeats.ts'
import type { SerialQueue } from './serialQueue.ts'
import { SnapshotImport } from './snapshotImport.ts'
import { snapshotDefaults, SnapshotShelf, type SnapshotPolicy } from './snapshotShelf.ts'
import { SyncDriver } from './syncDriver.ts'
import { Syncer } from './sync.ts'

/** Before a snapshot is tried again. */
const retryMs = 5000

interface CatchUpOptions {
  readonly genesis: Genesis
  readonly transport: Transport
  readonly bls: BlsBackend
  readonly clock: Clock
  readonly snapshots?: SnapshotPolicy
  readonly checkpoint?: HeldCheckpoint
}

interface CatchUpParts {
  readonly chain: Chain
  readonly executor: Executor
  readonly peers: PeerSeats
  readonly queue: SerialQueue
  readonly onAdvanced: (applied: readonly StoredBlock[]) => Promise<void>
  /** The tip is at the boundary of a snapshot now. In the queue. */
  readonly onAdopted: () => Promise<void>
}

export function createCatchUp(options: CatchUpOptions, parts: CatchUpParts): SyncDriver {
  const { genesis, transport, bls, clock, snapshots: policy = snapshotDefaults } = options
  const { chain, executor, queue, onAdvanced } = parts
  offerSnapshots(chain, transport, policy)
  const { checkpoint: anchor } = options
  const nowMs = (): number => clock.nowMs()
  const walk = new CheckpointWalk({ genesis, chain, transport, bls, nowMs, anchor })
  const light = new LightChain({ genesis, chain, transport, bls, walk })
  let isStopped = (): boolean => false
  const importer = new SnapshotImport({
    chain,
    light,
    transport,
    bls,
    isStopped: () => isStopped(),
  })
  const driver = new SyncDriver({
    syncer: new Syncer({ chain, executor, transport, bls }),
    transport,
    clock,
    tip: () => chain.tip,
    onAdvanced,
    readBlocks: (fromHeight, count) => chain.store.readBlocks(fromHeight, count),
    queue,
    snapshot: snapshotTaker({ ...options, ...parts }, policy.behindEpochs, importer, () =>
      isStopped(),
    ),
    isImporting: () => importer.isImporting,
  })
  isStopped = () => driver.isStopped
  return driver
}

function offerSnapshots(chain: Chain, transport: Transport, policy: SnapshotPolicy): void {
  const shelf = new SnapshotShelf(chain, policy)
  chain.onBoundary = (epoch) => {
    shelf.note(epoch)
  }
  transport.onRequest('snapshot', async (peer, bytes) => {
    const answer = await shelf.answer(bytes)
    if (answer.code === AnswerCode.REQUEST_MALFORMED) transport.penalise(peer, 'DECODE_MALFORMED')
    return SnapshotResponse.encode(answer)
  })
}

function snapshotTaker(
  parts: CatchUpOptions & CatchUpParts,
  behindEpochs: number,
  importer: SnapshotImport,
  isStopped: () => boolean,
): (isForced: boolean) => Promise<boolean> {
  const { chain, clock, peers, queue, transport } = parts
  let notBeforeMs = 0
  let hasAsked = false
  /** What peers say of themselves: a reason to look, and no more than that. */
  const seemsFarBehind = async (): Promise<boolean> => {
    const connected = transport.peers().map(({ peer }) => peer)
    // A node with nothing asks at once; another one hears of it in time.
    if (!hasAsked && chain.tip.height === 0 && connected.length > 0) {
      hasAsked = true
      await peers.askAll()
    }
    const epochs = connected.map((peer) => peers.statusOf(peer)?.epoch ?? 0)
    return Math.max(0, ...epochs) - chain.epoch >= behindEpochs
  }
  return async (isForced) => {
    if (clock.nowMs() < notBeforeMs || !(isForced || (await seemsFarBehind()))) return false
    const connected = transport.peers().map(({ peer }) => peer)
    const fetched = await importer.fetch(connected, isForced ? 1 : behindEpochs)
    notBeforeMs = clock.nowMs() + retryMs
    const progress = fetched.ok ? fetched.value : undefined
    if (progress === undefined || isStopped()) return false
    const installed = await queue.run(async () => {
      const isInstalled = await importer.install(progress)
      if (isInstalled) await parts.onAdopted()
      return isInstalled
    })
    return installed ?? false
  }
}
