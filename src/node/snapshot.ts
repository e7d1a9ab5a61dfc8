/** What the page sees of a node: plain data read from chain, engine and duty (see api.ts). */
import { equalBytes, hex } from '../core/base/bytes.ts'
import { signersOf } from '../core/bft/certificate.ts'
import { Body, Certificate, Header, VoteKind, type Committee } from '../core/codec/chain.ts'
import { reputationAt } from '../core/committee/reputation.ts'
import { accountOf } from '../core/ledger/accounts.ts'
import { list, readSingle, type LedgerState } from '../core/ledger/state.ts'
import { epochRecord, parameters, readyEntries, validators } from '../core/ledger/tables.ts'
import { isJailed, validatorOf } from '../core/ledger/validators.ts'
import { phasesOf } from '../core/params.ts'
import type { StoredBlock } from '../ports/store.ts'
import type {
  AccountSummary,
  BlockSummary,
  EpochPhase,
  EpochSummary,
  NodeSnapshot,
  SeatSummary,
  ValidatorSummary,
} from './api.ts'
import type { RunningEpoch } from './epochRunner.ts'
import { committeeOf } from './epochEnv.ts'
import type { Node } from './node.ts'

/** Views without a vote after which a seat is shown as silent. */
const silentViews = 12

export function blockSummary(
  block: StoredBlock,
  committee: Committee | undefined,
  finalAfterMs: number | undefined,
): BlockSummary {
  const header = Header.decode(block.header)
  const certificate = Certificate.decode(block.certificate)
  const seatCount = committee?.seats.length ?? 0
  const isCommit = certificate.kind === VoteKind.COMMIT
  return {
    height: block.height,
    hash: hex(block.hash),
    epoch: header.epoch,
    view: header.view,
    timeMs: header.timeMs,
    seat: header.seat,
    proposer: hex(committee?.seats[header.seat]?.validator ?? new Uint8Array(0)),
    seatCount,
    signers: isCommit ? (signersOf(seatCount, certificate.signers) ?? []) : [],
    transactionCount: Body.decode(block.body).transactions.length,
    finalAfterMs,
    verified: true,
  }
}

/** `identity` is that of the unlocked keys: whose seats are `mine`. */
export function epochSummary(
  state: LedgerState,
  {
    running,
    identity,
    nowMs,
  }: {
    readonly running: RunningEpoch | undefined
    readonly identity: Uint8Array | undefined
    readonly nowMs: number
  },
): EpochSummary {
  const record = readSingle(state, epochRecord)
  const params = readSingle(state, parameters)
  const startMs = record.open ? record.startMs : record.boundaryMs + phasesOf(params).gapMs
  const committee = committeeOf(state, record.epoch)
  const next = committeeOf(state, record.epoch + 1)
  return {
    epoch: record.epoch,
    startMs,
    lengthMs: params.epochMs,
    phase: phaseAt(nowMs - startMs, params.epochMs),
    seats: seatSummaries(committee, identity, running),
    readyCount: list(state, readyEntries).length,
    nextSeats: next && seatSummaries(next, identity),
  }
}

function seatSummaries(
  committee: Committee | undefined,
  identity: Uint8Array | undefined,
  running?: RunningEpoch,
): readonly SeatSummary[] {
  const state = running?.engine.state
  return (committee?.seats ?? []).map(({ validator, score }, seat) => ({
    seat,
    validator: hex(validator),
    mine: identity !== undefined && equalBytes(validator, identity),
    score,
    heard: state === undefined || (state.heardViews[seat] ?? 0) + silentViews >= state.view,
  }))
}

/** Section 2 of the protocol: sixths and thirtieths of the epoch. */
export function phaseAt(offsetMs: number, epochMs: number): EpochPhase {
  const thirtieth = (offsetMs * 30) / epochMs
  if (thirtieth < 5) return 'EMOTIONAL_ASSESSMENT'
  if (thirtieth < 10) return 'COMMITTEE_SELECTION'
  if (thirtieth < 20) return 'BLOCK_PROPOSAL'
  return thirtieth < 28 ? 'EMOTIONAL_VOTING' : 'BLOCK_FINALIZATION'
}

export function validatorSummaries(
  state: LedgerState,
  running: RunningEpoch | undefined,
): readonly ValidatorSummary[] {
  const { epoch } = readSingle(state, epochRecord)
  const seated = new Set(running?.committee.seats.map((seat) => hex(seat.validator)))
  return list(state, validators).map((validator) => ({
    id: hex(validator.account),
    bondedMicro: String(validator.bondedMicro),
    reputation: reputationAt(validator, epoch - 1),
    registeredEpoch: validator.registeredEpoch,
    jailedUntilEpoch: isJailed(validator, epoch) ? validator.jailedUntilEpoch : undefined,
    absent: validator.absent,
    seated: seated.has(hex(validator.account)),
  }))
}

export function accountSummary(
  state: LedgerState,
  identity: Uint8Array | undefined,
): AccountSummary | undefined {
  if (identity === undefined) return undefined
  const { balanceMicro, nonce } = accountOf(state, identity)
  const validator = validatorOf(state, identity)
  return {
    id: hex(identity),
    balanceMicro: String(balanceMicro),
    bondedMicro: String(validator?.bondedMicro ?? 0n),
    unbonding: (validator?.unbonding ?? []).map(({ amountMicro, releaseMs }) => ({
      amountMicro: String(amountMicro),
      // EVID-2: a conviction locks it for longer.
      freeFromMs: Math.max(releaseMs, validator?.lockedUntilMs ?? 0),
    })),
    unbondingMs: readSingle(state, parameters).unbondingMs,
    consentVersion: validator?.consentVersion,
    nonce,
  }
}

export function networkSummary({
  transport,
  peers,
  gate,
}: Node): Pick<NodeSnapshot, 'peers' | 'clockOffsetMs' | 'elsewhere' | 'refused'> {
  return {
    peers: transport.peers().map(({ peer, path, isRelay, roundTripMs }) => ({
      peer,
      path,
      isRelay,
      roundTripMs,
      seat: peers.seatOf(peer),
    })),
    clockOffsetMs: peers.measuredOffsetMs ?? 0,
    elsewhere: peers.elsewhere,
    refused: gate.refused.totals(),
  }
}
