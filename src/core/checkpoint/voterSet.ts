/**
 * The set that votes on a checkpoint (CKPT-1): at most 10,000 voters, most stake first, ties by
 * account, so that one set has one list, and an index means the same everywhere. A Merkle root over
 * the list commits to it; each voter can be proven under that root alone (`merkle.ts`).
 */
import { compareBytes, equalBytes, mapKey } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import { CheckpointVoter, CheckpointVoters } from '../codec/checkpoint.ts'
import { decodeStrict } from '../codec/strict.ts'
import { blsPublicKeyBytes } from '../crypto/bls.ts'
import { ed25519PublicKeyBytes } from '../crypto/ed25519.ts'
import { hashBytes } from '../crypto/hash.ts'
import { merkleRoot, type MerkleDomains } from '../crypto/merkle.ts'
import { checkpointProtocol } from './parameters.ts'

export interface VoterSet {
  readonly voters: readonly CheckpointVoter[]
  readonly stakeMicro: bigint
  /** 32 bytes. */
  readonly root: Uint8Array
}

export type VoterSetError =
  /** Not a list in canonical form, or above the bound of bytes. */
  | { readonly code: 'VOTERS_MALFORMED' }
  /** None, or more than 10,000. */
  | { readonly code: 'VOTERS_COUNT'; readonly count: number }
  /** A field of a wrong length, or no stake. */
  | { readonly code: 'VOTERS_FIELD'; readonly index: number }
  /** Not most stake first, ties by account; also for an account that stands there twice. */
  | { readonly code: 'VOTERS_ORDER'; readonly index: number }
  /** A key of two voters: who signed could not be told. */
  | { readonly code: 'VOTERS_KEY_TWICE'; readonly index: number }
  /** Fewer µEMO in all than are drawn for ML-DSA-87. */
  | { readonly code: 'VOTERS_STAKE' }
  /** Another set than the root commits to. */
  | { readonly code: 'VOTERS_ROOT' }

export const voterTree: MerkleDomains = { leaf: 'checkpointVoter', tree: 'checkpointVoters' }

/** Account, key and hash with their tags, the greatest amount, and the tag of the voter itself. */
const voterBytesMax = 34 + 50 + 34 + 11 + 3
const votersBytesMax = checkpointProtocol.votersMax * voterBytesMax

/** The order of every set. */
export function compareVoters(left: CheckpointVoter, right: CheckpointVoter): number {
  if (left.stakeMicro !== right.stakeMicro) return left.stakeMicro > right.stakeMicro ? -1 : 1
  return compareBytes(left.account, right.account)
}

/** From a list in the order of the set. */
export function voterSetOf(voters: readonly CheckpointVoter[]): Result<VoterSet, VoterSetError> {
  const { votersMax, postQuantumDraws } = checkpointProtocol
  if (voters.length === 0 || voters.length > votersMax) {
    return err({ code: 'VOTERS_COUNT', count: voters.length })
  }
  const fault = faultOf(voters)
  if (fault !== undefined) return err(fault)
  const stakeMicro = stakeOfAll(voters)
  if (stakeMicro < BigInt(postQuantumDraws)) return err({ code: 'VOTERS_STAKE' })
  const leaves = voters.map((voter) => CheckpointVoter.encode(voter))
  return ok({ voters, stakeMicro, root: merkleRoot(voterTree, leaves) })
}

/** A set as a stranger brings it, held against the root that a checkpoint committed to. */
export function readVoterSet(bytes: Uint8Array, root: Uint8Array): Result<VoterSet, VoterSetError> {
  const decoded = decodeStrict(CheckpointVoters, bytes, votersBytesMax)
  if (!decoded.ok) return err({ code: 'VOTERS_MALFORMED' })
  const set = voterSetOf(decoded.value.voters)
  if (!set.ok) return set
  return equalBytes(set.value.root, root) ? set : err({ code: 'VOTERS_ROOT' })
}

/** Of the voters at these indices of the set. */
export function stakeAt(set: Pick<VoterSet, 'voters'>, indices: Iterable<number>): bigint {
  let sum = 0n
  for (const index of indices) sum += set.voters[index]?.stakeMicro ?? 0n
  return sum
}

/** Whether it is 2/3 of the stake or more: compared by products, so nothing is rounded. */
export function reachesThreshold(set: Pick<VoterSet, 'stakeMicro'>, signedMicro: bigint): boolean {
  const { thresholdNumerator, thresholdDenominator } = checkpointProtocol
  return thresholdDenominator * signedMicro >= thresholdNumerator * set.stakeMicro
}

function stakeOfAll(voters: readonly CheckpointVoter[]): bigint {
  return voters.reduce((sum, { stakeMicro }) => sum + stakeMicro, 0n)
}

function faultOf(voters: readonly CheckpointVoter[]): VoterSetError | undefined {
  const keys = new Set<string>()
  const accounts = new Set<string>()
  for (const [index, voter] of voters.entries()) {
    if (!isShaped(voter)) return { code: 'VOTERS_FIELD', index }
    const previous = voters[index - 1]
    const isNext = previous === undefined || compareVoters(previous, voter) < 0
    if (!isNext || accounts.has(mapKey(voter.account))) return { code: 'VOTERS_ORDER', index }
    if (keys.has(mapKey(voter.key))) return { code: 'VOTERS_KEY_TWICE', index }
    if (keys.has(mapKey(voter.postQuantumKeyHash))) return { code: 'VOTERS_KEY_TWICE', index }
    accounts.add(mapKey(voter.account))
    keys.add(mapKey(voter.key)).add(mapKey(voter.postQuantumKeyHash))
  }
  return undefined
}

function isShaped(voter: CheckpointVoter): boolean {
  return (
    voter.account.length === ed25519PublicKeyBytes &&
    voter.key.length === blsPublicKeyBytes &&
    voter.postQuantumKeyHash.length === hashBytes &&
    voter.stakeMicro > 0n
  )
}
