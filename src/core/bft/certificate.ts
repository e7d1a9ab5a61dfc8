/**
 * Certificates: aggregates of equal votes with a seat bitmap, so that every signer can be named.
 *
 * One canonical form: exactly ⌈n/8⌉ bytes, seat i is bit i mod 8 of byte ⌊i/8⌋, no bit above n.
 * The quorum comes from the committee, never from the certificate (BFT-11).
 */
import { assert } from '../base/assert.ts'
import { VoteKind, type Certificate, type Vote } from '../codec/chain.ts'
import { messageOf } from './signing.ts'
import type { AgreementEnv } from './types.ts'

/** What is needed to check a certificate: a seat's agreement has it, and so has a light client. */
export type CertificateEnv = Pick<
  AgreementEnv,
  'chainId' | 'epoch' | 'committeeRoot' | 'seats' | 'quorumPower' | 'bls'
>

/** The seats in the bitmap, ascending; undefined when the bitmap is not canonical. */
export function signersOf(seatCount: number, signers: Uint8Array): readonly number[] | undefined {
  if (signers.length !== Math.ceil(seatCount / 8)) return undefined
  const seats: number[] = []
  for (const [index, byte] of signers.entries()) {
    for (let bit = 0; bit < 8; bit += 1) {
      if (((byte >> bit) & 1) === 1) seats.push(8 * index + bit)
    }
  }
  return seats.some((seat) => seat >= seatCount) ? undefined : seats
}

/** The seats of a certificate that was found valid before. */
export function seatsOf(
  env: Pick<AgreementEnv, 'seats'>,
  certificate: Certificate,
): readonly number[] {
  const seats = signersOf(env.seats.length, certificate.signers)
  assert(seats !== undefined, 'a valid certificate has a canonical bitmap')
  return seats
}

export function bitmapOf(seatCount: number, seats: readonly number[]): Uint8Array {
  const byteOf = (index: number): number =>
    seats.reduce((byte, seat) => (seat >> 3 === index ? byte | (1 << (seat & 7)) : byte), 0)
  return new Uint8Array(Math.ceil(seatCount / 8)).map((_none, index) => byteOf(index))
}

export function powerOf(env: Pick<AgreementEnv, 'seats'>, seats: readonly number[]): number {
  return seats.reduce((sum, seat) => sum + (env.seats[seat]?.power ?? 0), 0)
}

const certifiable: ReadonlySet<VoteKind> = new Set([VoteKind.VOTE, VoteKind.COMMIT, VoteKind.SKIP])

/** Whether a quorum of this committee signed it. Bytes may be anything. */
export function certificateIsValid(env: CertificateEnv, certificate: Certificate): boolean {
  if (!certifiable.has(certificate.kind) || certificate.epoch !== env.epoch) return false
  if (certificate.view < 1) return false
  if (certificate.block.length !== (certificate.kind === VoteKind.SKIP ? 0 : 32)) return false
  const seats = signersOf(env.seats.length, certificate.signers)
  if (seats === undefined || powerOf(env, seats) < env.quorumPower) return false
  const keys = env.seats
    .filter((_seat, index) => seats.includes(index))
    .map(({ epochKey }) => epochKey)
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
