/** Asks one peer for batches by digest (BATCH-3). */
import { FetchRequest, FetchResponse, type Batch } from '../core/codec/chain.ts'
import { decodeStrict } from '../core/codec/strict.ts'
import { batchLimits } from '../core/batch/limits.ts'
import { transportLimits, type PeerId, type Transport } from '../ports/transport.ts'

const timeoutMs = 1000

/** None when it does not answer in time; whether they are the right ones is for the caller. */
export async function fetchBatches(
  transport: Transport,
  peer: PeerId,
  digests: readonly Uint8Array[],
): Promise<readonly Batch[]> {
  const batches = digests.slice(0, batchLimits.fetchMax)
  const request = FetchRequest.encode({ hashes: [], batches })
  const answer = await transport.request(peer, 'fetch', request, { timeoutMs })
  if (!answer.ok) return []
  const decoded = decodeStrict(FetchResponse, answer.value, transportLimits.responseBytesMax)
  if (decoded.ok) return decoded.value.batches
  transport.penalise(peer, decoded.error.code)
  return []
}
