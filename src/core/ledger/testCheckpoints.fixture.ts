/** What validators of a test chain say about checkpoints: leases, votes and certificates. */
import { assert } from '../base/assert.ts'
import { mapKey, u32be } from '../base/bytes.ts'
import { aggregateVotes } from '../checkpoint/aggregate.ts'
import { castVote } from '../checkpoint/vote.ts'
import type { CheckpointContent } from '../codec/checkpoint.ts'
import { blsSecretFromSeed } from '../crypto/blsSecret.ts'
import { hash } from '../crypto/hash.ts'
import { pendingContent, votingSet } from './checkpoints.ts'
import { readSingle } from './state.ts'
import { epochRecord } from './tables.ts'
import { addBlock, signed, testPossession, unsigned, type TestChain } from './testChain.fixture.ts'
import { keysOf } from './testDuty.fixture.ts'
import type { DecodedTransaction } from './transactionBytes.ts'

const none = new Uint8Array(0)

/** `turn` counts the keys that a validator has had. */
export function checkpointSecret(index: number, turn = 0): Uint8Array {
  return blsSecretFromSeed(hash('keyDerivation', u32be(4), u32be(index), u32be(turn)))
}

export function postQuantumHash(index: number, turn = 0): Uint8Array {
  return hash('postQuantumKey', u32be(index), u32be(turn))
}

export function leaseOf(chain: TestChain, index: number, turn = 0): DecodedTransaction {
  const secret = checkpointSecret(index, turn)
  return signed(chain, keysOf(chain, index), {
    duty: {
      key: chain.bls.publicKey(secret),
      possession: testPossession(chain.bls, secret),
      postQuantumKeyHash: postQuantumHash(index, turn),
      peerId: '',
      relays: [],
    },
  })
}

export function renewalOf(chain: TestChain, index: number): DecodedTransaction {
  const duty = { key: none, possession: none, postQuantumKeyHash: none, peerId: '', relays: [] }
  return signed(chain, keysOf(chain, index), { duty }, { nonce: 0, feeMaxMicro: 0n })
}

/** The rest of an epoch that has begun, with nothing in its blocks. */
export function closeEpoch(chain: TestChain): void {
  const { startMs } = readSingle(chain.state, epochRecord)
  for (const offsetMs of [10_000, 20_000, 28_000]) addBlock(chain, startMs + offsetMs)
}

/** Signed by these validators, with the first keys they had, over the content of the state. */
export function certificateOf(
  chain: TestChain,
  indices: readonly number[],
  change: Partial<CheckpointContent> = {},
): DecodedTransaction {
  const set = votingSet(chain.state)
  const pending = pendingContent(chain.state)
  assert(set !== undefined && pending !== undefined, 'there is something to vote on')
  const content = { ...pending, ...change }
  const env = { chainId: chain.genesis.chainId, set, bls: chain.bls }
  const votes = indices.map((index) => {
    const account = mapKey(keysOf(chain, index).account)
    const voter = set.voters.findIndex((entry) => mapKey(entry.account) === account)
    const secret = checkpointSecret(index)
    return castVote(env, content, { voter, sign: (message) => chain.bls.sign(secret, message) })
  })
  const aggregate = aggregateVotes(env, votes)
  assert(aggregate.ok, 'votes of test voters aggregate')
  const { voters, signature } = aggregate.value
  return unsigned(chain, { checkpoint: { number: content.number, voters, signature } })
}
