/** Whether a body is the one the header commits to: a relay between us may have changed it. */
import type { Header } from '../codec/chain.ts'
import { decodeBody } from '../codec/decodeBody.ts'
import { equalBytes } from '../base/bytes.ts'
import { merkleRoot, transactionTree } from '../crypto/merkle.ts'

/**
 * Consensus-critical: a body larger than this is never voted for. The most that a chain's
 * `blockBytesMax` may be, and four bytes of framing for each of the most transactions.
 */
export const bodyBytesMax = 992 * 1024

export function bodyMatches(header: Header, body: Uint8Array): boolean {
  const decoded = decodeBody(body, bodyBytesMax)
  if (!decoded.ok) return false
  return equalBytes(
    merkleRoot(transactionTree, decoded.value.transactions),
    header.transactionsRoot,
  )
}
