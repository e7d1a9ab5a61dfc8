/**
 * The chain as this node holds it: the final tip with its state, what was executed above it, and
 * the store behind both. Restarts from the store (SYNC-3); a state that does not give the stored
 * root is refused.
 */
import { equalBytes, hex } from '../core/base/bytes.ts'
import { err, ok, type Result } from '../core/base/result.ts'
import type { BlockNode } from '../core/bft/types.ts'
import { readHeader } from '../core/chain/certified.ts'
import type { LightTip } from '../core/chain/lightClient.ts'
import { Certificate, Header, type CertifiedBlock } from '../core/codec/chain.ts'
import type { Genesis, Receipt } from '../core/codec/state.ts'
import { genesisHash } from '../core/ledger/genesis/genesisAnchor.ts'
import { genesisState } from '../core/ledger/genesis/genesisState.ts'
import {
  changesBetween,
  read,
  readSingle,
  stateFromLeaves,
  stateLeaves,
  stateRoot,
  type LedgerState,
} from '../core/ledger/state.ts'
import { chainInfo, committees, epochRecord, tip as tipTable } from '../core/ledger/tables.ts'
import { lastAttempt } from '../core/ledger/transactions/restart.ts'
import type { HashHex } from '../core/types/ids.ts'
import type { Store, StoredBlock } from '../ports/store.ts'
import { BoundaryIndex } from './boundaryIndex.ts'
import { decodeHeight, encodeHeight } from './heightBytes.ts'
import { RecentReceipts } from './recentReceipts.ts'
import { isStartAnewDecided, keepKeys, startAnew } from './startAnew.ts'
import { RestartVotersShelf } from './restartVotersShelf.ts'

export interface Tip {
  readonly height: number
  readonly hash: Uint8Array
  readonly key: HashHex
  readonly timeMs: number
  readonly state: LedgerState
}

/** A block above the tip whose execution succeeded. */
export interface Executed {
  readonly key: HashHex
  readonly hash: Uint8Array
  readonly header: Header
  readonly state: LedgerState
  readonly isBoundary: boolean
  /** Above the boundary: no payload, the boundary's state (EPOCH-2). */
  readonly isTail: boolean
  readonly receipts: readonly Receipt[]
}

/** The base of an epoch's agreement: its hand-over (EPOCH-2). */
export interface EpochRoot {
  readonly hash: Uint8Array
  readonly height: number
  readonly timeMs: number
  readonly certificate: Certificate | undefined
  readonly path: readonly Uint8Array[]
}

/** Hash of the genesis that the stored chain began with: known when its state cannot be read. */
const genesisName = 'chain/genesis'

export type ChainOpenError =
  /** The stored chain has another genesis: move or erase that data, or start with its genesis. */
  | { readonly code: 'CHAIN_OTHER_GENESIS' }
  /** The stored state does not give the stored root: begin anew, keys and records stay. */
  | { readonly code: 'CHAIN_STATE_CORRUPT' }

export class Chain {
  readonly genesisHash: Uint8Array
  readonly chainId: string
  readonly store: Store
  readonly boundaries: BoundaryIndex
  readonly restartVoters: RestartVotersShelf
  readonly receipts = new RecentReceipts()
  /** Called after final blocks, when the tip is there. */
  onFinal: () => Promise<void> = () => Promise.resolve()
  /** Called at each boundary, when the tip is there. */
  onBoundary: (epoch: number) => void = () => undefined
  /** Blocks of this epoch and attempt are not made final now (RECOVER-1). */
  holdsBack: (epoch: number, attempt: number) => boolean = () => false
  /** Whether what this device signed for a restart lets it vote on a checkpoint (RECOVER-1). */
  mayVoteOn: (content: { readonly epoch: number }) => boolean = () => true
  readonly #executed = new Map<HashHex, Executed>()
  readonly #genesisTimeMs: number
  #tip: Tip
  #provable: LedgerState | undefined

  private constructor(store: Store, genesis: Genesis, tip: Tip) {
    this.#genesisTimeMs = genesisTip(genesis).timeMs
    this.store = store
    this.boundaries = new BoundaryIndex(store)
    this.restartVoters = new RestartVotersShelf(store)
    this.genesisHash = genesisHash(genesis)
    this.chainId = genesis.chainId
    this.#tip = tip
  }

