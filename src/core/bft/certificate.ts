/**
 * Certificates: aggregates of equal votes with a seat bitmap, so that every signer can be named.
 * Their form is that of `certificateShape.ts`.
 */
import { assert } from '../base/assert.ts'
import { bitmapOf } from '../base/bitmap.ts'
import type { Certificate, Vote } from '../codec/chain.ts'
import { certifyingKeys, powerOf, signersOf } from '../committee/certificateShape.ts'
import { messageOf } from './signing.ts'
import type { AgreementEnv } from './types.ts'

/** What is needed to check a certificate: a seat's agreement has it, and so has a light client. */
export type CertificateEnv = Pick<
  AgreementEnv,
  'chainId' | 'epoch' | 'committeeRoot' | 'seats' | 'quorumPower' | 'bls'
>

export { bitmapOf, powerOf, signersOf }

/** The seats of a certificate that was found valid before. */
export function seatsOf(
  env: Pick<AgreementEnv, 'seats'>,
  certificate: Certificate,
): readonly number[] {
  const seats = signersOf(env.seats.length, certificate.signers)
  assert(seats !== undefined, 'a valid certificate has a canonical bitmap')
  return seats
}

/** Whether a quorum of this committee signed it. Bytes may be anything. */
export function certificateIsValid(env: CertificateEnv, certificate: Certificate): boolean {
  const keys = certifyingKeys(env, certificate)
  if (keys === undefined) return false
  const message = messageOf(env as AgreementEnv, certificate)
  return env.bls.fastAggregateVerify(keys, message, certificate.signature)
}

/** Aggregates equal votes, at most one a seat; undefined when the backend refuses one of them. */
export function aggregate(env: AgreementEnv, votes: readonly Vote[]): Certificate | undefined {
  const first = votes[0]
  if (first === undefined) return undefined
  const ordered = votes.toSorted((left, right) => left.seat - right.seat)
  const signature = env.bls.aggregateSignatures(ordered.map((vote) => vote.signature))
  if (signature === undefined) return undefined
  return {
    kind: first.kind,
    epoch: first.epoch,
    view: first.view,
    block: first.block,
    signers: bitmapOf(
      env.seats.length,
      ordered.map((vote) => vote.seat),
    ),
    signature,
  }
}
