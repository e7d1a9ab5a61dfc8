/**
 * What block X fixes (COM-5, COM-6): the next committee is the first confirmed of the draw when
 * they are enough, else the present committee stays on, with the fresh keys of those who confirmed
 * one.
 */
import { hex } from '../base/bytes.ts'
import { Committee, type Seat } from '../codec/chain.ts'
import { hash } from '../crypto/hash.ts'
import { protocol } from '../params.ts'
import { leaderOrder } from './leaders.ts'
import { powerLevel } from './seatPower.ts'

export interface DrawnCandidate {
  readonly validator: Uint8Array
  readonly epochKey: Uint8Array
  readonly sharingKey: Uint8Array
  readonly peerId: string
  readonly score: number
  /** COM-7, before it is lowered. */
  readonly power: number
  readonly confirmed: boolean
  /** COM-3: one of its operator's who are too many. */
  readonly overLimit: boolean
}

/** COM-5: the least number of seats that may follow a committee of `seatsNow`. */
export function seatsMin(options: {
  readonly active: number
  readonly seatsNow: number
  readonly committeeSeats: number
}): number {
  const { active, seatsNow, committeeSeats } = options
  if (active >= 3 * committeeSeats) return committeeSeats
  return Math.max(protocol.committeeSeatsMin, Math.ceil((2 * seatsNow) / 3))
}

export function nextCommittee(options: {
  readonly current: Committee
  /** Seats and backups of the freeze block, best first; empty when there was no freeze yet. */
  readonly draw: readonly DrawnCandidate[]
  /** Active validators. */
  readonly active: number
  /** beacon(epoch + 1). */
  readonly beacon: Uint8Array
  readonly committeeSeats: number
  readonly scoreCap: number
}): Committee {
  const { current, draw, active, beacon, committeeSeats, scoreCap } = options
  const epoch = current.epoch + 1
  const confirmed = draw.filter((candidate) => candidate.confirmed)
  const bound = seatsMin({ active, seatsNow: current.seats.length, committeeSeats })
  const called = calledOf(confirmed, bound)
  const seats =
    called.length >= bound
      ? seatsOf(called.slice(0, committeeSeats))
      : refreshed(current.seats, confirmed)
  const leaders = leaderOrder(
    seats.map((seat) => seat.score),
    { beacon, epoch, scoreCap },
  )
  return { epoch, seats, leaders, attempt: 0 }
}

/** COM-3: of those above the limit of an operator as many as the bound lacks, and no more. */
function calledOf(confirmed: readonly DrawnCandidate[], bound: number): readonly DrawnCandidate[] {
  const within = confirmed.filter((candidate) => !candidate.overLimit)
  const above = confirmed.filter((candidate) => candidate.overLimit)
  return [...within, ...above.slice(0, Math.max(0, bound - within.length))]
}

export function committeeRoot(committee: Committee): Uint8Array {
  return hash('committee', Committee.encode(committee))
}

function seatsOf(candidates: readonly DrawnCandidate[]): Seat[] {
  const level = powerLevel(candidates.map(({ power }) => power))
  return candidates.map(({ validator, epochKey, sharingKey, peerId, score, power }) => {
    return { validator, epochKey, power: Math.min(power, level), peerId, score, sharingKey }
  })
}

/** The present seats in their order; who confirmed a fresh key uses it. */
function refreshed(seats: readonly Seat[], confirmed: readonly DrawnCandidate[]): Seat[] {
  const fresh = new Map(confirmed.map((candidate) => [hex(candidate.validator), candidate]))
  return seats.map((seat) => {
    const candidate = fresh.get(hex(seat.validator))
    if (candidate === undefined) return seat
    const { epochKey, sharingKey, peerId, score } = candidate
    return { ...seat, epochKey, sharingKey, peerId, score }
  })
}