  static async open(options: {
    readonly genesis: Genesis
    readonly store: Store
    /** A corrupt state is replaced by the genesis, and fetched again; votes and keys stay. */
    readonly beginsAnew?: boolean | undefined
  }): Promise<Result<Chain, ChainOpenError>> {
    const { genesis, store, beginsAnew = false } = options
    const own = genesisHash(genesis)
    let stored = await store.readTip()
    if (stored === undefined) return ok(await Chain.#begin(genesis, store))
    // Before anything is written: what is dropped must be of this genesis.
    const known = await store.getValue(genesisName)
    if (known !== undefined && !equalBytes(known, own)) return err({ code: 'CHAIN_OTHER_GENESIS' })
    let loaded = stateFromLeaves(await store.readState(), stored.stateRoot)
    if (loaded.ok && !equalBytes(readSingle(loaded.value, chainInfo).genesisHash, own)) {
      return err({ code: 'CHAIN_OTHER_GENESIS' })
    }
    if (known === undefined && loaded.ok) await store.putValue(genesisName, own)
    if (await isStartAnewDecided(store)) {
      await startAnew(store, genesis)
      stored = (await store.readTip()) ?? stored
      loaded = stateFromLeaves(await store.readState(), stored.stateRoot)
    }
    if (!loaded.ok) {
      if (!beginsAnew) return err({ code: 'CHAIN_STATE_CORRUPT' })
      await keepKeys(store)
      return ok(await Chain.#begin(genesis, store))
    }
    const { height, hash: blockHash } = stored
    const { timeMs } = readSingle(loaded.value, tipTable)
    const key = hex(blockHash) as HashHex
    return ok(
      new Chain(store, genesis, { height, hash: blockHash, key, timeMs, state: loaded.value }),
    )
  }

  static async #begin(genesis: Genesis, store: Store): Promise<Chain> {
    const tip = genesisTip(genesis)
    const { height, hash: genesisBlock, state } = tip
    const storedTip = { height, hash: genesisBlock, stateRoot: stateRoot(state) }
    await store.putValue(genesisName, genesisBlock)
    // Blocks bring only what changed: the store needs the state that they change.
    await store.writeSnapshot(storedTip, stateLeaves(state))
    return new Chain(store, genesis, tip)
  }

  get tip(): Tip {
    return this.#tip
  }

  /** State before the tip, whose root the tip's header has; unknown before the first block. */
  get provable(): LedgerState | undefined {
    return this.#provable
  }

  /** State after a block: the tip, or one executed above it. */
  stateAfter(key: HashHex): LedgerState | undefined {
    return key === this.#tip.key ? this.#tip.state : this.#executed.get(key)?.state
  }

  executedOf(key: HashHex): Executed | undefined {
    return this.#executed.get(key)
  }

  noteExecuted(executed: Executed): void {
    this.#executed.set(executed.key, executed)
  }

  get epoch(): number {
    return readSingle(this.#tip.state, epochRecord).epoch
  }

  /** The final block that ended an epoch, while it is stored. */
  async boundaryBlock(epoch: number): Promise<StoredBlock | undefined> {
    const height = await this.boundaries.heightOf(epoch)
    return height === undefined ? undefined : this.store.readBlock(height)
  }

  /** Stores what became final and moves the tip; every node was executed before (BFT-7). */
  async finalise(options: {
    readonly nodes: readonly Pick<
      BlockNode,
      'key' | 'hash' | 'header' | 'headerBytes' | 'proposal'
    >[]
    readonly path: readonly Uint8Array[]
    readonly certificate: Certificate
  }): Promise<readonly StoredBlock[]> {
    const { nodes, path } = options
    const certificate = Certificate.encode(options.certificate)
    const blocks: StoredBlock[] = nodes.map((node, index) => ({
      height: node.header.height,
      epoch: node.header.epoch,
      hash: node.hash,
      header: node.headerBytes,
      body: node.proposal.body,
      certificate,
      path: [...nodes.slice(index + 1).map((above) => above.headerBytes), ...path],
    }))
    const last = nodes.at(-1)
    const executed = last && this.#executed.get(last.key)
    if (executed === undefined || this.holdsBack(...attemptOf(executed))) return []
    await this.#noteRestart(executed)
    if (executed.isBoundary) await this.#noteBoundary(executed, blocks)
    await this.store.writeFinal({
      blocks,
      changes: changesBetween(this.#tip.state, executed.state),
      stateRoot: stateRoot(executed.state),
    })
    for (const { key, header } of nodes) {
      this.receipts.note(header.height, this.#executed.get(key)?.receipts ?? [])
    }
    this.#moveTo(executed)
    if (executed.isBoundary) this.onBoundary(executed.header.epoch)
    await this.onFinal()
    return blocks
  }

  #moveTo(executed: Executed): void {
    const { header, key, state } = executed
    const { height, timeMs } = header
    this.#provable = this.stateAfter(hex(header.parent) as HashHex)
    this.#tip = { height, hash: executed.hash, key, timeMs, state }
    for (const [known, block] of this.#executed) {
      if (block.header.height <= height) this.#executed.delete(known)
    }
  }

  /** The state after a boundary that was followed, from a snapshot (SYNC-1). */
  async adopt(boundary: LightTip, state: LedgerState): Promise<void> {
    const { height, hash, timeMs } = boundary
    const leaves = stateLeaves(state).map(({ key, value }) => ({ key, value }))
    await this.store.writeSnapshot({ height, hash, stateRoot: stateRoot(state) }, leaves)
    this.#executed.clear()
    this.#provable = undefined
    this.#tip = { height, hash, key: hex(hash) as HashHex, timeMs, state }
    this.onBoundary(boundary.epoch - 1)
  }

  /** RECOVER-1: before the block, so that no stored state lacks the root of its agreement. */
  async #noteRestart(executed: Executed): Promise<void> {
    const before = readSingle(this.#tip.state, chainInfo)
    const after = readSingle(executed.state, chainInfo)
    const isSame =
      before.restartEpoch === after.restartEpoch && before.restartAttempt === after.restartAttempt
    if (isSame) return
    const name = `restart/${String(after.restartEpoch)}`
    await this.store.putValue(name, encodeHeight(this.#tip.height))
    await this.restartVoters.noteRestart(executed.state, after.restartEpoch)
  }

  /** Before the block, so that no stored state lacks the hand-over it came from. */
  async #noteBoundary(executed: Executed, blocks: readonly StoredBlock[]): Promise<void> {
    const { epoch } = executed.header
    const block = blocks.at(-1)
    const next = read(executed.state, committees, epoch + 1)
    if (block === undefined || next === undefined) return
    const before = this.stateAfter(hex(executed.header.parent) as HashHex)
    if (before !== undefined) await this.restartVoters.noteBoundary(before, epoch)
    const base = await this.store.getValue(`restart/${String(epoch)}`)
    const height = base && decodeHeight(base) + 1
    const opening =
      height === undefined
        ? undefined
        : (blocks.find((one) => one.height === height) ?? (await this.store.readBlock(height)))
    await this.boundaries.put({
      block: { ...certifiedOf(block), body: new Uint8Array(0) },
      next,
      restart: opening && certifiedOf(opening),
    })
  }

  /** Where the running epoch's agreement starts: its hand-over, or the base of its restart. */
  async epochRoot(): Promise<EpochRoot | undefined> {
    if (lastAttempt(this.#tip.state) > 0) {
      const base = await this.store.getValue(`restart/${String(this.epoch)}`)
      return base && this.rootAt(decodeHeight(base))
    }
    if (this.epoch === 0) return this.#genesisRoot()
    return rootOf(await this.boundaryBlock(this.epoch - 1)) ?? this.#handOverRoot()
  }

  /** A final block as the base of an agreement (RECOVER-1). */
  async rootAt(height: number): Promise<EpochRoot | undefined> {
    if (height === 0) return this.#genesisRoot()
    const root = rootOf(await this.store.readBlock(height))
    return root ?? (height === this.#tip.height ? this.#handOverRoot() : undefined)
  }

  /** After a snapshot: its boundary was followed, and is not stored as a block. */
  async #handOverRoot(): Promise<EpochRoot | undefined> {
    const shown = await this.boundaries.at(this.epoch - 1)
    const read = shown && readHeader(shown.block.header)
    if (read?.ok !== true) return undefined
    const { hash, header } = read.value
    const { certificate, path = [] } = shown?.block ?? {}
    return { hash, height: header.height, timeMs: header.timeMs, certificate, path }
  }

  #genesisRoot(): EpochRoot {
    return {
      hash: this.genesisHash,
      height: 0,
      timeMs: this.#genesisTimeMs,
      certificate: undefined,
      path: [],
    }
  }

  async certifiedBlocks(fromHeight: number, countMax: number): Promise<CertifiedBlock[]> {
    const stored = await this.store.readBlocks(fromHeight, countMax)
    return stored.map(certifiedOf)
  }
}

/** The epoch of a block, and the attempt that restarted it on that chain; 0 for none. */
function attemptOf({ header, state }: Executed): readonly [epoch: number, attempt: number] {
  const { restartEpoch, restartAttempt } = readSingle(state, chainInfo)
  return [header.epoch, restartEpoch === header.epoch ? restartAttempt : 0]
}

export function certifiedOf(stored: StoredBlock): CertifiedBlock {
  return {
    header: stored.header,
    body: stored.body,
    certificate: Certificate.decode(stored.certificate),
    path: [...stored.path],
  }
}

function rootOf(block: StoredBlock | undefined): EpochRoot | undefined {
  return (
    block && {
      hash: block.hash,
      height: block.height,
      timeMs: Header.decode(block.header).timeMs,
      certificate: Certificate.decode(block.certificate),
      path: block.path,
    }
  )
}

function genesisTip(genesis: Genesis): Tip {
  const state = genesisState(genesis)
  const blockHash = genesisHash(genesis)
  const { timeMs } = readSingle(state, tipTable)
  return { height: 0, hash: blockHash, key: hex(blockHash) as HashHex, timeMs, state }
}
