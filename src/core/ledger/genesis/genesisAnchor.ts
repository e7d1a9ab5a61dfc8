/**
 * What the genesis is to a chain's blocks: hash, height and time (EPOCH-6), from the file alone. A
 * light client needs no more, and loads no ledger for it (SYNC-2).
 */
import { Genesis } from '../../codec/state.ts'
import { hash } from '../../crypto/hash.ts'
import { phasesOf } from '../../params.ts'
import { parametersOf } from './firstCommittee.ts'

/** Height of the genesis; the first block has height 1. */
export const genesisHeight = 0

/** Also the parent hash of the first block. */
export function genesisHash(genesis: Genesis): Uint8Array {
  return hash('genesis', Genesis.encode(genesis))
}

/** boundary(-1): its time is the gap before start(0). */
export function genesisTimeMs(genesis: Genesis): number {
  return genesis.startMs - phasesOf(parametersOf(genesis)).gapMs
}
