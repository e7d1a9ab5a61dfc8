/**
 * What the archive writes for a final block (ARC-3): the block as it was received, and what
 * executing it changed. Everything here follows from the block and the state before it.
 */

import type { RestartVoters } from '../../src/core/codec/restart.ts'

export interface ArchiveTransaction {
  readonly hash: Uint8Array
  readonly kind: string
  /** Empty for kinds without a sender. */
  readonly sender: Uint8Array
  readonly nonce: number
  /** Exact bytes of the SignedTransaction. */
  readonly bytes: Uint8Array
}

export interface AccountRow {
  readonly id: Uint8Array
  readonly balanceMicro: bigint
  readonly nonce: number
}

export interface ValidatorRow {
  readonly id: Uint8Array
  readonly status: string
  readonly bondedMicro: bigint
  readonly unbondingMicro: bigint
  readonly reputation: number
  readonly uptime: number
  readonly jailedUntilEpoch: number
  readonly registeredEpoch: number
}

export interface SeatRow {
  readonly validator: Uint8Array
  readonly epochKey: Uint8Array
  readonly power: number
  readonly peerId: string
  readonly score: number
}

/** An epoch that this block opens. */
export interface EpochRow {
  readonly epoch: number
  readonly startMs: number
  readonly committeeRoot: Uint8Array
  /** Exact bytes of the Committee. */
  readonly committee: Uint8Array
  readonly seats: readonly SeatRow[]
  /** The boundary before named it; a Restart may name another one later (RECOVER-1). */
  readonly isHandedOver: boolean
}

export interface ReadyRow {
  readonly epoch: number
  readonly validator: Uint8Array
  readonly position: number
  readonly scoreThreshold: number
  readonly provenance: string
  readonly nullifier: Uint8Array
  readonly proof: Uint8Array
  readonly peerId: string
}

export interface EvidenceRow {
  readonly position: number
  readonly kind: string
  readonly epoch: number
  readonly view: number
  readonly seat: number
}

/** A leaf of the state tree (STATE-1); `value` undefined means removed. */
export interface StateLeaf {
  readonly key: Uint8Array
  readonly value: Uint8Array | undefined
}

export interface ArchiveBlock {
  readonly height: number
  readonly hash: Uint8Array
  readonly parent: Uint8Array
  readonly epoch: number
  readonly view: number
  readonly timeMs: number
  readonly seat: number
  /** Account of the leader. */
  readonly proposer: Uint8Array
  readonly isBoundary: boolean
  readonly signers: Uint8Array
  readonly signerCount: number
  readonly header: Uint8Array
  readonly body: Uint8Array
  readonly certificate: Uint8Array
  /** A CertifiedBlock with only its path in it; empty when the block is certified itself. */
  readonly path: Uint8Array
  readonly transactions: readonly ArchiveTransaction[]
  readonly accounts: readonly AccountRow[]
  readonly validators: readonly ValidatorRow[]
  readonly opens: readonly EpochRow[]
  readonly ready: readonly ReadyRow[]
  readonly evidence: readonly EvidenceRow[]
  readonly leaves: readonly StateLeaf[]
  /** Of a boundary: who may restart the next epoch by stake, without the set (RECOVER-1). */
  readonly restartProven?: RestartVoters | undefined
  /** Of a block that a Restart opens: a CheckpointVoters, and the epoch. */
  readonly restartSet?: { readonly epoch: number; readonly voters: Uint8Array } | undefined
  /** After this block. */
  readonly stateRoot: Uint8Array
}

/** The chain an archive belongs to, and where it begins. */
export interface ArchiveOrigin {
  readonly chainId: string
  readonly genesisHash: Uint8Array
  readonly stateRoot: Uint8Array
  readonly opens: readonly EpochRow[]
  readonly accounts: readonly AccountRow[]
  readonly validators: readonly ValidatorRow[]
  readonly leaves: readonly StateLeaf[]
}

export interface ArchiveTip {
  readonly height: number
  readonly hash: Uint8Array
  readonly stateRoot: Uint8Array
}
