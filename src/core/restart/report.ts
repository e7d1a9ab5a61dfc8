/**
 * One voter's report (RECOVER-1): its newest final block, so that nobody restarts below what the
 * stake of the network knows to be final, and the seat that it offers. It binds nobody: a chain
 * that comes back meanwhile goes on.
 */
import type { RestartReport, RestartSeat } from '../codec/restart.ts'
import { blsPublicKeyBytes } from '../crypto/bls.ts'
import { hashBytes } from '../crypto/hash.ts'
import { isSharingKey } from '../crypto/pvss/sharingKey.ts'
import { protocol } from '../params.ts'
import type { RestartEnv } from './env.ts'
import { restartSeatMessage, restartTipMessage } from './messages.ts'

/** `sign` is by the checkpoint key of that voter; the epoch key was made for this attempt. */
export function makeReport(
  env: RestartEnv,
  own: {
    readonly voter: number
    readonly attempt: number
    readonly height: number
    readonly block: Uint8Array
    readonly seat: Omit<RestartSeat, 'signature'>
    readonly sign: (message: Uint8Array) => Uint8Array
  },
): RestartReport {
  const { voter, attempt, height, block, seat, sign } = own
  return {
    epoch: env.epoch,
    attempt,
    voter,
    height,
    block,
    signature: sign(restartTipMessage(env, own)),
    seat: { ...seat, signature: sign(restartSeatMessage(env, attempt, seat)) },
  }
}

/** Whether that voter of the set made it. Fields may be anything. */
export function reportIsValid(env: RestartEnv, report: RestartReport): boolean {
  const { epoch, attempt, voter, height, block, signature, seat } = report
  const key = env.set.voters[voter]?.key
  if (key === undefined || seat === undefined || epoch !== env.epoch || attempt < 1) return false
  if (!Number.isSafeInteger(height) || block.length !== hashBytes) return false
  return (
    env.bls.verify(key, restartTipMessage(env, report), signature) &&
    seatIsOffered(env, { voter, attempt, seat })
  )
}

/** Whether that voter offers this seat in this attempt, with keys that it has. */
export function seatIsOffered(
  env: RestartEnv,
  offer: { readonly voter: number; readonly attempt: number; readonly seat: RestartSeat },
): boolean {
  const { voter, attempt, seat } = offer
  const key = env.set.voters[voter]?.key
  return (
    key !== undefined &&
    seat.epochKey.length === blsPublicKeyBytes &&
    seat.peerId.length <= protocol.peerIdBytesMax &&
    isSharingKey(seat.sharingKey) &&
    env.bls.verifyPossession(seat.epochKey, seat.possession) &&
    env.bls.verify(key, restartSeatMessage(env, attempt, seat), seat.signature)
  )
}
