/** The numbers of checkpoints (CKPT-1): those of the chain, and those that none may change. */
import type { Params } from '../params.ts'

/** Every so manieth boundary is checkpointed; each so many blocks it carries ML-DSA-87. */
export type CheckpointParams = Pick<Params, 'checkpointEpochs' | 'postQuantumBlocks'>

/** What no chain may change. */
export const checkpointProtocol = {
  votersMax: 10_000,
  /** A checkpoint needs 2/3 of the stake of its set. */
  thresholdNumerator: 2n,
  thresholdDenominator: 3n,
  /** A set may lose a tenth of its stake, or one voter, for each number passed. */
  shrinkDivisor: 10n,
  subnets: 64,
  subnetAggregators: 8,
  /** Units of stake that are drawn for ML-DSA-87, … */
  postQuantumDraws: 128,
  /** … and how many of them must sign: see `postQuantumDraw.ts`. */
  postQuantumThreshold: 77,
} as const

/** How a set is divided for aggregation: the same for every node of a chain. */
export interface SubnetLayout {
  readonly subnets: number
  readonly subnetAggregators: number
}
