/**
 * A node: the core run through the ports (docs/spec/agreement.md). The same code is a validator in
 * a tab's worker, a rehearsal validator in a Node process and a follower.
 *
 * One way in: the transport hands over bytes, they are decoded strictly and fed to the engine of
 * the running epoch, to the mempool or to the syncer. One way out: the engine's effects.
 */
import { err, ok, type Result } from '../core/base/result.ts'
import { evidenceTransaction } from '../core/bft/evidenceTransaction.ts'
import type { HeldCheckpoint } from '../core/checkpoint/held.ts'
import type { Genesis } from '../core/codec/state.ts'
import { rememberHeld } from '../core/crypto/blsRemembered.ts'
import type { LedgerEnv } from '../core/ledger/env.ts'
import { timeOf } from '../core/types/ids.ts'
import type { Clock } from '../ports/clock.ts'
import type { Signer } from '../ports/signer.ts'
import type { Store, StoredBlock } from '../ports/store.ts'
import type { GossipMessage, PeerId, Transport, Verdict } from '../ports/transport.ts'
import { buildBlock } from './blockBuilder.ts'
import { BlockFeed } from './blockFeed.ts'
import { createCatchUp } from './catchUp.ts'
import { withCheckpoints } from './checkpointDesk.ts'
import type { GatheringPolicy } from './checkpoints/host.ts'
import { certifiedOf, Chain, type ChainOpenError } from './chain.ts'
import { createDesks, type DeskOptions } from './desks.ts'
import type { EngineHost, FinalEffect } from './engine.ts'
import { engineReports } from './engineReports.ts'
import { EpochRunner, type RunningEpoch } from './epochRunner.ts'
import { Executor } from './executor.ts'
import { HeldBack } from './heldBack.ts'
import { MayAct } from './mayAct.ts'
import { Mempool, type MempoolError } from './mempool.ts'
import { NodeEvents } from './nodeEvents.ts'
import { PeerGate } from './peerGate.ts'
import { PeerSeats } from './peerSeats.ts'
import type { ProofDesk } from './proofDesk.ts'
import { RecoverDesk } from './recoverDesk.ts'
import { RestartDesk } from './restartDesk.ts'
import type { RetentionPolicy } from './retention.ts'
import { Router } from './router.ts'
import { passedEpoch } from './startAnew.ts'
import { withStakeRestarts } from './stakeRestartDesk.ts'
import { SerialQueue } from './serialQueue.ts'
import type { SnapshotPolicy } from './snapshotShelf.ts'
import { inProcessSharing } from './sharing/inProcess.ts'
import { withSharing } from './sharing/sharingDuty.ts'
import { answerRequests } from './serve.ts'
import { stopOnFailure } from './stopOnFailure.ts'
import type { SyncDriver } from './syncDriver.ts'
import { transactionWays, type TransactionWays } from './transactionWays.ts'
import { encodeMessage, type Message } from './wire.ts'

export interface NodeOptions extends DeskOptions {
  readonly genesis: Genesis
  readonly clock: Clock
  readonly store: Store
  readonly transport: Transport
  /** Present when keys are unlocked: this node may hold seats. */
  readonly signer?: Signer
  readonly snapshots?: SnapshotPolicy
  /** Without one all is kept, and no snapshot replaces blocks that are stored (SYNC-4). */
  readonly retention?: RetentionPolicy
  /** Where to begin to follow checkpoints, from somebody who is trusted (SYNC-1). */
  readonly checkpoint?: HeldCheckpoint
  readonly gathering?: GatheringPolicy
  readonly beginsAnew?: boolean
}

export class Node {
  readonly chain: Chain
  readonly mempool: Mempool
  readonly proofs: ProofDesk
  readonly env: LedgerEnv
  readonly events = new NodeEvents()
  readonly mayAct: MayAct
  readonly gate: PeerGate
  readonly peers: PeerSeats
  onAggregate: (message: GossipMessage) => Verdict = () => 'ignore'
  readonly #options: NodeOptions
  readonly #executor: Executor
  readonly #runner: EpochRunner
  readonly #router: Router
  readonly #recover: RecoverDesk
  readonly #ways: TransactionWays
  readonly #restart: RestartDesk
  readonly #feed: BlockFeed
  readonly #heldBack = new HeldBack()
  readonly #sync: SyncDriver
  /** Everything that moves the final tip, one after the other. */
  readonly #tipQueue: SerialQueue
  #stopped = false

