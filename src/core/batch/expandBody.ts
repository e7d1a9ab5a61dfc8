/** The body that parts stand for (BATCH-3). They come from a peer: nothing in them is believed. */
import { err, ok, type Result } from '../base/result.ts'
import { Body, type BodyPart } from '../codec/chain.ts'
import { hashBytes } from '../crypto/hash.ts'
import { batchLimits } from './limits.ts'

export type ExpandError =
  /** Parts that no body has: both or neither of the two kinds, a bitmap of another length. */
  | { readonly code: 'PARTS_MALFORMED' }
  /** More than a body may hold. */
  | { readonly code: 'PARTS_SIZE' }
  /** Batches that are not held here: to be fetched. */
  | { readonly code: 'BATCHES_MISSING'; readonly digests: readonly Uint8Array[] }

/** `batchOf` gives the transactions of a batch that is held. */
export function expandBody(
  parts: readonly BodyPart[],
  batchOf: (digest: Uint8Array) => readonly Uint8Array[] | undefined,
  bodyBytesMax: number,
): Result<Uint8Array, ExpandError> {
  if (parts.length > batchLimits.partsMax) return err({ code: 'PARTS_SIZE' })
  const transactions: Uint8Array[] = []
  const missing: Uint8Array[] = []
  let sizeBytes = 0
  for (const { transaction, batch, included } of parts) {
    const isBatch = batch.length === hashBytes && transaction.length === 0 && included.length > 0
    const isOne = batch.length === 0 && included.length === 0 && transaction.length > 0
    if (isBatch === isOne) return err({ code: 'PARTS_MALFORMED' })
    const held = isOne ? [transaction] : batchOf(batch)
    if (held === undefined) {
      missing.push(batch)
      continue
    }
    const chosen = isOne ? held : includedOf(held, included)
    if (chosen === undefined) return err({ code: 'PARTS_MALFORMED' })
    for (const one of chosen) {
      sizeBytes += one.length
      transactions.push(one)
    }
    if (sizeBytes > bodyBytesMax) return err({ code: 'PARTS_SIZE' })
  }
  if (missing.length > 0) return err({ code: 'BATCHES_MISSING', digests: missing })
  return ok(Body.encode({ transactions }))
}

/** Undefined when the bitmap is of another length, names nothing, or has bits beyond the end. */
function includedOf(
  held: readonly Uint8Array[],
  included: Uint8Array,
): readonly Uint8Array[] | undefined {
  if (included.length !== Math.ceil(held.length / 8)) return undefined
  const isNamed = (index: number): boolean =>
    (((included[index >> 3] ?? 0) >> (index & 7)) & 1) === 1
  for (let index = held.length; index < 8 * included.length; index += 1) {
    if (isNamed(index)) return undefined
  }
  const chosen = held.filter((_transaction, index) => isNamed(index))
  return chosen.length === 0 ? undefined : chosen
}
