/** E8 as a transaction (BEACON-9): the one that a seat signed shows what is wrong. */
import { EvidenceKind } from '../../core/codec/chain.ts'
import { encodeTransaction } from '../../core/ledger/transactionBytes.ts'
import { wrongSharingOf } from '../../core/ledger/transactions/wrongSharing.ts'

const none = new Uint8Array(0)
const others = { second: none, header: none, justification: none, parentHeader: none }
const nothing = { ...others, statement: none }

/** Undefined when `first` is no transaction with a part of the sharing. */
export function wrongPartEvidence(chainId: string, first: Uint8Array): Uint8Array | undefined {
  const evidence = { kind: EvidenceKind.E8_WRONG_SHARING, first, ...nothing }
  const accusation = wrongSharingOf(evidence)
  if (accusation === undefined) return undefined
  const expiryEpoch = accusation.untilEpoch
  const base = { chainId, sender: none, nonce: 0, expiryEpoch, feeMaxMicro: 0n }
  return encodeTransaction({ ...base, evidence }, () => none)
}
