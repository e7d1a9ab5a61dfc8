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

/** Roots of bodies that were looked at: a body is never modified. */
const roots = new WeakMap<Uint8Array, Uint8Array>()

export function bodyMatches(header: Header, body: Uint8Array): boolean {
  const decoded = decodeBody(body, bodyBytesMax)
  if (!decoded.ok) return false
  const root = merkleRoot(transactionTree, decoded.value.transactions)
  roots.set(body, root)
  return equalBytes(root, header.transactionsRoot)
}

/** The root of a body's transactions, if `bodyMatches` was asked about the same bytes. */
export function knownBodyRoot(body: Uint8Array): Uint8Array | undefined {
  return roots.get(body)
}
