/** Why a checkpoint does not count (CKPT-1). */
import type { AggregateError } from './aggregate.ts'
import type { PostQuantumError } from './postQuantum.ts'
import type { VoterSetError } from './voterSet.ts'

export type CheckpointError =
  | AggregateError
  | PostQuantumError
  | VoterSetError
  /** Not a checkpoint in canonical form, or above the bound of bytes. */
  | { readonly code: 'CHECKPOINT_MALFORMED' }
  /** Not above the one that is held. */
  | { readonly code: 'CHECKPOINT_NUMBER'; readonly held: number; readonly found: number }
  /** Another epoch than that of its number, or neither higher nor later than the one held. */
  | { readonly code: 'CHECKPOINT_PLACE' }
  /** The sets given are not those that the held checkpoints name. */
  | { readonly code: 'CHECKPOINT_VOTERS' }
  /** A bitmap that is not canonical, or more than may leave within the numbers passed. */
  | { readonly code: 'CHECKPOINT_LEFT' }
  /** Less than half of the stake of the named set is left: a fresh anchor is needed. */
  | { readonly code: 'CHECKPOINT_LEFT_STAKE' }
  /** Less than 2/3 of the stake of the set. */
  | { readonly code: 'CHECKPOINT_STAKE'; readonly signedMicro: bigint; readonly setMicro: bigint }
  /** Due, and not there. */
  | { readonly code: 'CHECKPOINT_POST_QUANTUM_MISSING' }
  /** There, and not due. */
  | { readonly code: 'CHECKPOINT_POST_QUANTUM_UNDUE' }
