/**
 * The mempool's question: would this transaction apply in a block now? A coded answer with what to
 * do; the caller decides what to keep (a nonce gap may close, a proof may be verified).
 */
import type { Result } from '../base/result.ts'
import { applyTransaction, type Applied } from './applyTransaction.ts'
import { blockContext, type BlockContext } from './blockContext.ts'
import { deriveHeader } from './deriveHeader.ts'
import type { LedgerEnv } from './env.ts'
import type { TransactionError } from './errors.ts'
import type { LedgerState } from './state.ts'
import type { DecodedTransaction } from './transactionBytes.ts'

/** The newest of each state. */
const contexts = new WeakMap<LedgerState, BlockContext>()

export function checkTransaction(
  state: LedgerState,
  transaction: DecodedTransaction,
  timeMs: number,
  env: LedgerEnv,
): Result<Applied, TransactionError> {
  return applyTransaction(state, transaction, contextAt(state, timeMs, env))
}

/** Many transactions come in the same millisecond. */
function contextAt(state: LedgerState, timeMs: number, env: LedgerEnv): BlockContext {
  const known = contexts.get(state)
  if (known?.timeMs === timeMs && known.env === env) return known
  const context = blockContext(state, deriveHeader(state, timeMs), { timeMs }, env)
  contexts.set(state, context)
  return context
}
