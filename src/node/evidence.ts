/** EVID-1: a contradiction as an unsigned, nonce-free transaction that anyone may carry. */
import type { Contradiction } from '../core/bft/types.ts'
import { EvidenceKind, Vote } from '../core/codec/chain.ts'
import { encodeTransaction } from '../core/ledger/transactionBytes.ts'
import { protocol } from '../core/params.ts'

const none = new Uint8Array(0)

export function evidenceTransaction(chainId: string, contradiction: Contradiction): Uint8Array {
  const { kind, first, second } = contradiction
  const transaction = {
    chainId,
    sender: none,
    nonce: 0,
    // For as long as the committee is known, so that no other wording outlasts it.
    expiryEpoch: first.epoch + protocol.committeesKept,
    feeMaxMicro: 0n,
    evidence: {
      kind: EvidenceKind[kind],
      // What the leader signed is no part of what the seat signed.
      first: Vote.encode({ ...first, leaderSignature: none }),
      second: Vote.encode({ ...second, leaderSignature: none }),
      header: none,
      justification: none,
      parentHeader: none,
    },
  }
  return encodeTransaction(transaction, () => none)
}
