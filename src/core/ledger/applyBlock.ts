/**
 * The main path of the ledger: a block on its parent's post-state (DET-1, STATE-3).
 *
 * header as derived → epoch opens → transactions in order → freeze, X, boundary → receipts, tip. A
 * block may hold only transactions that apply; anything else makes it invalid, with index and
 * cause.
 */
import { equalBytes } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import type { Header } from '../codec/chain.ts'
import { Receipt } from '../codec/state.ts'
import { merkleRoot, receiptTree, transactionTree } from '../crypto/merkle.ts'
import { protocol, type Params } from '../params.ts'
import type { HashHex } from '../types/ids.ts'
import { applyTransaction } from './applyTransaction.ts'
import { blockContext } from './blockContext.ts'
import { checkHeader } from './checkHeader.ts'
import { closeBlock, openBlock } from './closeBlock.ts'
import { deriveHeader, type DerivedHeader } from './deriveHeader.ts'
import type { LedgerEnv } from './env.ts'
import type { LedgerError, TransactionError } from './errors.ts'
import { readSingle, write, writeSingle, type LedgerState } from './state.ts'
import { assertConserved } from './supply.ts'
import { parameters, recentRoots, tip } from './tables.ts'
import type { DecodedTransaction } from './transactionBytes.ts'
import { applyRestart } from './transactions/restart.ts'
import { countTurn } from './turns.ts'

export interface Block {
  readonly header: Header
  readonly transactions: readonly DecodedTransaction[]
  /** The root of these transactions, where it was worked out before. */
  readonly transactionsRoot?: Uint8Array | undefined
}

export interface AppliedBlock {
  readonly state: LedgerState
  readonly receipts: readonly Receipt[]
  readonly receiptsRoot: Uint8Array
  readonly derived: DerivedHeader
}

export function applyBlock(
  state: LedgerState,
  block: Block,
  env: LedgerEnv,
): Result<AppliedBlock, LedgerError> {
  const { header, transactions } = block
  const outer = checkBody(block, readSingle(state, parameters))
  if (outer !== undefined) return err(outer)
  const start = startBlock(state, block, env)
  if (!start.ok) return start
  const { opened, derived } = start.value
  const checked = checkHeader(header, derived)
  if (!checked.ok) return checked
  const executed = executeAll(start.value, { header, transactions }, env)
  if (!executed.ok) return executed
  const { receipts } = executed.value
  const counted = countTurn(executed.value.state, header, derived)
  let next = closeBlock(opened, counted, header.timeMs, derived)
  const receiptsRoot = receiptsRootOf(receipts)
  next = moveTip(next, header, derived, receiptsRoot)
  assertConserved(state, next)
  return ok({ state: next, receipts, receiptsRoot, derived })
}

/**
 * The state on which the transaction at `index` is executed: what has to be judged for it is what
 * it asks there, not on the parent's state.
 */
export function stateBefore(
  state: LedgerState,
  block: Block,
  index: number,
  env: LedgerEnv,
): Result<LedgerState, LedgerError> {
  const start = startBlock(state, block, env)
  if (!start.ok) return start
  const { header } = block
  const transactions = block.transactions.slice(0, index)
  const executed = executeAll(start.value, { header, transactions }, env)
  return executed.ok ? ok(executed.value.state) : executed
}

/** The epoch opens, then the transactions in order. */
function executeAll(
  { opened, derived, restart }: BlockStart,
  { header, transactions }: Block,
  env: LedgerEnv,
): Result<Pick<AppliedBlock, 'state' | 'receipts'>, LedgerError> {
  let state = openBlock(opened, header, derived)
  const context = blockContext(state, derived, header, env)
  const receipts = [...restart]
  for (const [index, transaction] of transactions.entries()) {
    if (index < restart.length) continue
    const applied = applyTransaction(state, transaction, context)
    if (!applied.ok) return err(blockError(index, applied.error))
    state = applied.value.state
    receipts.push(applied.value.receipt)
  }
  return ok({ state, receipts })
}

