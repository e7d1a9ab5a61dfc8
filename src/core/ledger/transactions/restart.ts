/**
 * RECOVER-1: the committee that goes on from a base block, named by 2/3 of the stake that the
 * boundary before the epoch fixed, or by the restart key of a devnet. The record is the first
 * transaction of the block on that base, so that everyone who replays the chain sees it. What the
 * silent seats had prepared for the next epoch is dropped with them.
 */
import { equalBytes, hex } from '../../base/bytes.ts'
import { err, ok, type Result } from '../../base/result.ts'
import type { Committee, Restart } from '../../codec/chain.ts'
import { totalPowerMax } from '../../committee/quorum.ts'
import { blsPublicKeyBytes } from '../../crypto/bls.ts'
import { isSharingKey } from '../../crypto/pvss/sharingKey.ts'
import { protocol } from '../../params.ts'
import { verifyRestart } from '../../restart/verifyRestart.ts'
import { restartVoters } from '../checkpoints.ts'
import type { Verifier } from '../env.ts'
import type { RestartError } from '../errors.ts'
import { restartMessage } from '../restartMessage.ts'
import { clearRound } from '../sharing/roundState.ts'
import { readSingle, remove, write, writeSingle, type LedgerState } from '../state.ts'
import {
  chainInfo,
  checkpointRecord,
  committees,
  draw,
  epochRecord,
  parameters,
  tip,
} from '../tables.ts'
import { noTurns } from '../turns.ts'
import { validatorOf } from '../validators.ts'

export interface VerifiedRestart {
  readonly state: LedgerState
  readonly committee: Committee
}

/** The block that a record would open, or has opened. */
export interface RestartPlace {
  /** Hash of the parent that the block extends. */
  readonly base: Uint8Array
  /** Time of the block, unix ms. */
  readonly timeMs: number
}

export function applyRestart(
  state: LedgerState,
  restart: Restart,
  place: RestartPlace,
  verifier: Verifier,
): Result<VerifiedRestart, RestartError> {
  if (!mayRestart(state)) return err({ code: 'RESTART_FORBIDDEN' })
  const { epoch, attempt, committee } = restart
  const isNext = epoch === readSingle(state, epochRecord).epoch && attempt > lastAttempt(state)
  if (!isNext || !equalBytes(restart.base, place.base)) return err({ code: 'RESTART_STALE' })
  if (committee === undefined || !committeeIsSound(state, committee, restart)) {
    return err({ code: 'RESTART_COMMITTEE' })
  }
  const signed = restartSignature(state, restart, verifier)
  if (!signed.ok) return signed
  const notBeforeMs = restartNotBeforeMs(state)
  if (place.timeMs < notBeforeMs) return err({ code: 'RESTART_EARLY', notBeforeMs })
  return ok({ state: seated(state, restart, committee), committee })
}

/** The highest attempt that restarted the running epoch, 0 for none. */
export function lastAttempt(state: LedgerState): number {
  const { restartEpoch, restartAttempt } = readSingle(state, chainInfo)
  return restartEpoch === readSingle(state, epochRecord).epoch ? restartAttempt : 0
}

/** Unix ms; before it the chain only pauses. */
export function restartNotBeforeMs(state: LedgerState): number {
  return readSingle(state, tip).timeMs + readSingle(state, parameters).restartAfterMs
}

/** Whether anybody may: a devnet's key, or a set of voters that the boundary named. */
export function mayRestart(state: LedgerState): boolean {
  const isDevnet = readSingle(state, chainInfo).devnet !== undefined
  return isDevnet || readSingle(state, checkpointRecord).restartRoot.length > 0
}

/**
 * Whether the restart key, or the stake, of this chain signed the record, whatever the record says.
 */
export function restartSignature(
  state: LedgerState,
  restart: Restart,
  verifier: Verifier,
): Result<undefined, RestartError> {
  const { chainId, devnet } = readSingle(state, chainInfo)
  const { committee } = restart
  if (committee === undefined) return err({ code: 'RESTART_SIGNATURE' })
  const record = { ...restart, committee }
  if (devnet === undefined) {
    const set = restartVoters(state)
    if (set === undefined) return err({ code: 'RESTART_FORBIDDEN' })
    return verifyRestart({ chainId, set, aggregateSigned: verifier.aggregateSigned }, record)
  }
  const message = restartMessage(chainId, record)
  const isSigned =
    restart.voters.length === 0 &&
    verifier.accountSigned(devnet.restartKey, message, restart.signature)
  return isSigned ? ok(undefined) : err({ code: 'RESTART_SIGNATURE' })
}

/**
 * The named committee serves, and stays on (COM-5) unless a draw after this block replaces it: a
 * draw or a next committee from before holds the very seats that went silent.
 */
function seated(
  state: LedgerState,
  { epoch, attempt }: Restart,
  committee: Committee,
): LedgerState {
  const info = readSingle(state, chainInfo)
  const record = readSingle(state, epochRecord)
  let next = writeSingle(state, chainInfo, {
    ...info,
    restartEpoch: epoch,
    restartAttempt: attempt,
  })
  next = write(next, committees, epoch, committee)
  next = remove(next, committees, epoch + 1)
  next = writeSingle(next, epochRecord, { ...record, selected: false })
  next = writeSingle(next, tip, { ...readSingle(next, tip), ...noTurns })
  return clearRound(writeSingle(next, draw, { seats: [] }))
}

function committeeIsSound(
  state: LedgerState,
  committee: Committee,
  { epoch, attempt }: Restart,
): boolean {
  const { seats, leaders } = committee
  const { committeeSeats } = readSingle(state, parameters)
  const identities = new Set(seats.map((seat) => hex(seat.validator)))
  const keys = new Set(seats.map((seat) => hex(seat.epochKey)))
  const power = seats.reduce((sum, seat) => sum + seat.power, 0)
  const order = leaders.toSorted((left, right) => left - right)
  return (
    committee.epoch === epoch &&
    // It makes the root, and with it every vote, another one than in any attempt before.
    committee.attempt === attempt &&
    seats.length >= 1 &&
    seats.length <= committeeSeats &&
    identities.size === seats.length &&
    keys.size === seats.length &&
    power <= totalPowerMax &&
    seats.every((seat) => seat.power >= 1 && seat.epochKey.length === blsPublicKeyBytes) &&
    seats.every((seat) => isSharingKey(seat.sharingKey)) &&
    seats.every((seat) => seat.peerId.length <= protocol.peerIdBytesMax) &&
    seats.every((seat) => validatorOf(state, seat.validator) !== undefined) &&
    order.length === seats.length &&
    order.every((leader, index) => leader === index)
  )
}
