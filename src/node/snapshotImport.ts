/**
 * A node that is far behind takes a snapshot instead of executing every block (SYNC-1): boundary
 * headers first, so that it knows the root, then the state in chunks, each checked against that
 * root by itself (SYNC-3), then it goes on with the blocks since.
 */
import { equalBytes } from '../core/base/bytes.ts'
import { err, ok, type Result } from '../core/base/result.ts'
import { verifyShown, type ShownBoundary } from '../core/chain/lightClient.ts'
import { CertifiedBlock } from '../core/codec/chain.ts'
import {
  AnswerCode,
  SnapshotRequest,
  SnapshotResponse,
  type SnapshotOffer,
  type SnapshotProgress,
} from '../core/codec/light.ts'
import { decodeStrict } from '../core/codec/strict.ts'
import type { BlsBackend } from '../core/crypto/bls.ts'
import { smtVerifyRange } from '../core/crypto/smtRange.ts'
import { stateFromLeaves, type LedgerState } from '../core/ledger/state.ts'
import { transportLimits, type PeerId, type Transport } from '../ports/transport.ts'
import type { Chain } from './chain.ts'
import type { LightChain } from './lightChain.ts'
import { passedByBoundary, passedByState, type PassedBy } from './passedSnapshot.ts'
import { ask, blockFailure, notPeerFault, peerFault, type PeerFailure } from './peerFailure.ts'
import { SnapshotStore } from './snapshotStore.ts'
import { SyncPeers } from './syncPeers.ts'

/** Peers asked for offers at a time, in turn: no eight that were first keep the others out. */
const peersMax = 8

/** More than a node keeps. */
const offersMax = 4

/** With one leaf as large as leaves may be; `chunkBytesMax` else. */
const answerBytesMax = 1280 * 1024

/** A block with its body, its certificate and its path, as part of an offer. */
const blockBytesMax = 1024 * 1024 + transportLimits.responseBytesMax / 2

interface Target {
  readonly epoch: number
  readonly root: Uint8Array
}

interface Holder extends Target {
  readonly peer: PeerId
}

interface Installed {
  readonly isInstalled: boolean
  /** Why it was not: what is final here would have been given up (RECOVER-1). */
  readonly passed?: PassedBy | undefined
}

interface ImportParts {
  readonly chain: Chain
  readonly light: LightChain
  readonly transport: Transport
  readonly bls: BlsBackend
  readonly isStopped: () => boolean
  /** A restart passed this node by: no snapshot is taken. Called outside the queue of the tip. */
  readonly onPassed: (passed: PassedBy) => Promise<void>
}

export class SnapshotImport {
  readonly #parts: ImportParts
  readonly #stored: SnapshotStore
  /** Peers that sent what does not hold; not asked again by this process. */
  readonly #banned = new Set<PeerId>()
  readonly #turns = new SyncPeers()
  /** Gave the newest chunk. */
  #holder: PeerId | undefined
  /** Boundary of the epoch that ran here when peers were asked; undefined when none held it. */
  #next: { readonly epoch: number; readonly shown: ShownBoundary | undefined } | undefined
  #isImporting = false

  constructor(parts: ImportParts) {
    this.#parts = parts
    this.#stored = new SnapshotStore(parts.chain.store)
  }

  /** Whether chunks are being fetched, of a snapshot whose root was verified. */
  get isImporting(): boolean {
    return this.#isImporting
  }

  /**
   * A snapshot in the store, whole; undefined unless the newest boundary is at least
   * `behindEpochs` ahead. Moves no tip, so that nothing that does has to wait for peers.
   */
  async fetch(
    peers: readonly PeerId[],
    behindEpochs: number,
  ): Promise<Result<SnapshotProgress | undefined, PeerFailure>> {
    const known = peers.filter((peer) => !this.#banned.has(peer))
    const asked = this.#turns.next(known, this.#holder, peersMax)
    const holders = await this.#offers(asked, behindEpochs)
    for (const peer of asked) {
      this.#turns.answered(
        peer,
        holders.some((holder) => holder.peer === peer),
      )
    }
    const target = await this.#choose(holders)
    if (target === undefined) return ok(undefined)
    this.#isImporting = true
    const fetched = await this.#chunks(target, holders)
    this.#isImporting = false
    return fetched
  }

