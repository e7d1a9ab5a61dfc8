/**
 * What of a certificate can be judged without its signature: form, place and power.
 *
 * One canonical form: exactly ⌈n/8⌉ bytes, seat i is bit i mod 8 of byte ⌊i/8⌋, no bit above n.
 * The quorum comes from the committee, never from the certificate (BFT-11).
 */
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
  if (signers.length !== Math.ceil(seatCount / 8)) return undefined
  const seats: number[] = []
  for (const [index, byte] of signers.entries()) {
    for (let bit = 0; bit < 8; bit += 1) {
      if (((byte >> bit) & 1) === 1) seats.push(8 * index + bit)
    }
  }
  return seats.some((seat) => seat >= seatCount) ? undefined : seats
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
