/** A light client's questions to a peer, and what their answers prove (SYNC-2). */
import { ok, type Result } from '../core/base/result.ts'
import {
  verifyLeaf,
  verifyTransaction,
  type ProofEnv,
  type ProvenLeaf,
  type ProvenTransaction,
} from '../core/chain/lightProof.ts'
import {
  verifyEnrolment,
  type EnrolmentProofError,
  type OwnLeaf,
  type ProvenEnrolment,
} from '../core/chain/enrolmentProof.ts'
import type { LightTip } from '../core/chain/lightClient.ts'
import {
  AnswerCode,
  ProofRequest,
  ProofResponse,
  type TransactionPlace,
} from '../core/codec/light.ts'
import { keyOf, type Table } from '../core/ledger/state.ts'
import type { PeerId, Transport } from '../ports/transport.ts'
import { askRestartVoters } from './askRestartVoters.ts'
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
  return judged(asking, (env) => verifyLeaf(env, { table, id }, { block, restart, leaf }))
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
  return judged(asking, (env) => verifyTransaction(env, place, { block, restart, transaction }))
}

/**
 * The own path in the enrolment tree under the root of a recent boundary (STATE-2), for a proof
 * about it. The peer learns who asks, and about when a proof is made. `PROOF_OTHER_ENROLMENT` says
 * that keys, baseline and chain do not belong together, or that the peer lies: ask another one.
 */
export async function askEnrolment(
  asking: Asking,
  place: { readonly epoch: number; readonly own: OwnLeaf },
): Promise<Result<ProvenEnrolment, PeerFailure>> {
  const enrolmentPlace = { account: place.own.identity, epoch: place.epoch }
  const answer = await askProof(asking, ProofRequest.encode({ enrolment: enrolmentPlace }))
  if (!answer.ok) return answer
  const { block, restart, enrolment } = answer.value
  if (enrolment === undefined) return peerFault('PROOF_OTHER')
  return judged(asking, (env) => verifyEnrolment(env, place, { block, restart, enrolment }))
}

async function askProof(
  { transport, peer }: Asking,
  bytes: Uint8Array,
): Promise<Result<ProofResponse, PeerFailure>> {
  const answer = await ask(transport, peer, { protocol: 'proof', bytes, codec: ProofResponse })
  if (!answer.ok || answer.value.code === AnswerCode.ANSWERED) return answer
  return notPeerFault('PROOF_NOT_HELD')
}

/** Who restarted an epoch of what is shown is asked of the same peer (RECOVER-1). */
async function judged<T>(
  asking: Asking,
  verify: (env: ProofEnv) => Result<T, EnrolmentProofError>,
): Promise<Result<T, PeerFailure>> {
  const known = new Map<number, LightTip>()
  const trustedBefore = (epoch: number): LightTip | undefined =>
    known.get(epoch) ?? asking.trustedBefore(epoch)
  for (;;) {
    const result = verify({ bls: asking.bls, trustedBefore })
    if (result.ok) return ok(result.value)
    const { code } = result.error
    const isNobodys = code === 'PROOF_EPOCH_UNKNOWN' || code === 'PROOF_OTHER_ENROLMENT'
    if (isNobodys) return notPeerFault(code)
    const tip = code === 'LIGHT_RESTART_VOTERS' ? trustedBefore(result.error.epoch) : undefined
    if (tip === undefined) return peerFault(code)
    const asked = await askRestartVoters(asking.transport, asking.peer, tip)
    if (!asked.ok) return asked
    known.set(tip.epoch, asked.value.tip)
  }
}