export function transactionsRootOf(transactions: readonly DecodedTransaction[]): Uint8Array {
  return merkleRoot(
    transactionTree,
    transactions.map((transaction) => transaction.bytes),
  )
}

export function receiptsRootOf(receipts: readonly Receipt[]): Uint8Array {
  return merkleRoot(
    receiptTree,
    receipts.map((receipt) => Receipt.encode(receipt)),
  )
}

export interface BlockStart {
  /** The parent's post-state, after a restart when one opens the block. */
  readonly opened: LedgerState
  readonly derived: DerivedHeader
  /** Receipt of the restart, or nothing. */
  readonly restart: readonly Receipt[]
}

/** RECOVER-1: a restart in the first place changes the committee before the header is checked. */
export function startBlock(
  state: LedgerState,
  block: {
    readonly header: Pick<Header, 'timeMs' | 'parent'>
    readonly transactions: readonly DecodedTransaction[]
  },
  env: Pick<LedgerEnv, 'verifier'>,
): Result<BlockStart, LedgerError> {
  const { timeMs, parent } = block.header
  const first = block.transactions[0]
  const payload = first?.transaction.restart
  if (first === undefined || payload === undefined) {
    return ok({ opened: state, derived: deriveHeader(state, timeMs), restart: [] })
  }
  const applied = applyRestart(state, payload, { base: parent, timeMs }, env.verifier)
  if (!applied.ok) return err(blockError(0, applied.error))
  const opened = applied.value.state
  const receipt = { transaction: first.id, feeMicro: 0n, amountMicro: 0n }
  return ok({ opened, derived: deriveHeader(state, timeMs, opened), restart: [receipt] })
}

function checkBody(block: Block, params: Params): LedgerError | undefined {
  const { header, transactions } = block
  const sizeBytes = transactions.reduce((sum, transaction) => sum + transaction.bytes.length, 0)
  const isLarge =
    sizeBytes > params.blockBytesMax || transactions.length > params.blockTransactionsMax
  if (isLarge) return { code: 'BLOCK_TOO_LARGE' }
  const root = block.transactionsRoot ?? transactionsRootOf(transactions)
  return equalBytes(header.transactionsRoot, root) ? undefined : { code: 'BLOCK_TRANSACTIONS_ROOT' }
}

function blockError(index: number, cause: TransactionError): LedgerError {
  const proofKey = unverifiedKey(cause)
  return proofKey === undefined
    ? { code: 'BLOCK_TX_INVALID', index, cause }
    : { code: 'BLOCK_PROOF_UNVERIFIED', index, proofKey }
}

/** What somebody has to judge before this can be said to be right or wrong. */
function unverifiedKey(cause: TransactionError): HashHex | undefined {
  if (cause.code === 'SHARING_UNVERIFIED') return cause.partKey
  const isProof =
    cause.code === 'READY_PROOF_UNVERIFIED' ||
    cause.code === 'LIVENESS_UNVERIFIED' ||
    cause.code === 'EVIDENCE_UNVERIFIED' ||
    cause.code === 'CHECKPOINT_UNVERIFIED'
  return isProof ? cause.proofKey : undefined
}

/** The parent's root becomes one that a CONFIRM may show (COM-6). */
function moveTip(
  state: LedgerState,
  header: Header,
  derived: DerivedHeader,
  receiptsRoot: Uint8Array,
): LedgerState {
  const parentHeight = derived.height - 1
  const rooted = write(state, recentRoots, parentHeight % protocol.recentRootsKept, {
    height: parentHeight,
    timeMs: derived.parentTimeMs,
    stateRoot: derived.parentStateRoot,
  })
  return writeSingle(rooted, tip, {
    ...readSingle(rooted, tip),
    height: header.height,
    timeMs: header.timeMs,
    receiptsRoot,
  })
}
