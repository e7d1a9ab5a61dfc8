/**
 * Builds the block that the agreement asked for (BFT-2): everything a header says of the state is
 * derived from the parent's post-state (STATE-3), the payload is what applies on it.
 */
import { unhex } from '../core/base/bytes.ts'
import type { BuildRequest } from '../core/bft/types.ts'
import { Body, Header } from '../core/codec/chain.ts'
import { merkleRoot, transactionTree } from '../core/crypto/merkle.ts'
import type { LedgerEnv } from '../core/ledger/env.ts'
import { selectTransactions } from '../core/ledger/selectTransactions.ts'
import type { DecodedTransaction } from '../core/ledger/transactionBytes.ts'
import { readSingle, stateRoot, type LedgerState } from '../core/ledger/state.ts'
import { tip } from '../core/ledger/tables.ts'
import { protocol } from '../core/params.ts'
import type { Chain } from './chain.ts'
import type { PendingRestart } from './restartDesk.ts'

export interface BuiltBlock {
  readonly header: Uint8Array
  readonly body: Uint8Array
}

interface Context {
  readonly chain: Chain
  readonly env: LedgerEnv
  /** In the order in which they are tried. */
  readonly candidates: readonly DecodedTransaction[]
  readonly chainId: string
  readonly epoch: number
  readonly committeeRoot: Uint8Array
  /** Opens a block on its base (RECOVER-1). */
  readonly restart: PendingRestart | undefined
}

const none = new Uint8Array(0)

/** Undefined when the parent is no longer held. */
export function buildBlock(
  context: Context,
  request: BuildRequest,
  nowMs: number,
): BuiltBlock | undefined {
  const state = context.chain.stateAfter(request.parent)
  const parent = unhex(request.parent)
  if (state === undefined || !parent.ok) return undefined
  const timeMs = Math.max(nowMs, request.parentTimeMs + 1)
  const base = {
    version: protocol.version,
    chainId: context.chainId,
    epoch: context.epoch,
    height: request.parentHeight + 1,
    view: request.view,
    parent: parent.value,
    timeMs,
    seat: request.seat,
    parentStateRoot: stateRoot(state),
    parentReceiptsRoot: readSingle(state, tip).receiptsRoot,
    justification: request.justification,
    committeeRoot: context.committeeRoot,
  }
  if (request.isTail) return tailBlock(base)
  const { restart } = context
  const opening = restart?.base === request.parent ? restart.transaction : undefined
  return payloadBlock(context, state, base, opening)
}

type Base = Omit<Header, 'transactionsRoot' | 'nextCommitteeRoot' | 'enrolmentRoot'>

/** EPOCH-2: no payload, same state, never part of the chain. */
function tailBlock(base: Base): BuiltBlock {
  const header: Header = {
    ...base,
    transactionsRoot: merkleRoot(transactionTree, []),
    nextCommitteeRoot: none,
    enrolmentRoot: none,
  }
  return { header: Header.encode(header), body: Body.encode({ transactions: [] }) }
}

function payloadBlock(
  context: Context,
  state: LedgerState,
  base: Base,
  opening: DecodedTransaction | undefined,
): BuiltBlock | undefined {
  const selection = selectTransactions(state, base, context.candidates, context.env, opening)
  if (!selection.ok) return undefined
  const { derived } = selection.value
  const transactions = selection.value.transactions.map((transaction) => transaction.bytes)
  const header: Header = {
    ...base,
    transactionsRoot: merkleRoot(transactionTree, transactions),
    nextCommitteeRoot: derived.nextCommitteeRoot,
    enrolmentRoot: derived.enrolmentRoot,
  }
  return { header: Header.encode(header), body: Body.encode({ transactions }) }
}
