/** A page of boundaries from any peer, followed from what is trusted (SYNC-2). */
import { err, ok, type Result } from '../core/base/result.ts'
import {
  followBoundary,
  type LightError,
  type LightTip,
  type ShownBoundary,
} from '../core/chain/lightClient.ts'
import { SyncRequest, SyncResponse } from '../core/codec/chain.ts'
import type { BlsBackend } from '../core/crypto/bls.ts'
import type { PeerId, Transport } from '../ports/transport.ts'
import { askRestartVoters } from './askRestartVoters.ts'
import { ask, blockFailure, peerFault, type PeerFailure } from './peerFailure.ts'
import { shownOf } from './shownBoundaries.ts'

/** Boundaries asked for at once: some 4 KiB each with a committee of 21 seats. */
export const boundariesMax = 64

export interface Followed {
  readonly tip: LightTip
  /** What was verified, oldest first. */
  readonly boundaries: readonly ShownBoundary[]
  /** By epoch, who restarted it by stake: exact bytes of a RestartVoters. */
  readonly restartVoters: ReadonlyMap<number, Uint8Array>
}

/**
 * Errors of a peer: those of the light client, those of decoding, `SYNC_HISTORY_PRUNED` when it
 * does not hold the boundary that comes next, and `RESTART_VOTERS_NOT_HELD` when it does not hold
 * who restarted the epoch by stake; the last two are no fault.
 */
export async function followPage(
  transport: Pick<Transport, 'request'>,
  peer: PeerId,
  from: LightTip,
  bls: BlsBackend,
  countMax = boundariesMax,
): Promise<Result<Followed, PeerFailure>> {
  const bytes = SyncRequest.encode({
    fromHeight: from.height + 1,
    countMax,
    boundariesOnly: true,
  })
  const page = await ask(transport, peer, { protocol: 'sync', bytes, codec: SyncResponse })
  if (!page.ok) return page
  const shown = shownOf(page.value)
  if (shown === undefined || shown.length > countMax) return peerFault('SYNC_PAGE_INVALID')
  let tip = from
  const restartVoters = new Map<number, Uint8Array>()
  for (const boundary of shown) {
    let next = followBoundary(tip, boundary, bls)
    if (!next.ok && next.error.code === 'LIGHT_RESTART_VOTERS') {
      const asked = await askRestartVoters(transport, peer, tip)
      if (!asked.ok) return asked
      restartVoters.set(tip.epoch, asked.value.bytes)
      next = followBoundary(asked.value.tip, boundary, bls)
    }
    if (!next.ok) return err(failureOf(next.error))
    tip = next.value
  }
  return ok({ tip, boundaries: shown.map(withoutBody), restartVoters })
}

function failureOf(error: LightError): PeerFailure {
  const isAhead = error.code === 'LIGHT_EPOCH' && error.found > error.epoch
  return isAhead ? { code: 'SYNC_HISTORY_PRUNED', isPeerFault: false } : blockFailure(error.code)
}

/** A boundary's body says nothing here: nobody makes this node store one. */
function withoutBody({ block, ...rest }: ShownBoundary): ShownBoundary {
  return { ...rest, block: { ...block, body: new Uint8Array(0) } }
}
