/** Sets of voters with real keys, and checkpoints that they sign, for tests. */
import { blsBlst } from '../../adapters/crypto/blsBlst.ts'
import { unwrap } from '../../../test/support/unwrap.ts'
import { u32be } from '../base/bytes.ts'
import {
  type Checkpoint,
  type CheckpointContent,
  type CheckpointVote,
  type CheckpointVoter,
  type PostQuantumSignature,
} from '../codec/checkpoint.ts'
import { mlDsa87Keys, mlDsa87Sign, type MlDsa87Keys } from '../crypto/mlDsa87.ts'
import { aggregateVotes } from './aggregate.ts'
import type { CheckpointEnv } from './env.ts'
import type { HeldCheckpoint } from './held.ts'
import { postQuantumKeyHash, postQuantumMessage } from './message.ts'
import { postQuantumDraw } from './postQuantumDraw.ts'
import { castVote } from './vote.ts'
import { compareVoters, voterSetOf, type VoterSet } from './voterSet.ts'

export const testChain = 'checkpoint-test'

const secretOf = (id: number): Uint8Array => {
  const secret = new Uint8Array(32).fill(3)
  secret.set(u32be(id), 28)
  return secret
}
const wide = (sizeBytes: number, id: number): Uint8Array => {
  const bytes = new Uint8Array(sizeBytes)
  bytes.set(u32be(id), sizeBytes - 4)
  return bytes
}

const postQuantumKeys = new Map<number, MlDsa87Keys>()
const postQuantumOf = (id: number): MlDsa87Keys => {
  const keys = postQuantumKeys.get(id) ?? mlDsa87Keys(secretOf(id))
  postQuantumKeys.set(id, keys)
  return keys
}

/** Its account ends with `id`, which finds its secrets again. */
export function testVoter(id: number, stakeMicro: bigint): CheckpointVoter {
  return {
    account: wide(32, id),
    key: blsBlst.publicKey(secretOf(id)),
    postQuantumKeyHash: postQuantumKeyHash(postQuantumOf(id).publicKey),
    stakeMicro,
  }
}

/** Voters without secrets: quick to make in thousands. */
export function hollowVoter(id: number, stakeMicro: bigint): CheckpointVoter {
  return {
    account: wide(32, id),
    key: wide(48, id),
    postQuantumKeyHash: wide(32, 1_000_000 + id),
    stakeMicro,
  }
}

export function setOf(voters: readonly CheckpointVoter[]): VoterSet {
  return unwrap(voterSetOf(voters.toSorted(compareVoters)))
}

export function testEnv(set: VoterSet): CheckpointEnv {
  return { chainId: testChain, set, bls: blsBlst }
}

const idOf = (set: VoterSet, index: number): number =>
  new DataView(set.voters[index]!.account.buffer).getUint32(28)

export function testContent(
  number: number,
  next: VoterSet,
  change: Partial<CheckpointContent> = {},
): CheckpointContent {
  return {
    number,
    epoch: 20 * number - 1,
    height: 600 * number,
    timeMs: 600_000 * number,
    header: wide(32, number).fill(1, 0, 8),
    stateRoot: wide(32, number).fill(2, 0, 8),
    nextVotersRoot: next.root,
    beacon: wide(32, number).fill(3, 0, 8),
    ...change,
  }
}

/** Of a set of test voters. */
export function voterSecret(set: VoterSet, index: number): Uint8Array {
  return secretOf(idOf(set, index))
}

export function testVotes(
  env: CheckpointEnv,
  content: CheckpointContent,
  indices: readonly number[],
): CheckpointVote[] {
  return indices.map((voter) =>
    castVote(env, content, {
      voter,
      sign: (message) => blsBlst.sign(secretOf(idOf(env.set, voter)), message),
    }),
  )
}

/** Of everybody who is drawn after `held`, or of the indices that are asked for. */
export function testPostQuantum(
  held: HeldCheckpoint,
  named: VoterSet,
  signed: { readonly content: CheckpointContent; readonly set: VoterSet },
  indices?: readonly number[],
): PostQuantumSignature[] {
  const seed = { beacon: held.postQuantum.beacon, number: signed.content.number }
  const votersRoot = signed.set.root
  const message = postQuantumMessage({ chainId: testChain, votersRoot, content: signed.content })
  return (indices ?? [...postQuantumDraw(named, seed).keys()]).map((voter) => {
    const { publicKey, secretKey } = postQuantumOf(idOf(named, voter))
    return { voter, publicKey, signature: mlDsa87Sign(secretKey, message) }
  })
}

export function testCheckpoint(
  set: VoterSet,
  content: CheckpointContent,
  indices: readonly number[],
): Checkpoint {
  const env = testEnv(set)
  const { voters, signature } = unwrap(aggregateVotes(env, testVotes(env, content, indices)))
  return { content, left: new Uint8Array(0), voters, signature, postQuantum: [] }
}

export function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index)
}
