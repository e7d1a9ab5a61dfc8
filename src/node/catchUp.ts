/**
 * How this node catches up and lets others do so: blocks (SYNC-1), boundaries (SYNC-2) and
 * snapshots, which it offers as well; and what it keeps of them (SYNC-4).
 */
import type { HeldCheckpoint } from '../core/checkpoint/held.ts'
import { AnswerCode, SnapshotResponse } from '../core/codec/light.ts'
import type { Genesis } from '../core/codec/state.ts'
import type { BlsBackend } from '../core/crypto/bls.ts'
import type { Clock } from '../ports/clock.ts'
import type { Store, StoredBlock } from '../ports/store.ts'
import type { Transport } from '../ports/transport.ts'
import type { Chain } from './chain.ts'
import { CheckpointWalk } from './checkpointWalk.ts'
import { ExecutesFirst } from './executesFirst.ts'
import type { Executor } from './executor.ts'
import { LightChain } from './lightChain.ts'
import type { PassedBy } from './passedSnapshot.ts'
import { watchPassed } from './passedWatch.ts'
import type { PeerSeats } from './peerSeats.ts'
import { Retention, type RetentionPolicy } from './retention.ts'
import type { SerialQueue } from './serialQueue.ts'
import { SnapshotImport } from './snapshotImport.ts'
import { snapshotDefaults, SnapshotShelf, type SnapshotPolicy } from './snapshotShelf.ts'
import { notePassed, passedEpoch } from './startAnew.ts'
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
  readonly retention?: RetentionPolicy
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
  /** A restart passed this node by: said once. */
  readonly onPassed: (passed: PassedBy) => Promise<void>
  /** This node keeps all, and nobody has the block of this height (SYNC-4): said once. */
  readonly onHistoryPruned: (height: number) => void
}

export function createCatchUp(options: CatchUpOptions, parts: CatchUpParts): SyncDriver {
  const { genesis, transport, bls, clock, snapshots: policy = snapshotDefaults } = options
  const { chain, executor, queue, onAdvanced } = parts
  offerSnapshots(chain, transport, policy)
  if (options.retention !== undefined) {
    const retention = new Retention(chain, options.retention, policy)
    chain.onFinal = () => retention.step()
  }
  const { checkpoint: anchor } = options
  const nowMs = (): number => clock.nowMs()
  const walk = new CheckpointWalk({ genesis, chain, transport, bls, nowMs, anchor })
  const light = new LightChain({ genesis, chain, transport, bls, walk })
  let isStopped = (): boolean => false
  const passing = new Passing(chain.store, parts.onPassed)
  const importer = new SnapshotImport({
    chain,
    light,
    transport,
    bls,
    isStopped: () => isStopped(),
    onPassed: (passed) => passing.tell(passed),
  })
  const looking = { chain, transport, bls, clock, verifier: executor.env.verifier }
  const driver = new SyncDriver({
    syncer: new Syncer({ chain, executor, transport, bls }),
    transport,
    clock,
    tip: () => chain.tip,
    onAdvanced,
    readBlocks: (fromHeight, count) => chain.store.readBlocks(fromHeight, count),
    queue,
    snapshot: snapshotUnlessKept(options, parts, passing, importer, () => isStopped()),
    isImporting: () => importer.isImporting,
    isPassed: watchPassed(looking, (passed) => passing.tell(passed)),
  })
  isStopped = () => driver.isStopped
  return driver
}

/** Once it is known, what peers have is no fault of theirs any more, and nothing is taken over. */
class Passing {
  readonly #store: Store
  readonly #onPassed: (passed: PassedBy) => Promise<void>
  #isKnown = false
  #isTold = false

  constructor(store: Store, onPassed: (passed: PassedBy) => Promise<void>) {
    this.#store = store
    this.#onPassed = onPassed
  }

  async isKnown(): Promise<boolean> {
    this.#isKnown ||= (await passedEpoch(this.#store)) !== undefined
    return this.#isKnown
  }

  /** Once. Not in the queue of the tip, which the running epoch is ended in. */
  async tell(passed: PassedBy): Promise<void> {
    if (this.#isTold) return
    this.#isTold = true
    this.#isKnown = true
    await notePassed(this.#store, passed.epoch)
    await this.#onPassed(passed)
  }
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

/** SYNC-4: who keeps all may begin with a snapshot, and never lets one take the place of blocks. */
function snapshotUnlessKept(
  options: CatchUpOptions,
  parts: CatchUpParts,
  passing: Passing,
  importer: SnapshotImport,
  isStopped: () => boolean,
): (isForced: boolean) => Promise<boolean> {
  const { snapshots: policy = snapshotDefaults, retention } = options
  const { chain } = parts
  const mayReplace = async (): Promise<boolean> =>
    retention !== undefined || (await chain.store.readBlocks(0, 1)).length === 0
  const all = { ...options, ...parts, behindEpochs: policy.behindEpochs, mayReplace }
  const take = snapshotTaker(all, passing, importer, isStopped)
  let saidHeight = 0
  return async (isForced) => {
    if (await mayReplace()) return take(isForced)
    const needed = chain.tip.height + 1
    if (isForced && needed !== saidHeight) {
      saidHeight = needed
      parts.onHistoryPruned(needed)
    }
    return false
  }
}

function snapshotTaker(
  parts: CatchUpOptions &
    CatchUpParts & {
      readonly behindEpochs: number
      readonly mayReplace: () => Promise<boolean>
    },
  passing: Passing,
  importer: SnapshotImport,
  isStopped: () => boolean,
): (isForced: boolean) => Promise<boolean> {
  const { chain, clock, peers, queue, transport } = parts
  const patience = new ExecutesFirst(parts)
  let notBeforeMs = 0
  let hasAsked = false
  /** What peers say of themselves: a reason to look, and no more than that. */
  const seemsBehind = async (): Promise<number> => {
    const connected = transport.peers().map(({ peer }) => peer)
    // A node with nothing asks at once; another one hears of it in time.
    if (!hasAsked && chain.tip.height === 0 && connected.length > 0) {
      hasAsked = true
      await peers.askAll()
    }
    const epochs = connected.map((peer) => peers.statusOf(peer)?.epoch ?? 0)
    return Math.max(0, ...epochs) - chain.epoch
  }
  return async (isForced) => {
    const waitMs = notBeforeMs - clock.nowMs()
    // More than the retry: the clock was set back.
    const isEarly = waitMs > 0 && waitMs <= retryMs
    if (isEarly || (await passing.isKnown())) return false
    const seems = await seemsBehind()
    const behindEpochs = await patience.behindEpochs(seems)
    if (!isForced && seems < behindEpochs) return false
    const connected = transport.peers().map(({ peer }) => peer)
    const { height } = chain.tip
    const fetched = await importer.fetch(connected, isForced ? 1 : behindEpochs)
    notBeforeMs = clock.nowMs() + retryMs
    const progress = fetched.ok ? fetched.value : undefined
    if (progress === undefined || isStopped()) return false
    const installed = await queue.run(async () => {
      // Blocks may have come while it was fetched: then somebody gives them after all.
      const isGiven = isForced && chain.tip.height > height
      if (isGiven || !(await parts.mayReplace())) return importer.discard()
      const outcome = await importer.install(progress)
      if (outcome.isInstalled) await parts.onAdopted()
      return outcome
    })
    if (installed?.passed !== undefined) await passing.tell(installed.passed)
    return installed?.isInstalled ?? false
  }
}
