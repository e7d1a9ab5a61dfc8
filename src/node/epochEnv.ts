/** The constants of an epoch's agreement, read from the state that its boundary left. */
import { equalBytes } from '../core/base/bytes.ts'
import type { AgreementEnv, OwnSeat } from '../core/bft/types.ts'
import type { Committee } from '../core/codec/chain.ts'
import { committeeRoot } from '../core/committee/handOver.ts'
import { committeeQuorum, type Quorum } from '../core/committee/quorum.ts'
import { strongPowerOf, threatEpochs, threatLevel } from '../core/committee/threat.ts'
import type { BlsBackend } from '../core/crypto/bls.ts'
import { threateningConvictions } from '../core/ledger/slashing.ts'
import { read, readSingle, type LedgerState } from '../core/ledger/state.ts'
import { chainInfo, committees, epochRecord, parameters } from '../core/ledger/tables.ts'
import { timeOf } from '../core/types/ids.ts'
import type { EpochRoot } from './chain.ts'

/** BFT-9: where the slow growth of Δ ends. */
const deltaSlowCapMs = 10_000

/** BFT-8. */
const standstillMs = 1000

export function runningEpoch(state: LedgerState): number {
  return readSingle(state, epochRecord).epoch
}

export function committeeOf(state: LedgerState, epoch: number): Committee | undefined {
  return read(state, committees, epoch)
}

export function seatIndexOf(committee: Committee, identity: Uint8Array): number | undefined {
  const index = committee.seats.findIndex((seat) => equalBytes(seat.validator, identity))
  return index < 0 ? undefined : index
}

/** BFT-12: from the convictions for offences of the epochs before. */
function threatOf(state: LedgerState, epoch: number, { faultyPower }: Quorum): number {
  let convicted = 0
  for (let back = 0; back <= Math.min(epoch, threatEpochs); back += 1) {
    convicted += threateningConvictions(state, epoch - back)
  }
  return threatLevel(convicted, faultyPower)
}

export function epochEnv(options: {
  readonly state: LedgerState
  readonly committee: Committee
  readonly root: EpochRoot
  readonly bls: BlsBackend
  readonly own: OwnSeat | undefined
}): AgreementEnv {
  const { state, committee, root, bls, own } = options
  const params = readSingle(state, parameters)
  const quorum = committeeQuorum(committee)
  return {
    chainId: readSingle(state, chainInfo).chainId,
    epoch: committee.epoch,
    attempt: committee.attempt,
    committeeRoot: committeeRoot(committee),
    seats: committee.seats,
    leaders: committee.leaders,
    ...quorum,
    strongPower: strongPowerOf({ ...quorum, threat: threatOf(state, committee.epoch, quorum) }),
    root: { ...root, timeMs: timeOf(root.timeMs) },
    times: {
      deltaMs: params.deltaMs,
      deltaCapMs: params.deltaCapMs,
      deltaSlowCapMs,
      blockIntervalMs: params.blockIntervalMs,
      timePastMs: params.timePastMs,
      timeFutureMs: params.timeFutureMs,
      standstillMs,
    },
    bls,
    own,
  }
}
