/** A set of voters with real keys, and a checkpoint that just over 2/3 of its stake signed. */

import { blsBlst } from '../../src/adapters/crypto/blsBlst.ts'
import { u32be } from '../../src/core/base/bytes.ts'
import type { Result } from '../../src/core/base/result.ts'
import {
  Checkpoint,
  type CheckpointContent,
  type CheckpointVote,
  CheckpointVoters,
} from '../../src/core/codec/checkpoint.ts'
import { mlDsa87Keys, mlDsa87Sign } from '../../src/core/crypto/mlDsa87.ts'
import { aggregateVotes } from '../../src/core/checkpoint/aggregate.ts'
import { anchorCheckpoint, type HeldCheckpoint } from '../../src/core/checkpoint/held.ts'
import { postQuantumKeyHash, postQuantumMessage } from '../../src/core/checkpoint/message.ts'
import { postQuantumDraw } from '../../src/core/checkpoint/postQuantumDraw.ts'
import { castVote } from '../../src/core/checkpoint/vote.ts'
import { voterSetOf, type VoterSet } from '../../src/core/checkpoint/voterSet.ts'

export const chainId = 'bench-checkpoint'
const threshold = 77

export interface World {
  readonly set: VoterSet
  readonly setBytes: Uint8Array
  readonly held: HeldCheckpoint
  readonly signers: number
  /** A plain checkpoint, and one with ML-DSA-87 by 77 units or a few more. */
  readonly plain: Uint8Array
  readonly full: Uint8Array
  /** How many signatures of ML-DSA-87 are in `full`. */
  readonly postQuantum: number
}

/** Of everybody of the set, on the content of the plain checkpoint. */
export function votesIn({ set }: World): readonly CheckpointVote[] {
  const env = { chainId, set, bls: blsBlst }
  const content = contentOf(2, 990, set)
  return set.voters.map((_, voter) =>
    castVote(env, content, { voter, sign: (message) => blsBlst.sign(secretOf(voter), message) }),
  )
}

/** Equal stakes: then 2/3 of the stake are the most keys that a checkpoint needs. */
export function makeWorld(count: number): World {
  const keysOf = (index: number) => mlDsa87Keys(wide(32, index))
  const drawSet = voters(count)
  const drawn = postQuantumDraw(drawSet, { beacon: wide(32, 9), number: 2 })
  const set = taken(
    voterSetOf(
      drawSet.voters.map((voter, index) =>
        drawn.has(index)
          ? { ...voter, postQuantumKeyHash: postQuantumKeyHash(keysOf(index).publicKey) }
          : voter,
      ),
    ),
  )
  const held = anchorCheckpoint(chainId, contentOf(1, 600, set))
  const signers = Math.ceil((2 * count) / 3)
  const plain = checkpointOf(set, contentOf(2, 990, set), signers)
  const content = contentOf(2, 1_200, set)
  const signed = checkpointOf(set, content, signers)
  const message = postQuantumMessage({ chainId, votersRoot: set.root, content })
  let units = 0
  for (const [voter, share] of drawn) {
    if (units >= threshold) break
    units += share
    const { publicKey, secretKey } = keysOf(voter)
    signed.postQuantum.push({ voter, publicKey, signature: mlDsa87Sign(secretKey, message) })
  }
  return {
    set,
    setBytes: CheckpointVoters.encode({ voters: [...set.voters] }),
    held,
    signers,
    plain: Checkpoint.encode(plain),
    full: Checkpoint.encode(signed),
    postQuantum: signed.postQuantum.length,
  }
}

function voters(count: number): VoterSet {
  const list = Array.from({ length: count }, (_, index) => ({
    account: wide(32, index),
    key: blsBlst.publicKey(secretOf(index)),
    postQuantumKeyHash: wide(32, 1_000_000 + index),
    stakeMicro: 20_000_000_000n,
  }))
  return taken(voterSetOf(list))
}

function contentOf(number: number, height: number, set: VoterSet): CheckpointContent {
  return {
    number,
    epoch: 20 * number - 1,
    height,
    timeMs: 600_000 * number,
    header: wide(32, number),
    stateRoot: wide(32, number),
    nextVotersRoot: set.root,
    beacon: wide(32, 9),
  }
}

function checkpointOf(set: VoterSet, content: CheckpointContent, signers: number): Checkpoint {
  const env = { chainId, set, bls: blsBlst }
  const votes = Array.from({ length: signers }, (_, voter) =>
    castVote(env, content, { voter, sign: (message) => blsBlst.sign(secretOf(voter), message) }),
  )
  const aggregate = taken(aggregateVotes(env, votes))
  return { ...aggregate, content, left: new Uint8Array(0), postQuantum: [] }
}

function secretOf(index: number): Uint8Array {
  return wide(32, index).fill(3, 0, 8)
}

function wide(sizeBytes: number, index: number): Uint8Array {
  const bytes = new Uint8Array(sizeBytes)
  bytes.set(u32be(index), sizeBytes - 4)
  return bytes
}

function taken<T>(result: Result<T, { readonly code: string }>): T {
  if (!result.ok) throw new Error(result.error.code)
  return result.value
}
