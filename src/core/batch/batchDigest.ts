/** The name of a batch (BATCH-1): committee, author and transactions, as the encoding has them. */
import { Batch } from '../codec/chain.ts'
import { hash } from '../crypto/hash.ts'

/** 32 bytes. */
export function batchDigest(batch: Batch): Uint8Array {
  return hash('batch', Batch.encode(batch))
}
