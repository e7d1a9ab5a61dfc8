/**
 * What a seat signs and how it is checked (SIG-2): the domain covers kind, chain, epoch, view and
 * committee, so that no vote means anything in another place.
 */
import { VoteKind, type Vote } from '../codec/chain.ts'
import { voteMessage } from '../committee/voteMessage.ts'
import { assert } from '../base/assert.ts'
import type { SeatIndex } from '../types/ids.ts'
import type { AgreementEnv } from './types.ts'

const none = new Uint8Array(0)

export interface Signed {
  readonly kind: VoteKind
  readonly view: number
  /** Header hash; empty for SKIP. */
  readonly block: Uint8Array
}

export function messageOf(env: AgreementEnv, signed: Signed): Uint8Array {
  return voteMessage({
    kind: signed.kind,
    chainId: env.chainId,
    epoch: env.epoch,
    view: signed.view,
    committeeRoot: env.committeeRoot,
    block: signed.block,
  })
}

/** Signs as the own seat. The caller has checked that the rules allow it. */
export function signVote(env: AgreementEnv, signed: Signed, leaderSignature: Uint8Array): Vote {
  assert(env.own !== undefined, 'only a seat signs')
  return {
    kind: signed.kind,
    epoch: env.epoch,
    view: signed.view,
    block: signed.block,
    seat: env.own.seat,
    signature: env.own.sign(messageOf(env, signed)),
    leaderSignature,
  }
}

export function voteIsSigned(env: AgreementEnv, vote: Vote): boolean {
  const seat = env.seats[vote.seat]
  if (seat === undefined) return false
  return env.bls.verify(seat.epochKey, messageOf(env, vote), vote.signature)
}

/** Whether the leader of `view` signed `block` as its proposal (BFT-3). */
export function proposalIsSigned(
  env: AgreementEnv,
  options: { readonly view: number; readonly block: Uint8Array; readonly signature: Uint8Array },
): boolean {
  const seat = env.seats[leaderOf(env, options.view)]
  if (seat === undefined) return false
  const message = messageOf(env, { kind: VoteKind.PROPOSE, ...options })
  return env.bls.verify(seat.epochKey, message, options.signature)
}

/** COM-4: the order repeats every n views; views count from 1. */
export function leaderOf(env: AgreementEnv, view: number): SeatIndex {
  const leader = env.leaders[(view - 1) % env.leaders.length]
  assert(leader !== undefined, 'the leader order is not empty and views count from 1')
  return leader as SeatIndex
}

export const emptyBytes = none
