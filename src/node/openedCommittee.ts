/**
 * The committee that certifies a block on a given state: the seated one, or the one that a Restart
 * names in the block's first transaction (RECOVER-1). The bytes may be anything.
 */
import { bodyBytesMax } from '../core/bft/body.ts'
import { Body, type CertifiedBlock, type Committee } from '../core/codec/chain.ts'
import { decodeStrict } from '../core/codec/strict.ts'
import { readHeader } from '../core/chain/certified.ts'
import { startBlock } from '../core/ledger/applyBlock.ts'
import type { LedgerEnv } from '../core/ledger/env.ts'
import type { LedgerState } from '../core/ledger/state.ts'
import { decodeTransaction, type DecodedTransaction } from '../core/ledger/transactionBytes.ts'
import { committeeOf, runningEpoch } from './epochEnv.ts'

/** Undefined when a Restart opens the block and the ledger refuses it. */
export function openedCommittee(
  state: LedgerState,
  block: CertifiedBlock | undefined,
  env: Pick<LedgerEnv, 'verifier'>,
): Committee | undefined {
  const restart = block && restartOpening(block.body)
  const header = block && readHeader(block.header)
  if (restart === undefined || header?.ok !== true) {
    return committeeOf(state, runningEpoch(state))
  }
  const start = startBlock(state, { header: header.value.header, transactions: [restart] }, env)
  return start.ok ? start.value.derived.committee : undefined
}

/** The Restart in the first place of a body. */
export function restartOpening(bytes: Uint8Array): DecodedTransaction | undefined {
  const body = decodeStrict(Body, bytes, bodyBytesMax)
  const first = body.ok ? body.value.transactions[0] : undefined
  const decoded = first && decodeTransaction(first, bodyBytesMax)
  return decoded?.ok === true && decoded.value.kind === 'restart' ? decoded.value : undefined
}
