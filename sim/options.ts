/** Everything a run depends on. Two runs with equal options are equal. */
import type { AgreementTimes } from '../src/core/bft/types.ts'
import type { BlsBackend } from '../src/core/crypto/bls.ts'
import type { SeededRandom } from './base/random.ts'
import type { LedgerOptions } from './ledger/ledgerOptions.ts'
import { homeIn, type LinkOptions, type Place } from './network/links.ts'
import { regionSets, type Region } from './network/regions.ts'
import { noCosts, type Costs } from './node/costs.ts'
import type { LoadOptions } from './node/load.ts'

/** Where the clock of every run starts. */
export const startMs = 1_800_000_000_000

export interface SimOptions {
  readonly seed: number
  readonly seats: number
  /** Nodes that take part in agreement or follow it closely; at least the seats. */
  readonly validators: number
  readonly powers: readonly number[] | undefined
  /** BFT-12, basis points. */
  readonly threat: number
  /** Validators that the scenario lets misbehave. */
  readonly byzantine: readonly number[]
  readonly times: AgreementTimes
  readonly costs: Costs
  readonly links: LinkOptions
  readonly places: (random: SeededRandom) => readonly Place[]
  /** Payments; none when left out. */
  readonly load: LoadOptions | undefined
  /** Bodies carry the evidence that was found; for runs of one epoch without payments. */
  readonly hasEvidence: boolean
  /** The production ledger at every node; then it says when an epoch ends and who sits next. */
  readonly ledger: LedgerOptions | undefined
  readonly epochMs: number
  /** When an epoch's boundary falls within it (EPOCH-2). */
  readonly boundaryMs: number
  /** Real signatures in place of modelled ones. */
  readonly bls: BlsBackend | undefined
}

const standardTimes: AgreementTimes = {
  deltaMs: 250,
  deltaCapMs: 1200,
  deltaSlowCapMs: 10_000,
  blockIntervalMs: 1000,
  timePastMs: 2000,
  timeFutureMs: 500,
  standstillMs: 1000,
}

export function timesWith(change: Partial<AgreementTimes>): AgreementTimes {
  return { ...standardTimes, ...change }
}

export function homesIn(list: readonly Region[], count: number, uploadMbps: number) {
  return (random: SeededRandom): readonly Place[] =>
    Array.from({ length: count }, (_none, index) => {
      const region = list[index % list.length] ?? 'eu-central-1'
      return homeIn(region, random, uploadMbps)
    })
}

export function standardOptions(
  options: Partial<SimOptions> & { readonly seats: number; readonly seed: number },
): SimOptions {
  const validators = options.validators ?? options.seats
  return {
    validators,
    powers: undefined,
    threat: 0,
    byzantine: [],
    times: standardTimes,
    costs: noCosts,
    links: { lossShare: 0, lossIsFinal: false, uploadQueueMs: 2000 },
    places: homesIn(regionSets['ten'] ?? [], validators, 20),
    load: undefined,
    hasEvidence: false,
    ledger: undefined,
    epochMs: 30_000,
    boundaryMs: Number.MAX_SAFE_INTEGER / 2,
    bls: undefined,
    ...options,
  }
}
