/**
 * The numbers of checkpoints (CKPT-1): those that a chain may choose, with unit, derivation and
 * hard bounds, and those that none may change. They are not in the genesis yet: the wiring adds
 * them to `Params`.
 */
import { err, ok, type Result } from '../base/result.ts'
import type { ParamDefinition } from '../params.ts'

export interface CheckpointParams {
  /** Every so manieth boundary is checkpointed, and so long lasts a `duty` lease. */
  readonly intervalEpochs: number
  /** Each so many blocks of height a checkpoint carries ML-DSA-87. */
  readonly postQuantumBlocks: number
}

type CheckpointDefinition = Pick<ParamDefinition, 'min' | 'max' | 'value' | 'why'> & {
  readonly unit: 'epochs' | 'blocks'
}

export const checkpointDefinitions: Readonly<Record<keyof CheckpointParams, CheckpointDefinition>> =
  {
    intervalEpochs: {
      unit: 'epochs',
      value: 20n,
      min: 1n,
      max: 2_880n,
      why: 'Ten minutes of 30 s epochs; at most a day, well within the age of an anchor.',
    },
    postQuantumBlocks: {
      unit: 'blocks',
      value: 1_000n,
      min: 1n,
      max: 100_000n,
      why: 'A quarter of an hour of blocks: 77 signatures with keys are 556 kB.',
    },
  }

export const defaultCheckpointParams: CheckpointParams = {
  intervalEpochs: Number(checkpointDefinitions.intervalEpochs.value),
  postQuantumBlocks: Number(checkpointDefinitions.postQuantumBlocks.value),
}

/** What no chain may change. */
export const checkpointProtocol = {
  votersMax: 10_000,
  /** A checkpoint needs 2/3 of the stake of its set. */
  thresholdNumerator: 2n,
  thresholdDenominator: 3n,
  /** A set may lose a tenth of its stake, or one voter, for each number passed. */
  shrinkDivisor: 10n,
  subnetsMax: 64,
  subnetAggregators: 8,
  /** Units of stake that are drawn for ML-DSA-87, … */
  postQuantumDraws: 128,
  /** … and how many of them must sign: see `postQuantumDraw.ts`. */
  postQuantumThreshold: 77,
} as const

/** Choose a value within the bounds. */
export interface CheckpointParameterError {
  readonly code: 'CHECKPOINT_PARAMETER_BOUNDS'
  readonly name: keyof CheckpointParams
}

export function checkCheckpointParams(
  params: CheckpointParams,
): Result<CheckpointParams, CheckpointParameterError> {
  for (const name of ['intervalEpochs', 'postQuantumBlocks'] as const) {
    const { min, max } = checkpointDefinitions[name]
    const value = params[name]
    if (!Number.isSafeInteger(value) || BigInt(value) < min || BigInt(value) > max) {
      return err({ code: 'CHECKPOINT_PARAMETER_BOUNDS', name })
    }
  }
  return ok(params)
}
