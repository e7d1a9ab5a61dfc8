/** What a transaction does: the state after it, and the amount its receipt names. */
import type { Result } from '../../base/result.ts'
import type { BlockContext } from '../blockContext.ts'
import type { TransactionError } from '../errors.ts'
import type { LedgerState } from '../state.ts'

export interface Outcome {
  readonly state: LedgerState
  readonly amountMicro: bigint
}

/** One kind. Nonce and fee are taken before; everything else is the kind's part. */
export type Execute<Payload> = (
  state: LedgerState,
  sender: Uint8Array,
  payload: Payload,
  context: BlockContext,
) => Result<Outcome, TransactionError>
