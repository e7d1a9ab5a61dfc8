/**
 * RECOVER-1 on devnets: the restart key names the committee that goes on from a base block. The
 * record is the first transaction of the block on that base, so that everyone who replays the chain
 * sees it.
 */
import { concat, equalBytes, hex, u32be, u64be, utf8 } from '../../base/bytes.ts'
import { err, ok, type Result } from '../../base/result.ts'
import { Committee, type Restart } from '../../codec/chain.ts'
import { totalPowerMax } from '../../committee/quorum.ts'
import { blsPublicKeyBytes } from '../../crypto/bls.ts'
import { hash } from '../../crypto/hash.ts'
import { protocol } from '../../params.ts'
import type { Verifier } from '../env.ts'
import type { RestartError } from '../errors.ts'
import { readSingle, write, writeSingle, type LedgerState } from '../state.ts'
import { beaconShares, chainInfo, committees, epochRecord, parameters } from '../tables.ts'
import { validatorOf } from '../validators.ts'

export interface VerifiedRestart {
  readonly state: LedgerState
  readonly committee: Committee
}

/** What the restart key signs. */
export function restartMessage(
  chainId: string,
  restart: Pick<Restart, 'epoch' | 'attempt' | 'base'> & { readonly committee: Committee },
): Uint8Array {
  const chain = utf8(chainId)
  const place = concat(u32be(chain.length), chain, u64be(restart.epoch), u32be(restart.attempt))
  return hash('restart', place, restart.base, Committee.encode(restart.committee))
}

/** `base` is the hash of the parent that the block extends. */
export function applyRestart(
  state: LedgerState,
  restart: Restart,
  base: Uint8Array,
  verifier: Verifier,
): Result<VerifiedRestart, RestartError> {
  const chain = readSingle(state, chainInfo)
  const record = readSingle(state, epochRecord)
  if (chain.devnet === undefined) return err({ code: 'RESTART_FORBIDDEN' })
  const { epoch, attempt, committee } = restart
  const last = chain.restartEpoch === epoch ? chain.restartAttempt : 0
  if (epoch !== record.epoch || attempt <= last || !equalBytes(restart.base, base)) {
    return err({ code: 'RESTART_STALE' })
  }
  if (committee === undefined || !committeeIsSound(state, committee, epoch)) {
    return err({ code: 'RESTART_COMMITTEE' })
  }
  const message = restartMessage(chain.chainId, { ...restart, committee })
  if (!verifier.accountSigned(chain.devnet.restartKey, message, restart.signature)) {
    return err({ code: 'RESTART_SIGNATURE' })
  }
  const noted = writeSingle(state, chainInfo, {
    ...chain,
    restartEpoch: epoch,
    restartAttempt: attempt,
  })
  const seated = write(noted, committees, epoch, committee)
  return ok({ state: writeSingle(seated, beaconShares, { shares: [] }), committee })
}

function committeeIsSound(state: LedgerState, committee: Committee, epoch: number): boolean {
  const { seats, leaders } = committee
  const { committeeSeats } = readSingle(state, parameters)
  const identities = new Set(seats.map((seat) => hex(seat.validator)))
  const keys = new Set(seats.map((seat) => hex(seat.epochKey)))
  const power = seats.reduce((sum, seat) => sum + seat.power, 0)
  const order = leaders.toSorted((left, right) => left - right)
  return (
    committee.epoch === epoch &&
    seats.length >= 1 &&
    seats.length <= committeeSeats &&
    identities.size === seats.length &&
    keys.size === seats.length &&
    power <= totalPowerMax &&
    seats.every((seat) => seat.power >= 1 && seat.epochKey.length === blsPublicKeyBytes) &&
    seats.every((seat) => seat.peerId.length <= protocol.peerIdBytesMax) &&
    seats.every((seat) => validatorOf(state, seat.validator) !== undefined) &&
    order.length === seats.length &&
    order.every((leader, index) => leader === index)
  )
}
