/** The beacon that a round gives (BEACON-7): the one before it, mixed with the secrets. */
import { concat, u32be, u64be } from '../../base/bytes.ts'
import { sharingHash } from '../../crypto/pvss/transcript.ts'
import type { RoundOutcome } from './outcome.ts'

/** 32 bytes; `epoch` is the one that the new beacon is for, `previous` the beacon before it. */
export function beaconAfter(
  previous: Uint8Array,
  epoch: number,
  outcome: RoundOutcome,
): Uint8Array {
  switch (outcome.kind) {
    case 'fallback':
      return sharingHash('fallback', previous, u64be(epoch))
    case 'secrets': {
      const { secrets } = outcome
      const list = secrets.map(({ dealer, secret }) => concat(u32be(dealer), secret))
      return sharingHash('result', previous, u64be(epoch), u32be(list.length), ...list)
    }
  }
}
