/** Two votes of one seat in one view of epoch 0, as evidence, worded as its author likes. */
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { equalBytes } from '../core/base/bytes.ts'
import { EvidenceKind, Vote, VoteKind } from '../core/codec/chain.ts'
import { committeeRoot } from '../core/committee/handOver.ts'
import { voteMessage } from '../core/committee/voteMessage.ts'
import { read, type LedgerState } from '../core/ledger/state.ts'
import { committees } from '../core/ledger/tables.ts'
import { testEpochKey, type TestKeys } from '../core/ledger/testChain.fixture.ts'
import { encodeTransaction } from '../core/ledger/transactionBytes.ts'

export interface DoubleVoteWording {
  readonly expiryEpoch?: number
  readonly seat?: number
  readonly view?: number
  /** Makes another second block. */
  readonly salt?: number
  readonly leaderSignature?: Uint8Array
}

interface TestChain {
  readonly genesis: { readonly chainId: string }
  readonly keys: readonly TestKeys[]
  /** It names the committee of epoch 0. */
  readonly state: LedgerState
}

const none = new Uint8Array(0)

export function doubleVote(chain: TestChain, wording: DoubleVoteWording = {}): Uint8Array {
  const { genesis, keys, state } = chain
  const { chainId } = genesis
  const { expiryEpoch = 5, seat = 0, view = 3, salt = 2, leaderSignature = none } = wording
  const committee = read(state, committees, 0)
  const index = keys.findIndex(({ account }) =>
    equalBytes(account, committee?.seats[seat]?.validator ?? none),
  )
  if (committee === undefined || index < 0) throw new Error('there is a first committee')
  const [first, second] = [1, salt].map((byte) => {
    const place = { kind: VoteKind.VOTE, epoch: 0, view, block: new Uint8Array(32).fill(byte) }
    const message = voteMessage({ ...place, chainId, committeeRoot: committeeRoot(committee) })
    const signature = bls.sign(testEpochKey(bls, index, 0).secret, message)
    return Vote.encode({ ...place, seat, signature, leaderSignature })
  })
  const kind = EvidenceKind.E2_DOUBLE_VOTE
  const shown = { header: none, justification: none, parentHeader: none, statement: none }
  const pair = { kind, first: first ?? none, second: second ?? none, ...shown }
  const base = { chainId, sender: none, nonce: 0, expiryEpoch, feeMaxMicro: 0n }
  return encodeTransaction({ ...base, evidence: pair }, () => none)
}
