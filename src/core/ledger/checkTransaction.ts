/**
 * The mempool's question: would this transaction apply in a block now? A coded answer with what to
 * do; the caller decides what to keep (a nonce gap may close, a proof may be verified).
 */
import type { Result } from '../base/result.ts'
import { applyTransaction, type Applied } from './applyTransaction.ts'
import { blockContext } from './blockContext.ts'
import { deriveHeader } from './deriveHeader.ts'
import type { LedgerEnv } from './env.ts'
import type { TransactionError } from './errors.ts'
import type { LedgerState } from './state.ts'
import type { DecodedTransaction } from './transactionBytes.ts'

export function checkTransaction(
  state: LedgerState,
  transaction: DecodedTransaction,
  timeMs: number,
  env: LedgerEnv,
): Result<Applied, TransactionError> {
  const derived = deriveHeader(state, timeMs)
  return applyTransaction(state, transaction, blockContext(state, derived, { timeMs }, env))
}
