/**
 * What a block does to the epoch besides its transactions (section 2 of the protocol): the freeze
 * block draws, X fixes the next committee, the boundary closes the epoch. Everything is taken from
 * `derived` and from the state before the block, as the header said (STATE-3).
 */
import { assert } from '../base/assert.ts'
import type { Header } from '../codec/chain.ts'
import type { DrawnSeat, EpochRecord, ReadyEntry, Validator } from '../codec/state.ts'
import { beaconAfter } from '../committee/beacon/beaconAfter.ts'
import { drawSeats } from '../committee/draw.ts'
import { limitOperators, type Limited } from '../committee/operatorLimit.ts'
import { seatPower } from '../committee/seatPower.ts'
import { nextTheta } from '../committee/ticket.ts'
import { weightQ32 } from '../committee/weight.ts'
import { protocol, type Params } from '../params.ts'
import type { DerivedHeader } from './deriveHeader.ts'
import { closeCheckpoint, nameRestartVoters, openCheckpoint } from './checkpoints.ts'
import { pruneEnrolmentChanges } from './enrolment.ts'
import { settleDoubleVotes } from './doubleVotes.ts'
import { beaconOf, thetaOf, trimmed } from './epochs.ts'
import { keepFitnessStates } from './fitnessState.ts'
import { enterRound } from './sharing/roundBlock.ts'
import { clearRound } from './sharing/roundState.ts'
import { noteService } from './service.ts'
import { settleConvictions } from './slashing.ts'
import { clear, list, readSingle, remove, write, writeSingle, type LedgerState } from './state.ts'
import {
  committees,
  draw,
  epochRecord,
  nullifiers,
  parameters,
  readyEntries,
  reviews,
  validators,
} from './tables.ts'
import { forTicketsOf, isActive, validatorOf } from './validators.ts'

/** Before the transactions: the epoch opens, and the round of the sharing hears the time. */
export function openBlock(
  state: LedgerState,
  header: Pick<Header, 'parent'>,
  derived: DerivedHeader,
): LedgerState {
  const opened = derived.isFirst ? openEpoch(state, header.parent, derived) : state
  return enterRound(opened, readSingle(opened, parameters), derived.offsetMs)
}

function openEpoch(state: LedgerState, parent: Uint8Array, derived: DerivedHeader): LedgerState {
  const record = readSingle(state, epochRecord)
  const opened = { ...record, open: true, startMs: derived.startMs }
  return openCheckpoint(writeSingle(state, epochRecord, opened), parent, derived)
}

/**
 * After the transactions; `before` is the parent's post-state. After a stop one block does all
 * three (EPOCH-5).
 */
export function closeBlock(
  before: LedgerState,
  state: LedgerState,
  timeMs: number,
  derived: DerivedHeader,
): LedgerState {
  let next = state
  if (derived.isFreeze) next = freeze(before, next, derived)
  if (derived.isSelection) next = select(next, derived)
  if (derived.isBoundary) next = nameRestartVoters(before, closeEpoch(next, timeMs, derived))
  return next
}

/** COM-1, COM-3: the candidates are the READYs of strict ancestors that still are eligible. */
function freeze(before: LedgerState, state: LedgerState, derived: DerivedHeader): LedgerState {
  const params = readSingle(state, parameters)
  const record = readSingle(state, epochRecord)
  const beacon = beaconOf(record, derived.epoch + 1)
  assert(beacon !== undefined, 'the next beacon was fixed three boundaries ago')
  const candidates = list(before, readyEntries).filter((entry) => {
    const validator = validatorOf(before, entry.validator)
    return validator !== undefined && isActive(validator, derived.epoch + 1, params)
  })
  const count = candidates.length
  const ordered = drawSeats(candidates, { beacon, count, scoreCap: params.scoreCap })
  const limited = limitOperators(ordered, (entry) => operatorOf(before, entry), {
    count: params.committeeSeats + params.backupSeats,
    seatsMax: params.operatorSeatsMax,
  })
  const drawn = writeSingle(state, draw, {
    seats: limited.map((one) => drawnSeat(before, one, derived.epoch + 1)),
  })
  return writeSingle(drawn, epochRecord, {
    ...record,
    frozen: true,
    candidates: candidates.length,
  })
}

