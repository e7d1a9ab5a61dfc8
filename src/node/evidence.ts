/** EVID-1: a contradiction as an unsigned, nonce-free transaction that anyone may carry. */
import type { Contradiction } from '../core/bft/types.ts'
import { EvidenceKind, Vote } from '../core/codec/chain.ts'
import type { LedgerState } from '../core/ledger/state.ts'
import { encodeTransaction } from '../core/ledger/transactionBytes.ts'
import { runningEpoch } from './epochEnv.ts'

const none = new Uint8Array(0)

/** Epochs in which it may still be included. */
const expiryEpochs = 10

export function evidenceTransaction(
  chainId: string,
  state: LedgerState,
  contradiction: Contradiction,
): Uint8Array {
  const { kind, first, second } = contradiction
  const transaction = {
    chainId,
    sender: none,
    nonce: 0,
    expiryEpoch: runningEpoch(state) + expiryEpochs,
    feeMaxMicro: 0n,
    evidence: {
      kind: EvidenceKind[kind],
      // What the leader signed is no part of what the seat signed.
      first: Vote.encode({ ...first, leaderSignature: none }),
      second: Vote.encode({ ...second, leaderSignature: none }),
      header: none,
    },
  }
  return encodeTransaction(transaction, () => none)
}
