/** What any committee looks like, before its powers are added up and its keys are used (COM-3). */
import { hex } from '../base/bytes.ts'
import type { Committee } from '../codec/chain.ts'
import { fullCommitteeSeats, totalPowerMax } from '../committee/quorum.ts'
import { blsPublicKeyBytes } from '../crypto/bls.ts'
import { pointBytes } from '../crypto/pvss/group.ts'

const identityBytes = 32

/** Whether a committee of `epoch` can be one; who shows it may be anybody. */
export function committeeIsShaped(committee: Committee, epoch: number): boolean {
  const { seats } = committee
  if (committee.epoch !== epoch || seats.length < 1 || seats.length > fullCommitteeSeats) {
    return false
  }
  const power = seats.reduce((sum, seat) => sum + seat.power, 0)
  return (
    power <= totalPowerMax &&
    new Set(seats.map((seat) => hex(seat.validator))).size === seats.length &&
    seats.every(
      (seat) =>
        seat.power >= 1 &&
        seat.validator.length === identityBytes &&
        seat.epochKey.length === blsPublicKeyBytes &&
        seat.sharingKey.length === pointBytes,
    )
  )
}
