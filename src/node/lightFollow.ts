/** A page of boundaries from any peer, followed from what is trusted (SYNC-2). */
import { err, ok, type Result } from '../core/base/result.ts'
import { followBoundary, type LightTip, type ShownBoundary } from '../core/chain/lightClient.ts'
import { SyncRequest, SyncResponse } from '../core/codec/chain.ts'
import type { BlsBackend } from '../core/crypto/bls.ts'
import type { PeerId, Transport } from '../ports/transport.ts'
import { ask, blockFailure, notPeerFault, peerFault, type PeerFailure } from './peerFailure.ts'
import { shownOf } from './shownBoundaries.ts'

/** Boundaries asked for at once: some 4 KiB each with a committee of 21 seats. */
export const boundariesMax = 64

export interface Followed {
  readonly tip: LightTip
  /** What was verified, oldest first. */
  readonly boundaries: readonly ShownBoundary[]
}

/**
 * Errors of a peer: those of the light client, those of decoding, and `SYNC_HISTORY_PRUNED` when it
 * does not hold the boundary that comes next, which is no fault.
 */
export async function followPage(
  transport: Pick<Transport, 'request'>,
  peer: PeerId,
  from: LightTip,
  bls: BlsBackend,
): Promise<Result<Followed, PeerFailure>> {
  const bytes = SyncRequest.encode({
    fromHeight: from.height + 1,
    countMax: boundariesMax,
    boundariesOnly: true,
  })
  const page = await ask(transport, peer, { protocol: 'sync', bytes, codec: SyncResponse })
  if (!page.ok) return page
  const shown = shownOf(page.value)
  if (shown === undefined || shown.length > boundariesMax) return peerFault('SYNC_PAGE_INVALID')
  let tip = from
  for (const boundary of shown) {
    const next = followBoundary(tip, boundary, bls)
    if (!next.ok) {
      const { error } = next
      const isAhead = error.code === 'LIGHT_EPOCH' && error.found > error.epoch
      return isAhead ? notPeerFault('SYNC_HISTORY_PRUNED') : err(blockFailure(error.code))
    }
    tip = next.value
  }
  return ok({ tip, boundaries: shown.map(withoutBody) })
}

/** A boundary's body says nothing here: nobody makes this node store one. */
function withoutBody({ block, ...rest }: ShownBoundary): ShownBoundary {
  return { ...rest, block: { ...block, body: new Uint8Array(0) } }
}
