/**
 * What a proposer puts into its block: the candidates that apply, in their order, within the
 * limits. Trial execution costs nothing to undo: a state is never changed.
 */
import { ok, type Result } from '../base/result.ts'
import type { Header } from '../codec/chain.ts'
import { startBlock } from './applyBlock.ts'
import { applyTransaction } from './applyTransaction.ts'
import { blockContext } from './blockContext.ts'
import { openBlock } from './closeBlock.ts'
import type { DerivedHeader } from './deriveHeader.ts'
import type { LedgerEnv } from './env.ts'
import type { LedgerError, TransactionError } from './errors.ts'
import type { LedgerState } from './state.ts'
import type { DecodedTransaction } from './transactionBytes.ts'

export interface Refusal {
  readonly transaction: DecodedTransaction
  readonly error: TransactionError
}

export interface Selection {
  readonly transactions: readonly DecodedTransaction[]
  /** Left out, with the reason; those that the limits cut off are not listed. */
  readonly refused: readonly Refusal[]
  readonly derived: DerivedHeader
}

/** `restart` opens the block when the restart key named a new committee (RECOVER-1). */
export function selectTransactions(
  state: LedgerState,
  header: Pick<Header, 'timeMs' | 'seat' | 'parent'>,
  candidates: Iterable<DecodedTransaction>,
  env: LedgerEnv,
  restart?: DecodedTransaction,
): Result<Selection, LedgerError> {
  const transactions: DecodedTransaction[] = restart === undefined ? [] : [restart]
  const start = startBlock(state, { header, transactions }, env)
  if (!start.ok) return start
  const { opened, derived } = start.value
  let next = openBlock(opened, header, derived)
  const context = blockContext(next, derived, header, env)
  const { blockBytesMax, blockTransactionsMax } = context.params
  const refused: Refusal[] = []
  let sizeBytes = restart?.bytes.length ?? 0
  for (const transaction of candidates) {
    if (transactions.length >= blockTransactionsMax) break
    if (sizeBytes + transaction.bytes.length > blockBytesMax) continue
    const applied = applyTransaction(next, transaction, context)
    if (!applied.ok) {
      refused.push({ transaction, error: applied.error })
      continue
    }
    next = applied.value.state
    sizeBytes += transaction.bytes.length
    transactions.push(transaction)
  }
  return ok({ transactions, refused, derived })
}
