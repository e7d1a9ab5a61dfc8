/**
 * Transactions that clients hand in: checked as far as this relay can, then given to the network.
 */

import { err, ok, type Result } from '../src/core/base/result.ts'
import { checkTransaction } from '../src/core/ledger/checkTransaction.ts'
import type { LedgerEnv } from '../src/core/ledger/env.ts'
import type { TransactionError } from '../src/core/ledger/errors.ts'
import type { LedgerState } from '../src/core/ledger/state.ts'
import { decodeTransaction } from '../src/core/ledger/transactionBytes.ts'
import { topicOf } from '../src/node/topicOf.ts'
import type { Transport } from '../src/ports/transport.ts'
import type { Failure } from './failure.ts'
import { transactionBytesMax } from './gossip.ts'

export interface Publisher {
  readonly transport: Pick<Transport, 'publish'>
  /** State to check on; `undefined` while the archive does not follow. */
  readonly state: () => LedgerState | undefined
  readonly env: LedgerEnv
  readonly chainId: string
  readonly nowMs: () => number
}

export function publishTransaction(
  publisher: Publisher,
  bytes: Uint8Array,
): Result<Uint8Array, Failure> {
  const decoded = decodeTransaction(bytes, transactionBytesMax)
  if (!decoded.ok) return refused(decoded.error)
  const { id, kind, transaction } = decoded.value
  if (transaction.chainId !== publisher.chainId) return refused({ code: 'TX_CHAIN' })
  const state = publisher.state()
  if (state !== undefined) {
    const checked = checkTransaction(state, decoded.value, publisher.nowMs(), publisher.env)
    // A gap may close: the transactions before it may be on their way.
    if (!checked.ok && checked.error.code !== 'TX_NONCE_GAP') return refused(checked.error)
  }
  publisher.transport.publish(topicOf(kind), bytes)
  return ok(id)
}

function refused(error: TransactionError): { readonly ok: false; readonly error: Failure } {
  const [message, fix] = words(error)
  return err({ code: error.code, message, fix })
}

function words(error: TransactionError): readonly [string, string] {
  switch (error.code) {
    case 'TX_MALFORMED':
    case 'TX_KIND':
      return ['These bytes are no transaction.', 'Send the exact bytes of a SignedTransaction.']
    case 'TX_TOO_LARGE':
      return [`It is over ${String(error.sizeBytesMax)} bytes.`, 'Send less in one transaction.']
    case 'TX_CHAIN':
      return ['It was signed for another chain.', 'Sign it for the chain id that /status names.']
    case 'TX_EXPIRED':
      return [
        `Its last epoch is over; the chain is in epoch ${String(error.epoch)}.`,
        'Sign it again with a later expiry epoch.',
      ]
    case 'TX_SIGNATURE':
      return ['Its signature does not hold.', 'Sign the transaction id with the sender’s key.']
    case 'TX_NONCE_USED':
      return [
        `Its nonce was used before; the next one is ${String(error.next)}.`,
        'It may be executed already: look it up by its hash. Else sign it with the next nonce.',
      ]
    case 'TX_FEE':
      return ['It allows too small a fee.', `Allow at least ${String(error.feeMicro)} µEMO.`]
    case 'TX_BALANCE':
      return [
        `The sender has ${String(error.balanceMicro)} µEMO and needs ${String(error.neededMicro)}.`,
        'Send less, or fund the account first.',
      ]
    case 'TX_FIELD':
      return [`Its field ${error.field} does not fit.`, 'Correct that field and sign again.']
    default:
      return [
        `The chain would refuse it: ${error.code}.`,
        'docs/spec/ledger.md says when that happens.',
      ]
  }
}
