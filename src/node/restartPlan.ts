/**
 * RECOVER-1, the operator's side: which committee a Restart names for a chain that stands still,
 * and the record itself. Everything but who is live is read from the final tip.
 */
import { hex } from '../core/base/bytes.ts'
import { err, ok, type Result } from '../core/base/result.ts'
import type { Committee, Restart, Seat } from '../core/codec/chain.ts'
import { leaderOrder } from '../core/committee/leaders.ts'
import { ed25519PublicKey, ed25519Sign } from '../core/crypto/ed25519.ts'
import { beaconOf } from '../core/ledger/epochs.ts'
import { list, readSingle, type LedgerState } from '../core/ledger/state.ts'
import { chainInfo, epochRecord, parameters, readyEntries } from '../core/ledger/tables.ts'
import { encodeTransaction } from '../core/ledger/transactionBytes.ts'
import { lastAttempt, restartNotBeforeMs } from '../core/ledger/transactions/restart.ts'
import { restartMessage } from '../core/ledger/restartMessage.ts'
import type { Tip } from './chain.ts'
import { committeeOf } from './epochEnv.ts'

/** A seat alone could never recover: nobody could tell it what it signed (BFT-10). */
export const liveSeatsMin = 2

/** Epochs in which the record may still be sent on. */
const expiryEpochs = 10

export type RestartPlanError =
  /** The genesis of this chain has no restart key: it halts rather than forks. */
  | { readonly code: 'RESTART_FORBIDDEN' }
  /** Blocks were final a moment ago. */
  | { readonly code: 'RESTART_EARLY'; readonly notBeforeMs: number }
  /** Too few reachable nodes hold a key that may sit. */
  | { readonly code: 'RESTART_TOO_FEW'; readonly live: number; readonly needed: number }
  /** The key is not the one that the genesis names. */
  | { readonly code: 'RESTART_SIGNATURE' }

export interface PlannedSeat extends Seat {
  /** From the present committee, or from a READY for the next epoch. */
  readonly from: 'committee' | 'ready'
}

export interface RestartPlan {
  readonly epoch: number
  readonly attempt: number
  readonly baseHeight: number
  readonly base: Uint8Array
  readonly committee: Committee
  readonly seats: readonly PlannedSeat[]
  /** Validators of the present committee that are not in the new one. */
  readonly left: readonly Seat[]
}

/** Whose keys a Restart on this tip may name: those seated now, then those of READYs. */
export function restartCandidates({ state }: Pick<Tip, 'state'>): readonly PlannedSeat[] {
  const present = presentSeats(state)
  const seated = new Set(present.map((seat) => hex(seat.validator)))
  return [
    ...present.map((seat) => ({ ...seat, from: 'committee' as const })),
    ...list(state, readyEntries)
      .filter((entry) => !seated.has(hex(entry.validator)))
      .map(({ validator, epochKey, sharingKey, peerId, score }) => {
        const seat = { validator, epochKey, sharingKey, peerId, score, power: 1 }
        return { ...seat, from: 'ready' as const }
      }),
  ]
}

function presentSeats(state: LedgerState): readonly Seat[] {
  return committeeOf(state, readSingle(state, epochRecord).epoch)?.seats ?? []
}

/**
 * `isLive` says of a seat's peer whether it answers and stands at this tip. Keys come from the
 * chain alone, so that no node is asked for anything.
 */
export function planRestart(
  tip: Tip,
  options: { readonly nowMs: number; readonly isLive: (seat: Omit<Seat, 'power'>) => boolean },
): Result<RestartPlan, RestartPlanError> {
  const { state } = tip
  if (readSingle(state, chainInfo).devnet === undefined) return err({ code: 'RESTART_FORBIDDEN' })
  const notBeforeMs = restartNotBeforeMs(state)
  if (options.nowMs < notBeforeMs) return err({ code: 'RESTART_EARLY', notBeforeMs })
  const record = readSingle(state, epochRecord)
  const { committeeSeats, scoreCap } = readSingle(state, parameters)
  const present = presentSeats(state)
  const seats = restartCandidates(tip)
    .filter((seat) => options.isLive(seat))
    .slice(0, committeeSeats)
  if (seats.length < liveSeatsMin) {
    return err({ code: 'RESTART_TOO_FEW', live: seats.length, needed: liveSeatsMin })
  }
  // Seconds since the base: a later call is a higher attempt, also after one that brought nothing.
  const sinceBase = Math.floor((options.nowMs - tip.timeMs) / 1000)
  const attempt = Math.max(lastAttempt(state) + 1, sinceBase)
  const chosen = new Set(seats.map((seat) => hex(seat.validator)))
  const beacon = beaconOf(record, record.epoch) ?? tip.hash
  const scores = seats.map((seat) => seat.score)
  return ok({
    epoch: record.epoch,
    attempt,
    baseHeight: tip.height,
    base: tip.hash,
    committee: {
      epoch: record.epoch,
      seats: seats.map(({ validator, epochKey, sharingKey, power, peerId, score }) => {
        return { validator, epochKey, sharingKey, power, peerId, score }
      }),
      leaders: leaderOrder(scores, { beacon, epoch: record.epoch, scoreCap }),
      attempt,
    },
    seats,
    left: present.filter((seat) => !chosen.has(hex(seat.validator))),
  })
}

/** The record as the transaction that opens the next block, signed by the restart key. */
export function signRestart(
  tip: Tip,
  plan: Pick<RestartPlan, 'epoch' | 'attempt' | 'base' | 'committee'>,
  restartSeed: Uint8Array,
): Result<Uint8Array, RestartPlanError> {
  const { chainId, devnet } = readSingle(tip.state, chainInfo)
  const { epoch, attempt, base, committee } = plan
  const isOwnKey = devnet && hex(devnet.restartKey) === hex(ed25519PublicKey(restartSeed))
  if (isOwnKey !== true) return err({ code: 'RESTART_SIGNATURE' })
  const fields = { epoch, attempt, base, committee, voters: new Uint8Array(0) }
  const signature = ed25519Sign(restartSeed, restartMessage(chainId, { ...fields, committee }))
  return ok(encodeRestart(chainId, { ...fields, signature }))
}

/** Exact bytes to send; the record carries the only signature (REPLAY-1 is its attempt). */
export function encodeRestart(chainId: string, restart: Restart): Uint8Array {
  const none = new Uint8Array(0)
  const transaction = {
    chainId,
    sender: none,
    nonce: 0,
    expiryEpoch: restart.epoch + expiryEpochs,
    feeMaxMicro: 0n,
    restart,
  }
  return encodeTransaction(transaction, () => none)
}
