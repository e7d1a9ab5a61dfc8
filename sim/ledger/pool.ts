/**
 * Transactions that wait at a node, in the order of `src/node`: duty first, payments by nonce.
 * Bounds and the check on arrival are left out (NET-6): whoever speaks here is a node of the run,
 * and a leader takes nothing but what applies.
 */
import { hex } from '../../src/core/base/bytes.ts'
import { accountOf } from '../../src/core/ledger/accounts.ts'
import { isStillOf } from '../../src/core/ledger/sharing/isStillOf.ts'
import { read, readSingle, type LedgerState } from '../../src/core/ledger/state.ts'
import { epochRecord, evidenceMarks } from '../../src/core/ledger/tables.ts'
import type { DecodedTransaction } from '../../src/core/ledger/transactionBytes.ts'
import { offenceOf } from '../../src/core/ledger/transactions/evidence.ts'

const paid: ReadonlySet<string> = new Set(['transfer', 'bond', 'unbond', 'withdraw', 'register'])

export class Pool {
  readonly #waiting = new Map<string, DecodedTransaction>()

  add(transaction: DecodedTransaction): void {
    this.#waiting.set(hex(transaction.id), transaction)
  }

  has({ id }: DecodedTransaction): boolean {
    return this.#waiting.has(hex(id))
  }

  clear(): void {
    this.#waiting.clear()
  }

  candidates(): readonly DecodedTransaction[] {
    const all = [...this.#waiting.values()]
    const duty = all.filter(({ kind }) => !paid.has(kind))
    const rest = all.filter(({ kind }) => paid.has(kind))
    const nonceOf = ({ transaction }: DecodedTransaction): number => transaction.nonce
    return [...duty, ...rest.toSorted((left, right) => nonceOf(left) - nonceOf(right))]
  }

  evidence(): readonly DecodedTransaction[] {
    return [...this.#waiting.values()].filter(({ kind }) => kind === 'evidence')
  }

  /** Forgets what a final block made void. */
  settle(state: LedgerState): void {
    for (const [key, transaction] of this.#waiting) {
      if (isOver(state, transaction)) this.#waiting.delete(key)
    }
  }
}

function isOver(state: LedgerState, { kind, transaction }: DecodedTransaction): boolean {
  const { sender, nonce, expiryEpoch, ready, confirm, evidence, sharing } = transaction
  const { epoch } = readSingle(state, epochRecord)
  if (expiryEpoch < epoch) return true
  if (ready !== undefined) return ready.epoch <= epoch
  if (confirm !== undefined) return confirm.epoch <= epoch
  if (sharing !== undefined) return !isStillOf(state, sharing)
  const offence = evidence && offenceOf(evidence)
  if (offence !== undefined) return read(state, evidenceMarks, offence) !== undefined
  return paid.has(kind) && accountOf(state, sender).nonce > nonce
}
