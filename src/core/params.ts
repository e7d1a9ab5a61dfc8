/**
 * Every number of the protocol: chain parameters (in the genesis file, changed only by governance
 * at an epoch boundary) with unit, derivation and hard bounds, and the constants that no chain may
 * change. A relation that must hold between parameters is checked in `checkParameters`.
 */
import { err, ok, type Result } from './base/result.ts'
import { scoreStepBp } from './base/scoreStep.ts'

/** The parameters of a chain, as they stand in its genesis and its state. */
export interface Params {
  readonly epochMs: number
  readonly blockIntervalMs: number
  readonly deltaMs: number
  readonly deltaCapMs: number
  readonly timePastMs: number
  readonly timeFutureMs: number
  readonly committeeSeats: number
  readonly backupSeats: number
  readonly blockBytesMax: number
  readonly transactionBytesMax: number
  readonly blockTransactionsMax: number
  readonly workBits: number
  readonly epochRegistrationsMax: number
  readonly bondMinMicro: bigint
  readonly stakeCapMicro: bigint
  readonly scoreMin: number
  readonly scoreCap: number
  readonly byteFeeMicro: bigint
  readonly slashBasisPoints: number
  readonly jailEpochs: number
  readonly unbondingMs: number
  readonly credentialEpochs: number
  readonly consentVersion: number
  readonly restartAfterMs: number
  readonly checkpointEpochs: number
  readonly postQuantumBlocks: number
  readonly seatPowerMax: number
  readonly operatorSeatsMax: number
  readonly jailReputationMin: number
}

export type ParamName = keyof Params

export interface ParamDefinition {
  readonly unit:
    'ms' | 'seats' | 'bytes' | 'count' | 'bits' | 'µEMO' | 'µEMO/byte' | 'bp' | 'epochs' | 'blocks'
  readonly value: bigint
  readonly min: bigint
  readonly max: bigint
  /** Why this value. */
  readonly why: string
}

/** 1 EMO in µEMO (DET-2). */
export const microPerEmo = 1_000_000n
const second = 1000n
const day = 86_400n * second
const u32Max = 0xffff_ffffn

function define(
  unit: ParamDefinition['unit'],
  value: bigint,
  bounds: readonly [min: bigint, max: bigint],
  why: string,
): ParamDefinition {
  return { unit, value, min: bounds[0], max: bounds[1], why }
}

