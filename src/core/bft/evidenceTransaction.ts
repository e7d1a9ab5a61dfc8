/** EVID-1: a contradiction as an unsigned, nonce-free transaction that anyone may carry. */
import { EvidenceKind, Vote } from '../codec/chain.ts'
import { encodeTransaction } from '../ledger/transactionBytes.ts'
import { protocol } from '../params.ts'
import type { Contradiction } from './types.ts'

const none = new Uint8Array(0)
const nothing = { header: none, justification: none, parentHeader: none }

export function evidenceTransaction(chainId: string, contradiction: Contradiction): Uint8Array {
  const { kind, first } = contradiction
  const { header, justification, parentHeader } =
    'shown' in contradiction ? contradiction.shown : nothing
  const transaction = {
    chainId,
    sender: none,
    nonce: 0,
    // For as long as the committee is known, so that no other wording outlasts it.
    expiryEpoch: first.epoch + protocol.committeesKept,
    feeMaxMicro: 0n,
    evidence: {
      kind: EvidenceKind[kind],
      first: voteBytes(first),
      second: 'second' in contradiction ? voteBytes(contradiction.second) : none,
      header,
      justification,
      parentHeader,
      statement: none,
    },
  }
  return encodeTransaction(transaction, () => none)
}

/** What the leader signed is no part of what the seat signed. */
function voteBytes(vote: Vote): Uint8Array {
  return Vote.encode({ ...vote, leaderSignature: none })
}
