/** EVID-1: what accuses is a transaction that anybody may carry. */
import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../test/support/unwrap.ts'
import { EvidenceKind, Vote, VoteKind } from '../codec/chain.ts'
import { decodeTransaction } from '../ledger/transactionBytes.ts'
import { protocol } from '../params.ts'
import type { SeatIndex } from '../types/ids.ts'
import { evidenceTransaction } from './evidenceTransaction.ts'

const none = new Uint8Array(0)
const seat = 2 as SeatIndex

function voteFor(fill: number): Vote {
  const block = new Uint8Array(32).fill(fill)
  const signatures = { signature: new Uint8Array(96).fill(fill), leaderSignature: none }
  return { kind: VoteKind.VOTE, epoch: 7, view: 3, block, seat, ...signatures }
}

const [first, second] = [voteFor(1), voteFor(2)]
const signedByLeader = { leaderSignature: new Uint8Array(96).fill(9) }

describe('EVID-1: two votes of a seat', () => {
  it('are shown without what the leader signed, by nobody, for as long as it counts', () => {
    const kind = 'E2_DOUBLE_VOTE'
    const shown = {
      first: { ...first, ...signedByLeader },
      second: { ...second, ...signedByLeader },
    }
    const bytes = evidenceTransaction('chain', { kind, seat, ...shown })
    const { transaction, signature } = unwrap(decodeTransaction(bytes, 10_000))
    const { sender, nonce, feeMaxMicro, expiryEpoch, chainId } = transaction
    expect([sender.length, nonce, feeMaxMicro, signature.length]).toEqual([0, 0, 0n, 0])
    expect([chainId, expiryEpoch]).toEqual(['chain', 7 + protocol.committeesKept])
    expect(transaction.evidence).toEqual({
      kind: EvidenceKind.E2_DOUBLE_VOTE,
      first: Vote.encode(first),
      second: Vote.encode(second),
      header: none,
      justification: none,
      parentHeader: none,
      statement: none,
    })
  })
})

describe('EVID-1: a malformed proposal', () => {
  it('is shown by one vote and by what is wrong', () => {
    const shown = {
      header: Uint8Array.of(1),
      justification: Uint8Array.of(2),
      parentHeader: Uint8Array.of(3),
    }
    const bytes = evidenceTransaction('chain', {
      kind: 'E5_MALFORMED_PROPOSAL',
      seat,
      first,
      shown,
    })
    expect(unwrap(decodeTransaction(bytes, 10_000)).transaction.evidence).toEqual({
      kind: EvidenceKind.E5_MALFORMED_PROPOSAL,
      first: Vote.encode(first),
      second: none,
      statement: none,
      ...shown,
    })
  })
})
