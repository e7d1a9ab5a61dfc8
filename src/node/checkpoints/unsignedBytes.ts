/** Transactions that nobody signs and that cost nothing: they prove themselves (TX-1). */
import type { Transaction } from '../../core/codec/chain.ts'
import { encodeTransaction } from '../../core/ledger/transactionBytes.ts'
import type { Chain } from '../chain.ts'
import { runningEpoch } from '../epochEnv.ts'

const none = new Uint8Array(0)

export function unsignedBytes(
  { chainId, tip }: Pick<Chain, 'chainId' | 'tip'>,
  payload: Partial<Transaction>,
): Uint8Array {
  const transaction: Transaction = {
    chainId,
    sender: none,
    nonce: 0,
    expiryEpoch: runningEpoch(tip.state),
    feeMaxMicro: 0n,
    ...payload,
  }
  return encodeTransaction(transaction, () => none)
}
