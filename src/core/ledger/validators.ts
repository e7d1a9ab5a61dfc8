/**
 * Validators as the rules see them: stake, what they were at past boundaries (EPOCH-0), and whether
 * they are active.
 */
import { assert } from '../base/assert.ts'
import type { Validator, ValidatorHistory } from '../codec/state.ts'
import { protocol, type Params } from '../params.ts'
import { read, write, type LedgerState } from './state.ts'
import { validators } from './tables.ts'

/** All that slashing can reach (STAKE-1). */
export function stakeOf(validator: Validator): bigint {
  return validator.unbonding.reduce((sum, entry) => sum + entry.amountMicro, validator.bondedMicro)
}

export function validatorOf(state: LedgerState, account: Uint8Array): Validator | undefined {
  return read(state, validators, account)
}

/** Writes a validator and keeps its history true for the boundary of `epoch`. */
export function writeValidator(
  state: LedgerState,
  validator: Validator,
  epoch: number,
): LedgerState {
  return write(state, validators, validator.account, withHistory(validator, epoch + 1))
}

/** What the validator was after boundary(epoch); undefined when it was not registered yet. */
export function asOfBoundary(validator: Validator, epoch: number): ValidatorHistory | undefined {
  const boundary = Math.max(0, epoch + 1)
  return validator.history.findLast((entry) => entry.boundary <= boundary)
}

/** The values that tickets for `epoch` are weighed by (EPOCH-0). */
export function forTicketsOf(validator: Validator, epoch: number): ValidatorHistory | undefined {
  return asOfBoundary(validator, epoch - protocol.stakeLagEpochs)
}

export function isJailed(validator: Validator, epoch: number): boolean {
  return validator.jailedUntilEpoch > epoch
}

/** ZK-3: consent was taken back, so that it neither serves nor signs. */
export function hasRevoked(state: LedgerState, account: Uint8Array): boolean {
  return validatorOf(state, account)?.consentVersion === 0
}

/** Present, bonded, free and alive: may be drawn for `epoch` (COM-1). */
export function isActive(validator: Validator, epoch: number, params: Params): boolean {
  return (
    !validator.absent &&
    validator.bondedMicro >= params.bondMinMicro &&
    !isJailed(validator, epoch) &&
    validator.credentialExpiry >= epoch &&
    validator.consentVersion === params.consentVersion
  )
}

/**
 * An entry says what held from a boundary on until the next entry. Kept are the entries that a
 * boundary can still ask for: the newest at or before the lag, and all after it.
 */
function withHistory(validator: Validator, boundary: number): Validator {
  const entry: ValidatorHistory = {
    boundary,
    stakeMicro: validator.bondedMicro,
    reputation: validator.reputation,
    uptime: validator.uptime,
    servedMark: validator.servedMark,
    reputationMark: validator.reputationMark,
  }
  const older = validator.history.filter((past) => past.boundary < boundary)
  const newest = older.at(-1)
  if (newest !== undefined && isSameEntry(newest, entry)) return { ...validator, history: older }
  const floor = older.findLastIndex(
    (past) => past.boundary <= boundary - protocol.stakeLagEpochs - 2,
  )
  assert(
    older.every((past) => past.boundary < boundary),
    'history is in order',
  )
  return { ...validator, history: [...older.slice(Math.max(0, floor)), entry] }
}

function isSameEntry(left: ValidatorHistory, right: ValidatorHistory): boolean {
  return (
    left.stakeMicro === right.stakeMicro &&
    left.reputation === right.reputation &&
    left.uptime === right.uptime &&
    left.servedMark === right.servedMark &&
    left.reputationMark === right.reputationMark
  )
}
