/**
 * The work of the sharing on this thread: for nodes of a few seats and for tests. Between two
 * pieces of work the thread is free for the agreement; a piece is a deal at most (0.1 s with 21
 * seats).
 */
import { unreachable } from '../../core/base/assert.ts'
import { decryptShares } from '../../core/crypto/pvss/decryptShares.ts'
import { makeDeal } from '../../core/crypto/pvss/makeDeal.ts'
import { openDeal } from '../../core/crypto/pvss/openDeal.ts'
import { createSharing, type Sharing, type SharingInput } from '../../core/crypto/pvss/sharing.ts'
import { verifyDeal } from '../../core/crypto/pvss/verifyDeal.ts'
import { verifyOpening } from '../../core/crypto/pvss/verifyOpening.ts'
import { verifyShares } from '../../core/crypto/pvss/verifyShares.ts'
import type { SharingObject } from '../../core/ledger/sharing/question.ts'
import type { SharingCrypto } from './crypto.ts'

export function inProcessSharing(): SharingCrypto {
  let last: { readonly digestOf: string; readonly sharing: Sharing } | undefined
  let tail: Promise<unknown> = Promise.resolve()
  /** Keys are decoded once a committee; the root covers keys, powers and epoch. */
  const sharingOf = (input: SharingInput): Sharing => {
    const name = `${input.chainId} ${input.committeeRoot.join()}`
    if (last?.digestOf === name) return last.sharing
    const created = createSharing(input)
    if (!created.ok) throw new Error(created.error.code)
    last = { digestOf: name, sharing: created.value }
    return created.value
  }
  const inTurn = <T>(work: () => T): Promise<T> => {
    const done = tail.then(() => new Promise((resolve) => setTimeout(resolve, 0))).then(work)
    tail = done.catch(() => undefined)
    return done
  }
  return {
    deal: (input, dealer, seed) => inTurn(() => makeDeal(sharingOf(input), dealer, seed)),
    open: (input, dealer, seed) => inTurn(() => openDeal(sharingOf(input), dealer, seed)),
    decrypt: (input, deal, key) =>
      inTurn(() => {
        const shares = decryptShares(sharingOf(input), deal, key)
        if (!shares.ok) throw new Error(shares.error.code)
        return shares.value
      }),
    judge: (input, object) => inTurn(() => isRight(sharingOf(input), object)),
  }
}

function isRight(sharing: Sharing, object: SharingObject): boolean {
  switch (object.kind) {
    case 'deal':
      return verifyDeal(sharing, object.deal).ok
    case 'opening':
      return verifyOpening(object.deal, object.opening, sharing.group).ok
    case 'shares':
      return verifyShares(sharing, object.deal, object.shares).ok
    default:
      return unreachable(object)
  }
}
