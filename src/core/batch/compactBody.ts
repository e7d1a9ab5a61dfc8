/**
 * A body by parts (BATCH-3): runs of transactions that stand in one batch, in its order, become the
 * batch's digest and a bitmap; the others go along as they are.
 */
import type { BodyPart } from '../codec/chain.ts'
import type { BatchPlace, HeldBatch } from './batchPool.ts'

const none = new Uint8Array(0)

/** `expandBody` gives the same transactions in the same order. */
export function compactBody(
  transactions: readonly Uint8Array[],
  placeOf: (transaction: Uint8Array) => BatchPlace | undefined,
): readonly BodyPart[] {
  const parts: BodyPart[] = []
  let run: { readonly batch: HeldBatch; readonly included: Uint8Array; last: number } | undefined
  for (const transaction of transactions) {
    const place = placeOf(transaction)
    if (place === undefined) {
      run = undefined
      parts.push({ transaction, batch: none, included: none })
      continue
    }
    const { batch, index } = place
    if (run?.batch !== batch || index <= run.last) {
      run = { batch, included: new Uint8Array(Math.ceil(batch.transactions.length / 8)), last: -1 }
      parts.push({ transaction: none, batch: batch.digest, included: run.included })
    }
    run.included[index >> 3] = (run.included[index >> 3] ?? 0) | (1 << (index & 7))
    run.last = index
  }
  return parts
}
