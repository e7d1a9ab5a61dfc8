/**
 * What the API stands on: interfaces, so that each part can be switched off or tested alone
 * (API-1).
 */

import type { Logger } from 'pino'
import type { Result } from '../../src/core/base/result.ts'
import type { LedgerState } from '../../src/core/ledger/state.ts'
import type { PeerInfo } from '../../src/ports/transport.ts'
import type { ArchiveDatabase } from '../archive/pool.ts'
import type { Failure } from '../failure.ts'
import type { RelayMetrics } from '../metrics/metrics.ts'

export interface ChainIdentity {
  readonly chainId: string
  readonly genesisHash: Uint8Array
  /** Exact bytes of the Genesis. */
  readonly genesis: Uint8Array
  readonly isDevnet: boolean
}

export interface ArchiveStatus {
  /**
   * `waiting`: no database yet; `following`: writes what becomes final; `stopped`: cannot go on.
   */
  readonly state: 'waiting' | 'following' | 'stopped'
  readonly height: number
  readonly hash: Uint8Array
  readonly epoch: number
  /** Time of the newest block, 0 before the first. */
  readonly timeMs: number
  /** Highest height that a peer claims; `undefined` when none did. */
  readonly networkHeight: number | undefined
  readonly failure: Failure | undefined
}

/** A final block as followers get it. */
export interface FinalBlockEvent {
  readonly height: number
  readonly epoch: number
  readonly hash: Uint8Array
  readonly isBoundary: boolean
  readonly header: Uint8Array
  readonly certificate: Uint8Array
  readonly path: Uint8Array
}

export interface Submitted {
  readonly height: number
  readonly hash: Uint8Array
  /** `false` when it was stored before. */
  readonly isNew: boolean
}

/** A leaf of the state with its Merkle path under a certified root (ARC-3). */
export interface StateWitness {
  /** The block whose header carries the root. */
  readonly height: number
  readonly stateRoot: Uint8Array
  readonly key: Uint8Array
  /** `undefined`: the proof shows that there is none. */
  readonly value: Uint8Array | undefined
  /** Exact bytes of a StateProof. */
  readonly proof: Uint8Array
}

export interface ArchiveReader {
  status(): ArchiveStatus
  /** The database when it is there. */
  database(): Result<ArchiveDatabase, Failure>
  /** Whoever sees a query fail says so. */
  report(thrown: unknown): void
  submit(block: Uint8Array): Promise<Result<Submitted, Failure>>
  proveAccount(id: Uint8Array): StateWitness | undefined
  /** State after the newest durable block; `undefined` while the archive does not follow. */
  ledgerState(): LedgerState | undefined
  /** Called for each block after it is durable; returns a function that ends it. */
  subscribe(listener: (event: FinalBlockEvent) => void): () => void
}

export interface NetworkView {
  readonly peerId: string
  addresses(): readonly string[]
  /** Other relays that a page may use as well. */
  readonly otherRelays: readonly string[]
  peers(): readonly PeerInfo[]
  /** Checks the bytes and hands them to the network; the hash names the transaction. */
  publishTransaction(bytes: Uint8Array): Result<Uint8Array, Failure>
}

export interface Faucet {
  readonly account: Uint8Array
  readonly amountMicro: bigint
  /** Hash of the transfer that was sent. */
  send(recipient: Uint8Array): Promise<Result<Uint8Array, Failure>>
}

export interface ApiContext {
  readonly version: string
  readonly chain: ChainIdentity
  /** `undefined` with --no-archive. */
  readonly archive: ArchiveReader | undefined
  readonly network: NetworkView
  /** `undefined` unless this is a devnet and its key was given. */
  readonly faucet: Faucet | undefined
  readonly metrics: RelayMetrics
  readonly log: Logger
  readonly nowMs: () => number
  /** The built page; `undefined` with --no-api. */
  readonly webDirectory: string | undefined
  readonly trustProxy: boolean
}
