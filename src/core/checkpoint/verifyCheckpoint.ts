/**
 * The next checkpoint, as a light client takes it from a stranger (CKPT-1, SYNC-1). It holds an
 * earlier one, which names the root of the set that votes; no state is executed, and no committee
 * is trusted.
 *
 * When numbers were missed, voters may have left the named set. Who lapsed is in states that this
 * client does not know, so it checks the bound alone, and that at least half of the stake is left:
 * then 2/3 of it are at least a third of the named stake, which less than a third cannot sign.
 */
import { equalBytes } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import { Checkpoint, type CheckpointContent } from '../codec/checkpoint.ts'
import { decodeStrict } from '../codec/strict.ts'
import type { BlsBackend } from '../crypto/bls.ts'
import { verifyAggregate } from './aggregate.ts'
import type { CheckpointError } from './errors.ts'
import type { HeldCheckpoint } from './held.ts'
import { leaversOf } from './leaving.ts'
import { contentIsShaped, postQuantumMessage } from './message.ts'
import { votersWithout } from './nextVoters.ts'
import { checkpointProtocol, type CheckpointParams } from './parameters.ts'
import { verifyPostQuantum } from './postQuantum.ts'
import { checkpointEpochOf, postQuantumIsDue } from './schedule.ts'
import { indicesOf } from '../base/bitmap.ts'
import { reachesThreshold, stakeAt, type VoterSet } from './voterSet.ts'

export interface ShownCheckpoint {
  /** Exact bytes of a Checkpoint. */
  readonly bytes: Uint8Array
  /** The set that the held checkpoint names (`readVoterSet`). */
  readonly named: VoterSet
  /** The set that the last checkpoint with ML-DSA-87 names; asked for when more is due. */
  readonly postQuantumNamed?: VoterSet | undefined
}

/** Content and bitmaps, and 128 keys and signatures with their tags. */
export const checkpointBytesMax = 4_096 + checkpointProtocol.postQuantumDraws * (2_592 + 4_627 + 16)

export function verifyCheckpoint(
  held: HeldCheckpoint,
  shown: ShownCheckpoint,
  options: { readonly params: CheckpointParams; readonly bls: BlsBackend },
): Result<HeldCheckpoint, CheckpointError> {
  const decoded = decodeStrict(Checkpoint, shown.bytes, checkpointBytesMax)
  const content = decoded.ok ? decoded.value.content : undefined
  if (!decoded.ok || !contentIsShaped(content)) return err({ code: 'CHECKPOINT_MALFORMED' })
  const misplaced = placeFault(held.content, content, options.params)
  if (misplaced !== undefined) return err(misplaced)
  if (!equalBytes(shown.named.root, held.content.nextVotersRoot)) {
    return err({ code: 'CHECKPOINT_VOTERS' })
  }
  const voting = votingSet(shown.named, decoded.value.left, content.number - held.content.number)
  if (!voting.ok) return voting
  const set = voting.value
  const indices = indicesOf(set.voters.length, decoded.value.voters)
  if (indices === undefined) return err({ code: 'AGGREGATE_BITMAP' })
  const signedMicro = stakeAt(set, indices)
  if (!reachesThreshold(set, signedMicro)) {
    return err({ code: 'CHECKPOINT_STAKE', signedMicro, setMicro: set.stakeMicro })
  }
  const { chainId } = held
  const aggregate = { content, voters: decoded.value.voters, signature: decoded.value.signature }
  const signed = verifyAggregate({ chainId, set, bls: options.bls }, aggregate)
  if (!signed.ok) return signed
  return withPostQuantum(
    held,
    { ...shown, content, set, checkpoint: decoded.value },
    options.params,
  )
}

function placeFault(
  held: CheckpointContent,
  content: CheckpointContent,
  params: CheckpointParams,
): CheckpointError | undefined {
  if (content.number <= held.number) {
    return { code: 'CHECKPOINT_NUMBER', held: held.number, found: content.number }
  }
  const isInPlace =
    content.epoch === checkpointEpochOf(content.number, params) &&
    content.height > held.height &&
    content.timeMs > held.timeMs
  return isInPlace ? undefined : { code: 'CHECKPOINT_PLACE' }
}

/** The named set less who left, within the bound for the numbers passed since it was named. */
function votingSet(
  named: VoterSet,
  bitmap: Uint8Array,
  distance: number,
): Result<VoterSet, CheckpointError> {
  if (bitmap.length === 0) return ok(named)
  const left = indicesOf(named.voters.length, bitmap)
  if (left === undefined || left.length === 0) return err({ code: 'CHECKPOINT_LEFT' })
  if (leaversOf(named, left, distance - 1).length !== left.length) {
    return err({ code: 'CHECKPOINT_LEFT' })
  }
  const leftMicro = stakeAt(named, left)
  if (2n * leftMicro > named.stakeMicro) return err({ code: 'CHECKPOINT_LEFT_STAKE' })
  return votersWithout(named, left)
}

function withPostQuantum(
  held: HeldCheckpoint,
  shown: Pick<ShownCheckpoint, 'postQuantumNamed'> & {
    readonly content: CheckpointContent
    readonly set: VoterSet
    readonly checkpoint: Checkpoint
  },
  params: CheckpointParams,
): Result<HeldCheckpoint, CheckpointError> {
  const { content, set, checkpoint, postQuantumNamed } = shown
  const { chainId, postQuantum } = held
  const isDue = postQuantumIsDue(postQuantum.height, content.height, params)
  if (checkpoint.postQuantum.length === 0) {
    return isDue
      ? err({ code: 'CHECKPOINT_POST_QUANTUM_MISSING' })
      : ok({ chainId, content, postQuantum })
  }
  // They would draw other signers than the chain does, the next time that some are due.
  if (!isDue) return err({ code: 'CHECKPOINT_POST_QUANTUM_UNDUE' })
  if (postQuantumNamed === undefined) return err({ code: 'CHECKPOINT_VOTERS' })
  if (!equalBytes(postQuantumNamed.root, postQuantum.nextVotersRoot)) {
    return err({ code: 'CHECKPOINT_VOTERS' })
  }
  const seed = { beacon: postQuantum.beacon, number: content.number }
  const message = postQuantumMessage({ chainId, votersRoot: set.root, content })
  const signatures = checkpoint.postQuantum
  const verified = verifyPostQuantum(postQuantumNamed, seed, { message, signatures })
  return verified.ok ? ok({ chainId, content, postQuantum: content }) : verified
}
