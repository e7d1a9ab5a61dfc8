/** An aggregate that was verified here (CKPT-1), as it came and with what it means. */
import type { CheckpointAggregate, SubnetAggregate } from '../../core/codec/checkpoint.ts'

export interface HeldAggregate {
  readonly shown: SubnetAggregate
  readonly aggregate: CheckpointAggregate
  /** Ascending. */
  readonly voters: readonly number[]
}
