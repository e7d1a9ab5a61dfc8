/**
 * What is signed for a restart (SIG-2, RECOVER-1): chain, set, epoch and attempt are part of each,
 * under a context of its own, so that no signature means anything elsewhere.
 */
import {
  RestartList,
  RestartPayload,
  RestartSeatPayload,
  RestartTipPayload,
  type RestartReport,
  type RestartSeat,
} from '../codec/restart.ts'
import { hash } from '../crypto/hash.ts'
import type { RestartEnv } from './env.ts'

type Place = Pick<RestartEnv, 'chainId' | 'epoch'> & {
  readonly set: Pick<RestartEnv['set'], 'root'>
}

/** Which block is the newest final one: the same for all whose newest it is. */
export function restartTipMessage(
  env: Place,
  tip: Pick<RestartReport, 'attempt' | 'height' | 'block'>,
): Uint8Array {
  const { attempt, height, block } = tip
  const { chainId, epoch, set } = env
  const payload = { chainId, votersRoot: set.root, epoch, attempt, height, block }
  return hash('restartTip', RestartTipPayload.encode(payload))
}

export function restartSeatMessage(
  env: Place,
  attempt: number,
  { epochKey, sharingKey, peerId }: Omit<RestartSeat, 'possession' | 'signature'>,
): Uint8Array {
  const { chainId, epoch, set } = env
  const payload = {
    ...{ chainId, votersRoot: set.root, epoch, attempt },
    ...{ epochKey, sharingKey, peerId },
  }
  return hash('restartSeat', RestartSeatPayload.encode(payload))
}

/** By the aggregator. */
export function restartListMessage(
  { chainId, set }: Omit<Place, 'epoch'>,
  list: Omit<RestartList, 'signature'>,
): Uint8Array {
  const bytes = RestartList.encode({ ...list, signature: new Uint8Array(0) })
  const place = { votersRoot: set.root, epoch: list.epoch, attempt: list.attempt }
  const header = RestartPayload.encode({ chainId, ...place })
  return hash('restartList', hash('restartList', header), bytes)
}

/** What 2/3 of the stake sign, each voter once an attempt. */
export function restartStakeMessage(payload: RestartPayload): Uint8Array {
  return hash('restartStake', RestartPayload.encode(payload))
}