  async #chunks(
    target: Target,
    holders: readonly Holder[],
  ): Promise<Result<SnapshotProgress, PeerFailure>> {
    let progress = await this.#stored.begin(target.epoch, target.root)
    const from = holders.filter(({ root }) => equalBytes(root, target.root))
    const sources = from.map(({ peer }) => peer)
    for (let turn = 0; !progress.isEnd; turn += 1) {
      if (this.#parts.isStopped()) return notPeerFault('SNAPSHOT_STOPPED')
      const peer = sources[turn % Math.max(1, sources.length)]
      if (peer === undefined) return notPeerFault('SNAPSHOT_GONE')
      const next = await this.#chunk(peer, progress)
      if (next.ok) {
        progress = next.value
        this.#holder = peer
      } else {
        this.#drop(peer, next.error)
        this.#turns.answered(peer, false)
        sources.splice(sources.indexOf(peer), 1)
      }
    }
    return ok(progress)
  }

  /** Verified boundaries decide how far behind this node is, not what peers say of themselves. */
  async #offers(peers: readonly PeerId[], behindEpochs: number): Promise<Holder[]> {
    const { chain, light, isStopped } = this.#parts
    const holders: Holder[] = []
    for (const peer of peers) {
      if (isStopped()) return []
      const followed = await light.follow(peer, isStopped)
      if (!followed.ok) this.#drop(peer, followed.error)
      const tip = await light.tip()
      if (tip.epoch - chain.epoch < behindEpochs) continue
      const led = await this.#leadsOn(peer)
      if (led === 'passed') return []
      if (led === 'other') continue
      const offered = await this.#offersOf(peer)
      if (offered.ok) holders.push(...offered.value.map((target) => ({ ...target, peer })))
      else this.#drop(peer, offered.error)
    }
    return holders
  }

  /**
   * Whether that peer's chain goes on from what is final here. Boundaries that were taken from a
   * checkpoint do not tell.
   */
  async #leadsOn(peer: PeerId): Promise<'on' | 'other' | 'passed'> {
    const { chain, light, onPassed } = this.#parts
    if (chain.tip.height === 0) return 'on'
    const { epoch } = chain
    if (this.#next?.epoch !== epoch) this.#next = { epoch, shown: undefined }
    const shown = await light.ownNext(peer)
    if (!shown.ok) return shown.error.isPeerFault ? 'other' : 'on'
    if (chain.epoch !== epoch) return 'on'
    this.#next = { epoch, shown: shown.value }
    const passed = await passedByBoundary(chain, shown.value)
    if (passed === undefined) return 'on'
    await onPassed(passed)
    return 'passed'
  }

  async #offersOf(peer: PeerId): Promise<Result<readonly Target[], PeerFailure>> {
    const answer = await ask(this.#parts.transport, peer, {
      protocol: 'snapshot',
      bytes: SnapshotRequest.encode({}),
      codec: SnapshotResponse,
    })
    if (!answer.ok) return answer
    if (answer.value.offers.length > offersMax) return peerFault('SNAPSHOT_OFFER_INVALID')
    const targets: Target[] = []
    for (const offer of answer.value.offers) {
      const target = await this.#verify(peer, offer)
      if (!target.ok) return target
      if (target.value !== undefined) targets.push(target.value)
    }
    return ok(targets)
  }

  /** The root is that of the first block on the boundary; nothing for epochs that are not known. */
  async #verify(
    peer: PeerId,
    offer: SnapshotOffer,
  ): Promise<Result<Target | undefined, PeerFailure>> {
    const { light, bls } = this.#parts
    const trusted = await light.at(offer.epoch)
    if (trusted === undefined) return ok(undefined)
    const block = decodeStrict(CertifiedBlock, offer.block, blockBytesMax)
    if (!block.ok) return peerFault(block.error.code)
    const opening =
      offer.restart.length === 0
        ? undefined
        : decodeStrict(CertifiedBlock, offer.restart, blockBytesMax)
    if (opening?.ok === false) return peerFault(opening.error.code)
    const shown = { block: block.value, restart: opening?.value }
    let verified = verifyShown(trusted, shown, bls)
    if (!verified.ok && verified.error.code === 'LIGHT_RESTART_VOTERS') {
      const known = await light.withRestartVoters(peer, trusted)
      if (!known.ok) return known
      verified = verifyShown(known.value, shown, bls)
    }
    if (!verified.ok) return err(blockFailure(verified.error.code))
    const { parent, parentStateRoot } = verified.value.header
    if (!equalBytes(parent, trusted.hash)) return peerFault('SNAPSHOT_OFFER_INVALID')
    return ok({ epoch: offer.epoch, root: parentStateRoot })
  }

  /** What was begun, while somebody holds it; else the newest. */
  async #choose(holders: readonly Target[]): Promise<Target | undefined> {
    const begun = await this.#stored.progress()
    // Left by a process that ended between the last two steps.
    if (begun !== undefined && begun.epoch < this.#parts.chain.epoch) await this.#stored.clear()
    const ahead = holders.filter(({ epoch }) => epoch >= this.#parts.chain.epoch)
    const same = ahead.find(({ root }) => begun !== undefined && equalBytes(root, begun.root))
    return same ?? ahead.toSorted((left, right) => right.epoch - left.epoch)[0]
  }

  async #chunk(
    peer: PeerId,
    progress: SnapshotProgress,
  ): Promise<Result<SnapshotProgress, PeerFailure>> {
    const { root, after, chunks } = progress
    const answer = await ask(this.#parts.transport, peer, {
      protocol: 'snapshot',
      bytes: SnapshotRequest.encode({ root, after }),
      codec: SnapshotResponse,
      sizeBytesMax: answerBytesMax,
    })
    if (!answer.ok) return answer
    const { chunk, code } = answer.value
    if (code === AnswerCode.NOT_HELD) return notPeerFault('SNAPSHOT_GONE')
    const range = chunk && smtVerifyRange(root, chunks === 0 ? undefined : after, chunk)
    if (chunk === undefined || range === undefined) return peerFault('SNAPSHOT_CHUNK_INVALID')
    return ok(await this.#stored.add(progress, chunk.leaves, range))
  }

  /** In the queue. The tip may have passed the snapshot's boundary since. */
  async install(progress: SnapshotProgress): Promise<Installed> {
    const { chain, light } = this.#parts
    const boundary = await light.at(progress.epoch)
    const state = stateFromLeaves(await this.#stored.leaves(progress), progress.root)
    const isAhead = boundary !== undefined && boundary.height > chain.tip.height
    const passed = isAhead && state.ok ? await this.#passedBy(state.value) : undefined
    const isInstalled = isAhead && state.ok && passed === undefined
    // Every chunk was checked: a state that does not give the root was damaged in the store.
    if (isInstalled) await chain.adopt(boundary, state.value)
    await this.#stored.clear()
    return { isInstalled, passed }
  }

  /** Blocks that came meanwhile may have ended the epoch that peers were asked about. */
  async #passedBy(state: LedgerState): Promise<PassedBy | undefined> {
    const { chain } = this.#parts
    if (chain.tip.height === 0) return undefined
    const asked = this.#next?.epoch === chain.epoch ? this.#next.shown : undefined
    const shown = asked ?? (await chain.boundaries.at(chain.epoch))
    return shown ? passedByBoundary(chain, shown) : passedByState(chain, state)
  }

  /** What was fetched is not wanted any more. */
  async discard(): Promise<Installed> {
    await this.#stored.clear()
    return { isInstalled: false }
  }

  #drop(peer: PeerId, failure: PeerFailure): void {
    if (!failure.isPeerFault) return
    this.#banned.add(peer)
    this.#parts.transport.penalise(peer, failure.code)
  }
}