export const paramDefinitions: Readonly<Record<ParamName, ParamDefinition>> = {
  epochMs: define(
    'ms',
    30_000n,
    [3_000n, 300_000n],
    'Half of the 60 s window that a proof covers. Short ones are for tests.',
  ),
  blockIntervalMs: define(
    'ms',
    1_000n,
    [20n, 10_000n],
    'PACE-1: an idle chain makes one block a second instead of as many as it can.',
  ),
  deltaMs: define('ms', 250n, [10n, 2_000n], 'BFT-9: above the usual one-way delay of two tabs.'),
  deltaCapMs: define('ms', 1_200n, [10n, 10_000n], 'BFT-9: four steps of 1.5 above deltaMs.'),
  timePastMs: define('ms', 2_000n, [100n, 10_000n], 'TIME-1: age of a header for a voter.'),
  timeFutureMs: define('ms', 500n, [50n, 5_000n], 'TIME-1: how far a header may be ahead.'),
  committeeSeats: define('seats', 21n, [4n, 21n], 'F = 6: see the sampling table in committee.md.'),
  backupSeats: define('seats', 9n, [0n, 21n], 'COM-3: replaces three of seven who do not confirm.'),
  blockBytesMax: define('bytes', 524_288n, [16_384n, 983_040n], 'Fits one gossip message.'),
  transactionBytesMax: define(
    'bytes',
    10_240n,
    [4_096n, 65_536n],
    'A READY with its proof: 1 KiB; two aggregates of a subnet of 157 voters (E11): 8.3 KiB.',
  ),
  blockTransactionsMax: define(
    'count',
    512n,
    [16n, 8_192n],
    'A seat executes as many in about 50 ms (npm run bench -- throughput).',
  ),
  workBits: define('bits', 20n, [0n, 32n], 'TX-2: about a second of hashing in a tab.'),
  epochRegistrationsMax: define('count', 64n, [1n, 1_024n], 'TX-2: R; 20 Poseidon hashes each.'),
  bondMinMicro: define('µEMO', 10_000n * microPerEmo, [1n, 1_000_000n * microPerEmo], 'STAKE-1.'),
  stakeCapMicro: define(
    'µEMO',
    100_000n * microPerEmo,
    [1n, 10_000_000n * microPerEmo],
    'COM-2: ten times the minimum; more stake than this gives no more seats.',
  ),
  scoreMin: define('bp', 7_500n, [5_000n, 9_000n], 'COM-1: below the resting score of FIT-1.'),
  scoreCap: define('bp', 8_500n, [5_000n, 10_000n], 'COM-3: a claimed perfect score gains little.'),
  byteFeeMicro: define('µEMO/byte', 10n, [0n, 1_000_000n], 'FEE-1: a transfer costs 0.002 EMO.'),
  slashBasisPoints: define('bp', 500n, [1n, 10_000n], 'EVID-2: 5 % for a single faulty tab.'),
  jailEpochs: define('epochs', 2_880n, [1n, 1_000_000n], 'EVID-3: one day of 30 s epochs.'),
  unbondingMs: define(
    'ms',
    14n * day,
    [second, 60n * day],
    'CKPT-1: longer than evidence counts and twice the age of a trusted checkpoint.',
  ),
  credentialEpochs: define('epochs', 120n, [1n, 1_000_000n], 'LIVE-6: one hour.'),
  consentVersion: define('count', 1n, [1n, u32Max], 'PRIV-4: version of the consent text.'),
  restartAfterMs: define('ms', 120_000n, [1_000n, 3_600_000n], 'RECOVER-1.'),
  checkpointEpochs: define(
    'epochs',
    20n,
    [1n, 2_880n],
    'CKPT-1: ten minutes of 30 s epochs; so long lasts a duty lease.',
  ),
  postQuantumBlocks: define(
    'blocks',
    1_000n,
    [1n, 100_000n],
    'CKPT-1: a quarter of an hour of blocks: 77 signatures with keys are 556 kB.',
  ),
  seatPowerMax: define('count', 1n, [1n, 3n], 'COM-7: 1, every seat counts the same; 3 · 21 = 63.'),
  operatorSeatsMax: define('seats', 3n, [1n, 21n], 'COM-3: half of the 6 faulty seats of 21.'),
  jailReputationMin: define(
    'bp',
    4_000n,
    [1_000n, 5_000n],
    'EVID-3: a first offence ends with the jail time. At most one half, which decay leads to.',
  ),
}

const bigNames: ReadonlySet<ParamName> = new Set(['bondMinMicro', 'stakeCapMicro', 'byteFeeMicro'])

export const paramNames = Object.keys(paramDefinitions) as readonly ParamName[]

/** Whether a parameter is held as a bigint (money) and written as a decimal string in JSON. */
export function isMoney(name: ParamName): boolean {
  return bigNames.has(name)
}

export const defaultParams: Params = Object.fromEntries(
  paramNames.map((name) => {
    const { value } = paramDefinitions[name]
    return [name, isMoney(name) ? value : Number(value)]
  }),
) as unknown as Params

