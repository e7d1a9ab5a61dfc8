/**
 * The chain as one node of a run holds it: the final tip with its state, and what it executed above
 * it by the production ledger, as `src/node` does it (BFT-3). No two nodes share a state.
 */
import { assert } from '../../src/core/base/assert.ts'
import { equalBytes, hex } from '../../src/core/base/bytes.ts'
import { bodyBytesMax } from '../../src/core/bft/body.ts'
import type { Header } from '../../src/core/codec/chain.ts'
import { decodeBody } from '../../src/core/codec/decodeBody.ts'
import { applyBlock } from '../../src/core/ledger/applyBlock.ts'
import type { LedgerEnv } from '../../src/core/ledger/env.ts'
import {
  readSingle,
  stateFromLeaves,
  stateLeaves,
  stateRoot,
  type LedgerState,
} from '../../src/core/ledger/state.ts'
import { tip } from '../../src/core/ledger/tables.ts'
import {
  decodeTransaction,
  type DecodedTransaction,
} from '../../src/core/ledger/transactionBytes.ts'

export interface BlockToExecute {
  readonly key: string
  readonly header: Header
  readonly body: Uint8Array
  readonly isTail: boolean
}

/** `undefined`: nothing is said of the block, as its parent is not held here. */
export type Verdict =
  | { readonly valid: true; readonly isBoundary: boolean }
  | { readonly valid: false; readonly code: string }
  | undefined

interface Executed {
  readonly state: LedgerState
  readonly height: number
  readonly isBoundary: boolean
}

export class SeatLedger {
  readonly #env: LedgerEnv
  readonly #executed = new Map<string, Executed>()
  #tip: Executed & { readonly key: string }

  constructor(root: { readonly key: string; readonly state: LedgerState }, env: LedgerEnv) {
    this.#env = env
    this.#tip = { ...root, height: 0, isBoundary: true }
  }

  get state(): LedgerState {
    return this.#tip.state
  }

  get height(): number {
    return this.#tip.height
  }

  stateAfter(key: string): LedgerState | undefined {
    return key === this.#tip.key ? this.#tip.state : this.#executed.get(key)?.state
  }

  execute(block: BlockToExecute): Verdict {
    const known = this.#executed.get(block.key)
    if (known !== undefined) return { valid: true, isBoundary: known.isBoundary }
    const state = this.stateAfter(hex(block.header.parent))
    if (state === undefined) return undefined
    const transactions = transactionsOf(block.body)
    if (transactions === undefined) return { valid: false, code: 'TX_MALFORMED' }
    if (block.isTail) return this.#executeTail(block, state, transactions)
    const applied = applyBlock(state, { header: block.header, transactions }, this.#env)
    if (!applied.ok) return { valid: false, code: applied.error.code }
    const { isBoundary } = applied.value.derived
    const { height } = block.header
    this.#executed.set(block.key, { state: applied.value.state, height, isBoundary })
    return { valid: true, isBoundary }
  }

  /** Moves the tip to a block that was executed; false when it was not. */
  finalise(key: string): boolean {
    const executed = this.#executed.get(key)
    if (executed === undefined) return false
    this.#tip = { ...executed, key }
    for (const [other, { height }] of this.#executed) {
      if (height <= executed.height) this.#executed.delete(other)
    }
    return true
  }

  /** What is durable is the final state, leaf by leaf; what was executed above it is gone. */
  restart(): void {
    this.#executed.clear()
    const { state } = this.#tip
    const loaded = stateFromLeaves(stateLeaves(state), stateRoot(state))
    assert(loaded.ok, 'the leaves of a state give its root')
    this.#tip = { ...this.#tip, state: loaded.value }
  }

  /** A tail repeats its parent's state and says nothing new (EPOCH-2). */
  #executeTail(
    { key, header }: BlockToExecute,
    state: LedgerState,
    transactions: readonly DecodedTransaction[],
  ): Verdict {
    const { receiptsRoot } = readSingle(state, tip)
    const isPlain =
      transactions.length === 0 &&
      header.enrolmentRoot.length === 0 &&
      equalBytes(header.parentStateRoot, stateRoot(state)) &&
      equalBytes(header.parentReceiptsRoot, receiptsRoot)
    if (!isPlain) return { valid: false, code: 'BLOCK_TAIL_INVALID' }
    this.#executed.set(key, { state, height: header.height, isBoundary: false })
    return { valid: true, isBoundary: false }
  }
}

/** Undefined when something in the body is no transaction. */
export function transactionsOf(body: Uint8Array): readonly DecodedTransaction[] | undefined {
  const decoded = decodeBody(body, bodyBytesMax)
  if (!decoded.ok) return undefined
  const { transactions } = decoded.value
  const read = transactions.flatMap((bytes) => {
    const one = decodeTransaction(bytes, bodyBytesMax)
    return one.ok ? [one.value] : []
  })
  return read.length === transactions.length ? read : undefined
}
