/**
 * The committee that certifies a block on a given state: the seated one, or the one that a Restart
 * names in the block's first transaction (RECOVER-1). The bytes may be anything.
 */
import { readHeader } from '../core/chain/certified.ts'
import { restartOpening } from '../core/chain/restartOpening.ts'
import type { CertifiedBlock, Committee } from '../core/codec/chain.ts'
import { startBlock } from '../core/ledger/applyBlock.ts'
import type { LedgerEnv } from '../core/ledger/env.ts'
import type { LedgerState } from '../core/ledger/state.ts'
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
