/** The tables of the archive as Kysely sees them (ARC-2); `migrations/` makes them. */

import type { Generated } from 'kysely'

/** `bytea`; the driver gives a Buffer. */
type Bytes = Uint8Array

export interface ArchiveTables {
  tip: {
    only_row: true
    chain_id: string
    genesis_hash: Bytes
    height: number
    hash: Bytes
    state_root: Bytes
  }
  blocks: {
    height: number
    hash: Bytes
    parent: Bytes
    epoch: number
    view: number
    time_ms: number
    seat: number
    proposer: Bytes
    is_boundary: boolean
    transaction_count: number
    signers: Bytes
    signer_count: number
    header: Bytes
    body: Bytes
    certificate: Bytes
    path: Bytes
  }
  transactions: {
    height: number
    position: number
    hash: Bytes
    kind: string
    sender: Bytes
    nonce: number
    bytes: Bytes
  }
  counts: { name: string; value: number }
  epochs: {
    epoch: number
    start_ms: number
    committee_root: Bytes
    committee: Bytes
    seat_count: number
    boundary_height: number | null
    boundary_hash: Bytes | null
    handed_over: Bytes | null
  }
  restart_voters: { epoch: number; proven: Bytes; voters: Bytes | null }
  seats: {
    epoch: number
    seat: number
    validator: Bytes
    epoch_key: Bytes
    power: number
    peer_id: string
    score: number
  }
  ready: {
    epoch: number
    validator: Bytes
    height: number
    position: number
    score_threshold: number
    provenance: string
    nullifier: Bytes
    proof: Bytes
    peer_id: string
  }
  evidence: {
    height: number
    position: number
    kind: string
    epoch: number
    view: number
    seat: number
  }
  state_leaves: { key: Bytes; value: Bytes }
  accounts: {
    id: Bytes
    /** `numeric`: µEMO as decimal digits. */
    balance_micro: string
    nonce: number
    updated_height: number
  }
  validators: {
    id: Bytes
    status: string
    bonded_micro: string
    unbonding_micro: string
    reputation: number
    uptime: number
    jailed_until_epoch: number
    registered_epoch: number
    score: Generated<number>
    last_ready_epoch: Generated<number>
    updated_height: number
  }
}
