/** The boundary that a trusted checkpoint is of, from any peer (SYNC-1). */
import { err, ok, type Result } from '../core/base/result.ts'
import { lightCheckpoint, type CheckpointedBoundary } from '../core/chain/lightCheckpoint.ts'
import { Committee, SyncResponse } from '../core/codec/chain.ts'
import {
  CheckpointRequest,
  CheckpointResponse,
  type CheckpointContent,
} from '../core/codec/checkpoint.ts'
import { decodeStrict } from '../core/codec/strict.ts'
import type { BlsBackend } from '../core/crypto/bls.ts'
import { transportLimits, type PeerId, type Transport } from '../ports/transport.ts'
import { ask, blockFailure, notPeerFault, peerFault, type PeerFailure } from './peerFailure.ts'
import { shownOf } from './shownBoundaries.ts'

/** 21 seats with their keys and peer ids. */
const committeeBytesMax = 16 * 1024

/** Verified against the content, and without what nobody needs. */
export async function askBoundary(
  asking: { readonly transport: Pick<Transport, 'request'>; readonly bls: BlsBackend },
  peer: PeerId,
  trusted: {
    readonly chainId: string
    readonly restartKey: Uint8Array | undefined
    readonly content: CheckpointContent
  },
): Promise<Result<CheckpointedBoundary, PeerFailure>> {
  const answer = await ask(asking.transport, peer, {
    protocol: 'checkpoint',
    bytes: CheckpointRequest.encode({ boundaryOf: trusted.content.number }),
    codec: CheckpointResponse,
  })
  if (!answer.ok) return answer
  const { boundary, committee: committeeBytes } = answer.value
  if (boundary.length === 0) return notPeerFault('CHECKPOINT_BOUNDARY_NOT_HELD')
  const page = decodeStrict(SyncResponse, boundary, transportLimits.responseBytesMax)
  if (!page.ok) return peerFault(page.error.code)
  const committee = decodeStrict(Committee, committeeBytes, committeeBytesMax)
  if (!committee.ok) return peerFault(committee.error.code)
  const [first, ...more] = shownOf(page.value) ?? []
  if (first === undefined || more.length > 0) return peerFault('SYNC_PAGE_INVALID')
  const shown = { ...first, committee: committee.value }
  const tip = lightCheckpoint(trusted, shown, asking.bls)
  if (!tip.ok) return err(blockFailure(tip.error.code))
  // Whether a restart by stake holds cannot be known from here: nobody is shown it by this node.
  const restart = trusted.restartKey === undefined ? undefined : shown.restart
  return ok({ ...shown, restart, block: { ...shown.block, body: new Uint8Array(0) } })
}
