/**
 * The chain as this node holds it: the final tip with its state, what was executed above it, and
 * the store behind both. Restarts from the store (SYNC-3); a state that does not give the stored
 * root is refused.
 */
import { hex } from '../core/base/bytes.ts'
import { err, ok, type Result } from '../core/base/result.ts'
import type { BlockNode } from '../core/bft/types.ts'
import { Certificate, Header, type CertifiedBlock } from '../core/codec/chain.ts'
import type { Genesis } from '../core/codec/state.ts'
import { genesisHash, genesisState } from '../core/ledger/genesis/genesisState.ts'
import {
  changesBetween,
  readSingle,
  stateFromLeaves,
  stateLeaves,
  stateRoot,
  type LedgerState,
} from '../core/ledger/state.ts'
import { chainInfo, epochRecord, tip as tipTable } from '../core/ledger/tables.ts'
import { lastAttempt } from '../core/ledger/transactions/restart.ts'
import type { HashHex } from '../core/types/ids.ts'
import type { Store, StoredBlock } from '../ports/store.ts'

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
}

/** The base of an epoch's agreement: its hand-over (EPOCH-2). */
export interface EpochRoot {
  readonly hash: Uint8Array
  readonly height: number
  readonly timeMs: number
  readonly certificate: Certificate | undefined
  readonly path: readonly Uint8Array[]
}

export type ChainOpenError =
  /** The stored chain has another genesis: archive or erase that data first. */
  | { readonly code: 'CHAIN_OTHER_GENESIS' }
  /** The stored state does not give the stored root: erase it and sync again. */
  | { readonly code: 'CHAIN_STATE_CORRUPT' }

export class Chain {
  readonly genesisHash: Uint8Array
  readonly chainId: string
  readonly store: Store
  readonly #executed = new Map<HashHex, Executed>()
  /** States after the newest boundaries, by epoch, for enrolment paths. */
  readonly #boundaryStates = new Map<number, LedgerState>()
  readonly #genesisTimeMs: number
  #tip: Tip

  private constructor(store: Store, genesis: Genesis, tip: Tip) {
    this.#genesisTimeMs = genesisTip(genesis).timeMs
    this.store = store
    this.genesisHash = genesisHash(genesis)
    this.chainId = genesis.chainId
    this.#tip = tip
  }

  static async open(options: {
    readonly genesis: Genesis
    readonly store: Store
  }): Promise<Result<Chain, ChainOpenError>> {
    const { genesis, store } = options
    const stored = await store.readTip()
    if (stored === undefined) {
      const tip = genesisTip(genesis)
      const { height, hash: genesisBlock, state } = tip
      const storedTip = { height, hash: genesisBlock, stateRoot: stateRoot(state) }
      // Blocks bring only what changed: the store needs the state that they change.
      await store.writeSnapshot(storedTip, stateLeaves(state))
      return ok(new Chain(store, genesis, tip))
    }
    const loaded = stateFromLeaves(await store.readState(), stored.stateRoot)
    if (!loaded.ok) return err({ code: 'CHAIN_STATE_CORRUPT' })
    const info = readSingle(loaded.value, chainInfo)
    if (hex(info.genesisHash) !== hex(genesisHash(genesis))) {
      return err({ code: 'CHAIN_OTHER_GENESIS' })
    }
    const { height, hash: blockHash } = stored
    const { timeMs } = readSingle(loaded.value, tipTable)
    const key = hex(blockHash) as HashHex
    return ok(
      new Chain(store, genesis, { height, hash: blockHash, key, timeMs, state: loaded.value }),
    )
  }

  get tip(): Tip {
    return this.#tip
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
    const value = await this.store.getValue(`boundary/${String(epoch)}`)
    return value && this.store.readBlock(decodeHeight(value))
  }

  boundaryState(epoch: number): LedgerState | undefined {
    return this.#boundaryStates.get(epoch)
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
    if (executed === undefined) return []
    await this.#noteRestart(executed)
    await this.store.writeFinal({
      blocks,
      changes: changesBetween(this.#tip.state, executed.state),
      stateRoot: stateRoot(executed.state),
    })
    this.#moveTo(executed)
    if (executed.isBoundary) await this.#noteBoundary(executed)
    return blocks
  }

  #moveTo(executed: Executed): void {
    const { header, key, state } = executed
    const { height, timeMs } = header
    this.#tip = { height, hash: executed.hash, key, timeMs, state }
    for (const [known, block] of this.#executed) {
      if (block.header.height <= height) this.#executed.delete(known)
    }
    if (!executed.isBoundary) return
    this.#boundaryStates.set(header.epoch, state)
    this.#boundaryStates.delete(header.epoch - 6)
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
  }

  async #noteBoundary(executed: Executed): Promise<void> {
    const { epoch, height } = executed.header
    await this.store.putValue(`boundary/${String(epoch)}`, encodeHeight(height))
  }

  /** Where the running epoch's agreement starts: its hand-over, or the base of its restart. */
  async epochRoot(): Promise<EpochRoot | undefined> {
    if (lastAttempt(this.#tip.state) > 0) {
      const base = await this.store.getValue(`restart/${String(this.epoch)}`)
      return base && this.rootAt(decodeHeight(base))
    }
    if (this.epoch === 0) return this.#genesisRoot()
    return rootOf(await this.boundaryBlock(this.epoch - 1))
  }

  /** A final block as the base of an agreement (RECOVER-1). */
  async rootAt(height: number): Promise<EpochRoot | undefined> {
    return height === 0 ? this.#genesisRoot() : rootOf(await this.store.readBlock(height))
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

function encodeHeight(height: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(height))
  return bytes
}

function decodeHeight(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return bytes.length === 8 ? Number(view.getBigUint64(0)) : 0
}
