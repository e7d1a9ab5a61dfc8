/** Who may restart an epoch, from any peer that held the state before its boundary (SYNC-2). */
import { ok, type Result } from '../core/base/result.ts'
import { withRestartVoters, type LightTip } from '../core/chain/lightClient.ts'
import { RestartRequest, RestartResponse } from '../core/codec/restart.ts'
import type { PeerId, Transport } from '../ports/transport.ts'
import { ask, notPeerFault, peerFault, type PeerFailure } from './peerFailure.ts'

export interface ShownVoters {
  /** With the set. */
  readonly tip: LightTip
  /** Exact bytes of the RestartVoters, verified: others may ask for them. */
  readonly bytes: Uint8Array
}

/** `tip` is the boundary before the epoch that was restarted. */
export async function askRestartVoters(
  transport: Pick<Transport, 'request'>,
  peer: PeerId,
  tip: LightTip,
): Promise<Result<ShownVoters, PeerFailure>> {
  const bytes = RestartRequest.encode({ votersOf: tip.epoch })
  const answer = await ask(transport, peer, { protocol: 'restart', bytes, codec: RestartResponse })
  if (!answer.ok) return answer
  const { voters } = answer.value
  if (voters.length === 0) return notPeerFault('RESTART_VOTERS_NOT_HELD')
  const known = withRestartVoters(tip, voters)
  return known.ok ? ok({ tip: known.value, bytes: voters }) : peerFault(known.error.code)
}
