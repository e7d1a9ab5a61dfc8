/**
 * The block that the agreement asked for (BFT-2), as `src/node` builds it: what its header says of
 * the state is derived from the parent's post-state (STATE-3), its body is what applies on it.
 */
import { unhex } from '../../src/core/base/bytes.ts'
import type { AgreementEnv, BuildRequest } from '../../src/core/bft/types.ts'
import { Body, type Header } from '../../src/core/codec/chain.ts'
import { merkleRoot, transactionTree } from '../../src/core/crypto/merkle.ts'
import type { LedgerEnv } from '../../src/core/ledger/env.ts'
import { selectTransactions } from '../../src/core/ledger/selectTransactions.ts'
import { readSingle, stateRoot, type LedgerState } from '../../src/core/ledger/state.ts'
import { tip } from '../../src/core/ledger/tables.ts'
import type { DecodedTransaction } from '../../src/core/ledger/transactionBytes.ts'
import { protocol } from '../../src/core/params.ts'

const none = new Uint8Array(0)

export interface BuiltOnLedger {
  readonly header: Header
  readonly body: Uint8Array
}

interface Parent {
  readonly state: LedgerState
  readonly candidates: readonly DecodedTransaction[]
  readonly nowMs: number
}

/** Undefined when nothing can stand on the parent. */
export function buildOnLedger(
  env: Pick<AgreementEnv, 'chainId' | 'epoch' | 'committeeRoot'>,
  ledgerEnv: LedgerEnv,
  request: BuildRequest,
  { state, candidates, nowMs }: Parent,
): BuiltOnLedger | undefined {
  const parent = unhex(request.parent)
  if (!parent.ok) return undefined
  const base = {
    version: protocol.version,
    chainId: env.chainId,
    epoch: env.epoch,
    height: request.parentHeight + 1,
    view: request.view,
    parent: parent.value,
    timeMs: Math.max(nowMs, request.parentTimeMs + 1),
    seat: request.seat,
    parentStateRoot: stateRoot(state),
    parentReceiptsRoot: readSingle(state, tip).receiptsRoot,
    justification: request.justification,
    committeeRoot: env.committeeRoot,
  }
  if (request.isTail) {
    const said = { nextCommitteeRoot: none, enrolmentRoot: none }
    return withBody({ ...base, ...said }, [])
  }
  const selection = selectTransactions(state, base, candidates, ledgerEnv)
  if (!selection.ok) return undefined
  const { derived, transactions } = selection.value
  const { nextCommitteeRoot, enrolmentRoot } = derived
  return withBody(
    { ...base, nextCommitteeRoot, enrolmentRoot },
    transactions.map(({ bytes }) => bytes),
  )
}

function withBody(
  header: Omit<Header, 'transactionsRoot'>,
  transactions: Uint8Array[],
): BuiltOnLedger {
  const transactionsRoot = merkleRoot(transactionTree, transactions)
  return { header: { ...header, transactionsRoot }, body: Body.encode({ transactions }) }
}