/** What no chain may change. */
export const protocol = {
  /** ENC-2; 2: the beacon by sharing (decision 0020). */
  version: 2,
  /** Least committee: F = 1 (COM-5). */
  committeeSeatsMin: 4,
  /** COM-5: from this many active validators on a committee has all its seats. */
  fullActiveMin: 63,
  /** COM-1: candidates aimed at, and active validators without a cut-off. */
  candidatesAim: 64,
  /** EPOCH-0: boundary(j) fixes the beacon of epoch j + 5 … */
  beaconLeadEpochs: 5,
  /** LIVE-2: a challenge may be answered so many epochs beyond the one that its beacon names. */
  challengeOpenEpochs: 4,
  /** … whose keys, stake and reputation come from boundary(e - 7) for an epoch e. */
  stakeLagEpochs: 7,
  /** Proofs of READY for an epoch e use the enrolment root of boundary(e - 4). */
  enrolmentLagEpochs: 4,
  /** Committees kept in the state, and so the age of evidence in this version (EVID-2). */
  committeesKept: 20,
  /** COM-6: blocks whose state root a CONFIRM may show, and how old the root may be. */
  recentRootsKept: 64,
  confirmAgeMsMax: 5_000,
  /** Inclusion takes time: what the age limit allows on chain above that. */
  confirmSlackMs: 10_000,
  /**
   * EVID-2: the rest of a slash is taken, and what is left unlocked, this long after the offence.
   */
  settleAfterMs: 13 * 86_400_000,
  /** CKPT-1: a chain that is no devnet unbonds no faster, … */
  unbondingMsMin: 14 * 86_400_000,
  /** … and checkpoints at least so often. */
  checkpointMsMax: 86_400_000,
  /** EVID-3: convicted of E2 or E4 in this many epochs means jailed for good. */
  convictionsForGood: 2,
  beaconBytes: 32,
  enrolmentDepth: 20,
  peerIdBytesMax: 128,
  /** CKPT-1: relays that a lease names, and the text of the address of one. */
  leaseRelaysMax: 2,
  relayAddressBytesMax: 192,
  proofBytesMax: 1_024,
  /** ZK-4: reviewers of a READY, in the mean, and attestations of one of them in an epoch. */
  reviewersAim: 3,
  reviewsMax: 16,
  /** REP-1: reputation of a new validator. */
  reputationStart: 5_000,
  uptimeStart: 10_000,
  /** Its bounds, … */
  reputationMin: 1_000,
  reputationMax: 10_000,
  /** … the share of the newest service in it, one tenth, … */
  reputationInertia: 10,
  /** … and the epochs without service that move it a basis point towards one half: 7 % a day. */
  reputationDecayEpochs: 4,
} as const

export interface Phases {
  /** The last READY counts, from the start of the epoch (section 2). */
  readonly readyUntilMs: number
  readonly freezeMs: number
  readonly selectionMs: number
  readonly boundaryMs: number
  /** Least distance from a boundary to the next epoch's start. */
  readonly gapMs: number
}

/** EPOCH-1: thirtieths of the epoch: 8, 10, 20, 28 and 2 s of 30. */
export function phasesOf(params: Pick<Params, 'epochMs'>): Phases {
  const unitMs = params.epochMs / 30
  return {
    readyUntilMs: 8 * unitMs,
    freezeMs: 10 * unitMs,
    selectionMs: 20 * unitMs,
    boundaryMs: 28 * unitMs,
    gapMs: 2 * unitMs,
  }
}

export type ParameterError =
  /** Choose a value within the bounds. */
  | {
      readonly code: 'PARAMETER_BOUNDS'
      readonly name: ParamName
      readonly value: bigint
      readonly min: bigint
      readonly max: bigint
    }
  /** Two parameters contradict each other; `relation` is what must hold. */
  | { readonly code: 'PARAMETER_RELATION'; readonly relation: string }

export function checkParameters(params: Params): Result<Params, ParameterError> {
  for (const name of paramNames) {
    const { min, max } = paramDefinitions[name]
    const value = BigInt(params[name])
    if (value < min || value > max) {
      return err({ code: 'PARAMETER_BOUNDS', name, value, min, max })
    }
  }
  const relations: readonly (readonly [holds: boolean, relation: string])[] = [
    [params.epochMs % 30 === 0, 'epochMs is a multiple of 30'],
    [
      8 * params.blockIntervalMs <= params.epochMs,
      'an epoch has room for eight blocks: 8 · blockIntervalMs ≤ epochMs',
    ],
    [params.deltaMs <= params.deltaCapMs, 'deltaMs ≤ deltaCapMs'],
    [params.scoreMin <= params.scoreCap, 'scoreMin ≤ scoreCap'],
    // Else a score that counts would have no step at or above it to claim (PRIV-5).
    [params.scoreMin % scoreStepBp === 0, `scoreMin is a multiple of ${String(scoreStepBp)}`],
    [params.bondMinMicro <= params.stakeCapMicro, 'bondMinMicro ≤ stakeCapMicro'],
    [
      2 * params.transactionBytesMax <= params.blockBytesMax,
      'a block holds two of the largest transactions',
    ],
  ]
  for (const [holds, relation] of relations) {
    if (!holds) return err({ code: 'PARAMETER_RELATION', relation })
  }
  return ok(params)
}