function operatorOf(state: LedgerState, { validator }: ReadyEntry): Uint8Array {
  return validatorOf(state, validator)?.operator ?? new Uint8Array(0)
}

/** Its power (COM-7) comes from the stake that its ticket was weighed by. */
function drawnSeat(
  state: LedgerState,
  { entry, overLimit }: Limited<ReadyEntry>,
  epoch: number,
): DrawnSeat {
  const { validator, epochKey, sharingKey, peerId, score } = entry
  const known = validatorOf(state, validator)
  const past = known && forTicketsOf(known, epoch)
  const power = seatPower(past?.stakeMicro ?? 0n, readSingle(state, parameters))
  return { validator, epochKey, sharingKey, peerId, score, confirmed: false, power, overLimit }
}

/** COM-6: the list that X derives is the committee of the next epoch. */
function select(state: LedgerState, derived: DerivedHeader): LedgerState {
  assert(derived.nextCommittee !== undefined, 'X derives the next committee')
  const fixed = write(state, committees, derived.epoch + 1, derived.nextCommittee)
  return writeSingle(fixed, epochRecord, { ...readSingle(fixed, epochRecord), selected: true })
}

/**
 * The boundary: serving is noted, proofs leave their states (FIT-3), beacon and θ of epoch + 5 are
 * fixed, the record turns over.
 */
function closeEpoch(state: LedgerState, timeMs: number, derived: DerivedHeader): LedgerState {
  const { epoch } = derived
  const params = readSingle(state, parameters)
  const served = noteService(state, derived.committee, epoch, params)
  const now = { timeMs, epoch }
  const settled = settleDoubleVotes(settleConvictions(served, now, params), now, params)
  const turned = writeSingle(settled, epochRecord, turnedRecord(settled, timeMs, derived, params))
  const cleared = [readyEntries, nullifiers].reduce<LedgerState>(
    (sum, table) => clear(sum, table),
    clear(keepFitnessStates(turned, epoch), reviews),
  )
  const emptied = clearRound(writeSingle(cleared, draw, { seats: [] }))
  const oldest = epoch - protocol.committeesKept
  const pruned = oldest < 0 ? emptied : remove(emptied, committees, oldest)
  return closeCheckpoint(pruneEnrolmentChanges(pruned, epoch + 1), epoch)
}

function turnedRecord(
  state: LedgerState,
  timeMs: number,
  derived: DerivedHeader,
  params: Params,
): EpochRecord {
  const record = readSingle(state, epochRecord)
  const { epoch } = derived
  const target = epoch + protocol.beaconLeadEpochs
  const previous = beaconOf(record, target - 1)
  assert(previous !== undefined, 'beacons follow each other without a gap')
  assert(derived.beaconOutcome !== undefined, 'a boundary has the outcome of its round')
  const beacon = beaconAfter(previous, target, derived.beaconOutcome)
  const active = list(state, validators).filter((entry) => isActive(entry, epoch + 1, params))
  const theta = nextTheta({
    previous: thetaOf(record, target - 1),
    active: active.length,
    candidates: record.candidates,
    weightSum: () => sumOfWeights(active, target, params),
  })
  const next = {
    ...record,
    epoch: epoch + 1,
    open: false,
    startMs: 0,
    boundaryMs: timeMs,
    frozen: false,
    selected: false,
    registrations: 0,
    active: active.length,
    beacons: [...record.beacons, { epoch: target, beacon }],
    thresholds:
      theta === undefined
        ? record.thresholds
        : [...record.thresholds, { epoch: target, thetaQ32: theta }],
    boundaries: [
      ...record.boundaries,
      { mark: epoch + 1, timeMs, enrolmentRoot: derived.enrolmentRoot },
    ],
  }
  return trimmed(next, epoch + 1)
}

function sumOfWeights(active: readonly Validator[], epoch: number, params: Params): bigint {
  return active.reduce((sum, validator) => {
    const past = forTicketsOf(validator, epoch)
    return past === undefined ? sum : sum + weightQ32(past, epoch, params.stakeCapMicro)
  }, 0n)
}
