/** What a seat's store holds before it has signed anything in an epoch. */
import type { AgreementEnv } from '../../src/core/bft/types.ts'
import type { SafetyRecord } from '../../src/core/codec/chain.ts'

export function emptyRecord(env: AgreementEnv, seat: number): SafetyRecord {
  return {
    epoch: env.epoch,
    epochKey: env.seats[seat]?.epochKey ?? new Uint8Array(0),
    view: 1,
    floorView: 1,
    votes: [],
    certificates: [],
    sequence: 0,
    attempt: env.attempt,
  }
}
