/**
 * What of a certificate can be judged without its signature: form, place and power.
 *
 * The quorum comes from the committee, never from the certificate (BFT-11).
 */
import { indicesOf } from '../base/bitmap.ts'
import { VoteKind, type Certificate } from '../codec/chain.ts'

/** A committee as its certificates are judged. */
export interface CertifyingCommittee {
  readonly epoch: number
  readonly seats: readonly { readonly epochKey: Uint8Array; readonly power: number }[]
  readonly quorumPower: number
}

const certifiable: ReadonlySet<VoteKind> = new Set([VoteKind.VOTE, VoteKind.COMMIT, VoteKind.SKIP])

/** The seats in the bitmap, ascending; undefined when the bitmap is not canonical. */
export function signersOf(seatCount: number, signers: Uint8Array): readonly number[] | undefined {
  return indicesOf(seatCount, signers)
}

export function powerOf(
  committee: Pick<CertifyingCommittee, 'seats'>,
  seats: readonly number[],
): number {
  return seats.reduce((sum, seat) => sum + (committee.seats[seat]?.power ?? 0), 0)
}

/**
 * Keys of a certificate that names a quorum of this committee, in the order of the seats; undefined
 * for one that is wrong whatever its signature is. Bytes may be anything.
 */
export function certifyingKeys(
  committee: CertifyingCommittee,
  certificate: Certificate,
): readonly Uint8Array[] | undefined {
  const { kind, epoch, view, block, signers } = certificate
  if (!certifiable.has(kind) || epoch !== committee.epoch || view < 1) return undefined
  if (block.length !== (kind === VoteKind.SKIP ? 0 : 32)) return undefined
  const seats = signersOf(committee.seats.length, signers)
  if (seats === undefined || powerOf(committee, seats) < committee.quorumPower) return undefined
  return committee.seats
    .filter((_seat, index) => seats.includes(index))
    .map(({ epochKey }) => epochKey)
}
