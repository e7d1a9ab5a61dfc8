/** A light client's questions to a peer, and what their answers prove (SYNC-2). */
import { ok, type Result } from '../core/base/result.ts'
import {
  verifyLeaf,
  verifyTransaction,
  type ProofEnv,
  type ProofError,
  type ProvenLeaf,
  type ProvenTransaction,
} from '../core/chain/lightProof.ts'
import {
  AnswerCode,
  ProofRequest,
  ProofResponse,
  type TransactionPlace,
} from '../core/codec/light.ts'
import { keyOf, type Table } from '../core/ledger/state.ts'
import type { PeerId, Transport } from '../ports/transport.ts'
import { ask, notPeerFault, peerFault, type PeerFailure } from './peerFailure.ts'

/** Whom to ask, and what is trusted. */
export interface Asking extends ProofEnv {
  readonly transport: Pick<Transport, 'request'>
  readonly peer: PeerId
}

/**
 * Account, validator or any other leaf of the state under the peer's newest header.
 * `PROOF_EPOCH_UNKNOWN` says that a newer boundary must be followed first; `PROOF_NOT_HELD` that
 * another peer must be asked.
 */
export async function askLeaf<Id, V>(
  asking: Asking,
  table: Table<Id, V>,
  id: Id,
): Promise<Result<ProvenLeaf<V>, PeerFailure>> {
  const answer = await askProof(asking, ProofRequest.encode({ leaf: keyOf(table, id) }))
  if (!answer.ok) return answer
  const { block, restart, leaf } = answer.value
  if (leaf === undefined) return peerFault('PROOF_OTHER')
  return judged(verifyLeaf(asking, { table, id }, { block, restart, leaf }))
}

/** A transaction in the block at a height, with its receipt while the peer holds that. */
export async function askTransaction(
  asking: Asking,
  place: TransactionPlace,
): Promise<Result<ProvenTransaction, PeerFailure>> {
  const answer = await askProof(asking, ProofRequest.encode({ transaction: place }))
  if (!answer.ok) return answer
  const { block, restart, transaction } = answer.value
  if (transaction === undefined) return peerFault('PROOF_OTHER')
  return judged(verifyTransaction(asking, place, { block, restart, transaction }))
}

async function askProof(
  { transport, peer }: Asking,
  bytes: Uint8Array,
): Promise<Result<ProofResponse, PeerFailure>> {
  const answer = await ask(transport, peer, { protocol: 'proof', bytes, codec: ProofResponse })
  if (!answer.ok || answer.value.code === AnswerCode.ANSWERED) return answer
  return notPeerFault('PROOF_NOT_HELD')
}

function judged<T>(result: Result<T, ProofError>): Result<T, PeerFailure> {
  if (result.ok) return ok(result.value)
  const { code } = result.error
  return code === 'PROOF_EPOCH_UNKNOWN' ? notPeerFault(code) : peerFault(code)
}
