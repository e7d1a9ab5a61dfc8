/**
 * Reading and trimming the epoch record: beacons, thresholds and past boundaries (EPOCH-0,
 * EPOCH-6).
 */
import type { Boundary, EpochRecord } from '../codec/state.ts'
import { protocol } from '../params.ts'

export function beaconOf(record: EpochRecord, epoch: number): Uint8Array | undefined {
  return record.beacons.find((entry) => entry.epoch === epoch)?.beacon
}

/** Undefined when there is no cut-off. */
export function thetaOf(record: EpochRecord, epoch: number): bigint | undefined {
  return record.thresholds.find((entry) => entry.epoch === epoch)?.thetaQ32
}

/** boundary(epoch); for a negative epoch the genesis state (EPOCH-6). */
export function boundaryOf(record: EpochRecord, epoch: number): Boundary | undefined {
  const mark = Math.max(0, epoch + 1)
  return record.boundaries.find((entry) => entry.mark === mark)
}

/** The boundary whose enrolment root proofs of READY for `epoch` use (STATE-2). */
export function enrolmentBoundaryEpoch(epoch: number): number {
  return epoch - protocol.enrolmentLagEpochs
}

/** Drops what no rule asks for any more, `epoch` being the next one. */
export function trimmed(record: EpochRecord, epoch: number): EpochRecord {
  const oldest = epoch - protocol.enrolmentLagEpochs - 1
  const answered = epoch - protocol.challengeOpenEpochs
  return {
    ...record,
    beacons: record.beacons.filter((entry) => entry.epoch >= answered),
    thresholds: record.thresholds.filter((entry) => entry.epoch >= epoch - 1),
    boundaries: record.boundaries.filter((entry) => entry.mark >= oldest),
  }
}
