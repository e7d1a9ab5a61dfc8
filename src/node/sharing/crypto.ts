/**
 * The cryptography of the sharing as the desks of a node ask for it (BEACON-3 to BEACON-5). A
 * rejected promise is no verdict: it says that the work was not done.
 */
import { unreachable } from '../../core/base/assert.ts'
import type { Deal, DealOpening, DealShares } from '../../core/codec/sharing.ts'
import type { ShareKey } from '../../core/crypto/pvss/decryptShares.ts'
import type { SharingInput } from '../../core/crypto/pvss/sharing.ts'
import type { SharingObject } from '../../core/ledger/sharing/question.ts'
import type { SharingWork, Worked } from '../../ports/sharingWork.ts'

export interface SharingCrypto {
  /** `seed`: 32 bytes; the same give the same deal. */
  deal(input: SharingInput, dealer: number, seed: Uint8Array): Promise<Deal>
  /** `seed`: the one of the deal. */
  open(input: SharingInput, dealer: number, seed: Uint8Array): Promise<DealOpening>
  /** The shares of a seat of a deal that was judged to be right. */
  decrypt(input: SharingInput, deal: Deal, key: ShareKey): Promise<DealShares>
  /** Whether it is right. */
  judge(input: SharingInput, object: SharingObject): Promise<boolean>
}

/** On threads of its own. */
export function cryptoOf(work: SharingWork): SharingCrypto {
  return {
    deal: (input, dealer, seed) => done(work.makeDeal(input, dealer, seed)),
    open: (input, dealer, seed) => done(work.openDeal(input, dealer, seed)),
    async decrypt(input, deal, key) {
      const shares = await done(work.decryptShares(input, deal, key))
      if (!shares.ok) throw new Error(shares.error.code)
      return shares.value
    },
    async judge(input, object) {
      switch (object.kind) {
        case 'deal':
          return (await done(work.verifyDeal(input, object.deal))).ok
        case 'opening':
          return (await done(work.verifyOpening(input, object.deal, object.opening))).ok
        case 'shares':
          return (await done(work.verifyShares(input, object.deal, object.shares))).ok
        default:
          return unreachable(object)
      }
    },
  }
}

async function done<T>(worked: Worked<T>): Promise<T> {
  const result = await worked
  if (!result.ok) throw new Error(result.error.code)
  return result.value
}
