/** What the proof of a deal is bound to (BEACON-3): the sharing, the dealer, all that it says. */
import { u32be } from '../../base/bytes.ts'
import type { Deal } from '../../codec/sharing.ts'
import type { Point } from './group.ts'
import type { Sharing } from './sharing.ts'
import { challengeOf } from './transcript.ts'

/** 16 bytes; `firstMessages` are g^w(i) and key^w(i). */
export function dealChallenge(
  sharing: Sharing,
  deal: Pick<Deal, 'dealer' | 'commitments' | 'encryptedShares'>,
  firstMessages: Readonly<Record<'commitments' | 'encryptedShares', readonly Point[]>>,
): Uint8Array {
  return challengeOf(
    'dealChallenge',
    sharing.digest,
    u32be(deal.dealer),
    deal.commitments,
    deal.encryptedShares,
    sharing.group.encode(firstMessages.commitments),
    sharing.group.encode(firstMessages.encryptedShares),
  )
}