  private constructor(given: NodeOptions, chain: Chain) {
    this.gate = new PeerGate({ ...given, chain, events: this.events })
    const options = { ...given, transport: this.gate.transport }
    const { clock, store, transport, bls, signer } = options
    this.#options = options
    this.mayAct = new MayAct(signer)
    this.chain = chain
    const notice = (text: string): void => this.events.emit({ type: 'notice', text })
    const desks = createDesks(options, notice)
    this.env = desks.env
    this.proofs = desks.proofs
    this.mempool = new Mempool(desks)
    this.peers = new PeerSeats(this.gate, clock)
    const onWrongPart = (bytes: Uint8Array): void => this.#ways.transactions.accuse(bytes)
    this.#executor = new Executor({ ...desks, chain, onWrongPart })
    this.#feed = new BlockFeed(clock, transport)
    this.#tipQueue = new SerialQueue((error) => {
      this.events.emit({ type: 'failure', error })
    })
    this.#restart = new RestartDesk({
      chain,
      verifier: this.env.verifier,
      clock,
      nowMs: () => this.nowMs(),
      queue: this.#tipQueue,
      onChanged: (change) => this.#startEpoch(change),
      onReleased: () => this.#finalise([]),
    })
    this.#runner = new EpochRunner({
      chain,
      store,
      bls,
      mayAct: this.mayAct,
      restart: this.#restart,
      nowMs: () => this.nowMs(),
      host: (epoch) => this.#engineHost(epoch),
    })
    this.#sync = createCatchUp(options, {
      chain,
      executor: this.#executor,
      peers: this.peers,
      queue: this.#tipQueue,
      onAdvanced: (applied) => this.#afterSync(applied),
      onAdopted: async () => {
        await this.#restart.settle()
        await this.#startEpoch({ restarted: false })
      },
      onPassed: ({ epoch, baseHeight }) => this.#onPassed(epoch, baseHeight),
      onHistoryPruned: (height): void => this.events.emit({ type: 'historyPruned', height }),
    })
    const around = { transport, clock, restart: this.#restart, router: () => this.#router }
    this.#ways = transactionWays(this, around)
    this.#recover = new RecoverDesk({ transport, clock, running: () => this.#runner.running })
    this.#router = new Router({
      transport,
      chain,
      nowMs: () => this.nowMs(),
      running: () => this.#runner.running,
      onBlock: (block, from) => this.#sync.offer(block, from),
      onAhead: (from) => this.#sync.request(from),
      onBehind: (from, epoch) => void this.#handOver(from, epoch),
      onRestart: (bytes) => void this.#restart.offer(bytes),
      onBatch: (from, message) => {
        this.#ways.batches.receive(from, message)
      },
      onCompact: (origin, compact) => this.#ways.batches.receiveCompact(origin, compact),
    })
  }

  static async open(options: NodeOptions): Promise<Result<Node, ChainOpenError>> {
    const chain = await Chain.open(options)
    if (!chain.ok) return err(chain.error)
    const bls = rememberHeld(options.bls)
    const sharing = options.sharing ?? inProcessSharing()
    const node = stopOnFailure(new Node({ ...options, bls, sharing }, chain.value))
    withStakeRestarts(node, node.#restart, { bls, clock: options.clock })
    return ok(withSharing(withCheckpoints(node, { ...options, bls }), sharing))
  }

  get running(): RunningEpoch | undefined {
    return this.#runner.running
  }

  get transport(): Transport {
    return this.#options.transport
  }

  get isSyncing(): boolean {
    return this.#sync.isBusy
  }

  get syncTarget(): number {
    return this.#sync.target
  }

  /** TIME-1: own time corrected by the median offset of the seats. */
  nowMs(): number {
    return Math.max(0, this.#options.clock.nowMs() + this.peers.clockOffsetMs)
  }

  /** Keys were unlocked or locked: the running epoch starts again with what they allow. */
  async setSigner(signer: Signer | undefined): Promise<void> {
    await this.#inTipQueue(() => {
      this.mayAct.setSigner(signer)
      return this.#startEpoch({ restarted: true })
    })
  }

  /** One at a time: two starts of an epoch would be two engines with one key (BFT-10). */
  #inTipQueue(work: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#tipQueue.push(() => work().then(resolve, reject))
    })
  }

  async start(): Promise<void> {
    const { transport } = this.#options
    transport.onDirect((peer, bytes) => {
      this.#router.receive(peer, bytes)
    })
    transport.onGossip((message) => this.#onGossip(message))
    transport.onPeersChanged(() => {
      this.#keepSeats()
      this.events.emit({ type: 'peers' })
    })
    answerRequests({
      gate: this.gate,
      chain: this.chain,
      running: () => this.#runner.running,
      nowMs: () => Math.max(0, this.#options.clock.nowMs()),
      identity: () => this.mayAct.identity,
      batches: (digests) => this.#ways.batches.answer(digests),
    })
    await this.#restart.open()
    const passed = await passedEpoch(this.chain.store)
    if (passed !== undefined) await this.#onPassed(passed, undefined)
    await this.#inTipQueue(() => this.#startEpoch({ restarted: true }))
    this.#sync.start()
    this.peers.start(this.chain.chainId, this.chain.genesisHash)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#runner.stop()
    this.#sync.stop()
    this.#restart.stop()
    this.peers.stop()
    this.#ways.batches.stop()
    await this.#runner.running?.engine.idle()
    await this.#tipQueue.idle()
    await this.#options.transport.stop()
    await this.#options.store.close()
  }

  /** A transaction of this node's owner: checked, kept and sent. */
  submit(bytes: Uint8Array): Promise<Result<undefined, MempoolError>> {
    return this.#ways.transactions.submit(bytes)
  }

  /** RECOVER-1: what is final here is final nowhere else; only the owner gives it up. */
  async #onPassed(epoch: number, baseHeight: number | undefined): Promise<void> {
    this.mayAct.stop('RESTART_PASSED')
    this.#runner.stop()
    this.events.emit({ type: 'passed', epoch, baseHeight })
    await this.#inTipQueue(() => this.#startEpoch({ restarted: true }))
  }

  async #startEpoch(options: { readonly restarted: boolean }): Promise<void> {
    if (this.#stopped) return
    // An epoch is started once: a second engine would know nothing of what the first one signed.
    if (!options.restarted && this.#isRunning()) return
    const running = await this.#runner.start(options)
    if (running === undefined) return
    this.peers.setCommittee(running.committee)
    this.#ways.batches.begin(running)
    this.#keepSeats()
    this.#recover.poll()
    this.#router.replay()
    this.events.emit({ type: 'epoch', running })
  }

  /** The committee of the tip, or of the Restart that was taken on it (RECOVER-1). */
  #isRunning(): boolean {
    const running = this.#runner.running
    if (running?.epoch !== this.chain.epoch) return false
    return running.committee.attempt === this.#restart.attempt
  }

  #keepSeats(): void {
    this.#options.transport.keep(this.peers.wanted(this.chain.tip.state))
  }

  #engineHost(
    epoch: Parameters<ConstructorParameters<typeof EpochRunner>[0]['host']>[0],
  ): EngineHost {
    const { clock, store } = this.#options
    return {
      ...engineReports(this.events, this.peers),
      clock,
      nowMs: () => this.nowMs(),
      store,
      slot: epoch.slot,
      broadcast: (message) => {
        this.#broadcast(message)
      },
      fetch: (hashes, seats) => void this.#fetch(hashes, seats),
      execute: (block) => this.#executor.execute(block),
      build: (request) => {
        const running = this.#runner.running
        if (this.mayAct.signer === undefined || running === undefined) return undefined
        const { chain, env } = this
        const { committeeRoot } = running.engine.env
        const candidates = this.#ways.batches.choose(this.mempool.candidates())
        const context = { chain, env, candidates, chainId: chain.chainId, committeeRoot }
        const { epoch: own, restart } = running
        return buildBlock({ ...context, epoch: own, restart }, request, this.nowMs())
      },
      onFinal: (effect) => {
        this.#tipQueue.push(() => this.#finalise([effect]))
      },
      presses: ({ parent }) => {
        const state = this.chain.stateAfter(parent)
        return state !== undefined && this.mempool.hasEvidenceFor(state, this.nowMs())
      },
      onEvidence: (contradiction) => {
        this.events.emit({ type: 'evidence', contradiction })
        void this.submit(evidenceTransaction(this.chain.chainId, contradiction))
      },
      onAlarm: (alarm) => {
        this.events.emit(alarm)
      },
      onRefused: (message) => {
        this.#router.refused(message)
      },
      onState: (state) => {
        // Also after a gap in own time, in the middle of an epoch (BFT-10).
        if (state.mode.type === 'recovering') this.#recover.poll()
        this.events.emit({ type: 'state' })
      },
    }
  }

  /** Direct to every seat; by gossip too when one of them has no direct stream (NET-2). */
  #broadcast(message: Message): void {
    const { transport } = this.#options
    const bytes = encodeMessage(this.#ways.batches.outgoing(message))
    const sent = this.peers.seatPeers().map((peer) => transport.send(peer, bytes))
    if (sent.includes(false)) transport.publish('consensus', bytes)
  }

  async #fetch(hashes: readonly Uint8Array[], seats: readonly number[]): Promise<void> {
    for (const seat of seats) {
      const peer = this.peers.peerOf(seat)
      if (peer === undefined) continue
      if (await this.#router.fetch(this.#options.transport, peer, hashes)) return
    }
    this.#sync.request(undefined)
  }

  async #finalise(effects: readonly FinalEffect[]): Promise<void> {
    for (const { nodes, blocks } of await this.#heldBack.take(this.chain, effects)) {
      this.#reportFinal(blocks, blocks)
      await this.#options.store.prunePending(nodes.map((node) => node.hash))
      const proposers = nodes.map(({ header }) => header.seat)
      this.#feed.offerAll(blocks, proposers, this.#runner.running)
    }
    await this.#restart.settle()
    await this.#startEpoch({ restarted: false })
  }

  #reportFinal(blocks: readonly StoredBlock[], news: readonly StoredBlock[]): void {
    this.mempool.settle(this.chain.tip.state)
    this.events.emitFinal(blocks, news, this.nowMs())
  }

  #onGossip(message: GossipMessage): Promise<Verdict> | Verdict {
    const { topic, bytes } = message
    if (topic === 'checkpoint') return this.onAggregate(message)
    if (topic === 'consensus' || topic === 'blocks') return this.#router.gossip(message)
    return this.#ways.transactions.verdict(bytes)
  }

  /** A peer speaks of an epoch that is over: show it the boundary that ended it (EPOCH-2). */
  async #handOver(peer: PeerId, epoch: number): Promise<void> {
    const block = await this.chain.boundaryBlock(epoch)
    if (block === undefined) return
    this.#options.transport.send(peer, encodeMessage({ type: 'block', block: certifiedOf(block) }))
  }

  async #afterSync(applied: readonly StoredBlock[]): Promise<void> {
    const last = applied.at(-1)
    if (last === undefined) return
    // Who takes several at once is behind: they were final before somebody sent them.
    this.#reportFinal(applied, applied.length === 1 ? applied : [])
    this.#feed.saw(last.height)
    const running = this.#runner.running
    await this.#restart.settle()
    if (running === undefined || !this.#isRunning()) await this.#startEpoch({ restarted: false })
    else if (last.path.length === 0) {
      const { header, body, certificate } = certifiedOf(last)
      if (certificate === undefined) return
      const nowMs = timeOf(this.nowMs())
      running.engine.feed({ type: 'synced', nowMs, header, body, certificate })
    }
  }
}
