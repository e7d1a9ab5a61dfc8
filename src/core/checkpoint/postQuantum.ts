/**
 * The ML-DSA-87 signatures of a checkpoint (CKPT-1). They are drawn from the set, and by the
 * beacon, of the last checkpoint that carried some: who could forge BLS alone can then neither name
 * the signers nor try beacons until the draw suits.
 */
import { equalBytes } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import type { PostQuantumSignature } from '../codec/checkpoint.ts'
import { mlDsa87Verify } from '../crypto/mlDsa87.ts'
import type { DrawSeed } from './beaconDraw.ts'
import { postQuantumKeyHash } from './message.ts'
import { checkpointProtocol } from './parameters.ts'
import { postQuantumDraw } from './postQuantumDraw.ts'
import type { VoterSet } from './voterSet.ts'

export type PostQuantumError =
  /** Not ascending, or not of somebody drawn. */
  | { readonly code: 'POST_QUANTUM_UNDRAWN'; readonly voter: number }
  /** Another key than the registered one. */
  | { readonly code: 'POST_QUANTUM_KEY'; readonly voter: number }
  /** Fewer than 77 of the 128 units. */
  | { readonly code: 'POST_QUANTUM_FEW'; readonly units: number }
  | { readonly code: 'POST_QUANTUM_SIGNATURE'; readonly voter: number }

/** Every signature that is there must hold; the value is how many units they count. */
export function verifyPostQuantum(
  set: VoterSet,
  seed: DrawSeed,
  shown: { readonly message: Uint8Array; readonly signatures: readonly PostQuantumSignature[] },
): Result<number, PostQuantumError> {
  const drawn = postQuantumDraw(set, seed)
  let units = 0
  let previous = -1
  for (const { voter, publicKey } of shown.signatures) {
    const share = drawn.get(voter)
    if (share === undefined || voter <= previous)
      return err({ code: 'POST_QUANTUM_UNDRAWN', voter })
    const registered = set.voters[voter]?.postQuantumKeyHash ?? new Uint8Array(0)
    if (!equalBytes(postQuantumKeyHash(publicKey), registered)) {
      return err({ code: 'POST_QUANTUM_KEY', voter })
    }
    units += share
    previous = voter
  }
  if (units < checkpointProtocol.postQuantumThreshold)
    return err({ code: 'POST_QUANTUM_FEW', units })
  for (const { voter, publicKey, signature } of shown.signatures) {
    if (!mlDsa87Verify(signature, shown.message, publicKey)) {
      return err({ code: 'POST_QUANTUM_SIGNATURE', voter })
    }
  }
  return ok(units)
}
