/**
 * What the ledger asks from outside: signature checks and verdicts about proofs.
 *
 * Both are pure functions of their arguments. The verifier remembers answers, because the same
 * signature is met in the mempool, in the own draft and in the block.
 */
import { mapKey, utf8 } from '../base/bytes.ts'
import type { BlsBackend } from '../crypto/bls.ts'
import { createBoundedCache } from '../crypto/boundedCache.ts'
import { ed25519Verify } from '../crypto/ed25519.ts'
import { hash } from '../crypto/hash.ts'
import type { HashHex } from '../types/ids.ts'

export interface Verifier {
  /** Ed25519 under ZIP-215. */
  readonly accountSigned: (key: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean
  readonly blsSigned: (key: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean
  /** All keys, whose possession is proven, signed the same message. */
  readonly aggregateSigned: (
    keys: readonly Uint8Array[],
    message: Uint8Array,
    signature: Uint8Array,
  ) => boolean
  readonly possessed: (key: Uint8Array, proof: Uint8Array) => boolean
  /** Undefined while nobody verified it here: verify it, then ask again. */
  readonly checkpointSigned: (question: CheckpointQuestion) => boolean | undefined
}

/** Whether the voters of a checkpoint signed it (CKPT-1): thousands of keys. */
export interface CheckpointQuestion {
  readonly keys: readonly Uint8Array[]
  readonly message: Uint8Array
  readonly signature: Uint8Array
  /** Names set, content, bitmap and signature: the verdict is known under it. */
  readonly proofKey: HashHex
}

/** Who replays blocks that are certified may take every word of them for judged. */
export interface ProofVerdicts {
  /** Undefined while nobody verified it here: verify it, then ask again. */
  readonly proofIsValid: (proofKey: HashHex) => boolean | undefined
  /** The same verdict, asked by who says that it does not hold (E9). */
  readonly proofIsWrong: (proofKey: HashHex) => boolean | undefined
  /** Whether an object of the sharing is right (BEACON-6), and whether it is wrong (E8). */
  readonly partIsRight: (partKey: HashHex) => boolean | undefined
  readonly partIsWrong: (partKey: HashHex) => boolean | undefined
}

export interface LedgerEnv {
  readonly verifier: Verifier
  readonly verdicts: ProofVerdicts
}

const answersMax = 16_384
/** A part of a question that is longer, because a peer sent nonsense, is remembered by its hash. */
const plainBytesMax = 128

export function createVerifier(bls: BlsBackend): Verifier {
  const answers = createBoundedCache<boolean>(answersMax)
  const remembered = (use: number, parts: readonly Uint8Array[], check: () => boolean): boolean => {
    const key = parts.reduce((text, part) => text + keyOf(part), String(use))
    const known = answers.get(key)
    if (known !== undefined) return known
    const answer = check()
    answers.set(key, answer)
    return answer
  }
  return {
    accountSigned: (key, message, signature) =>
      remembered(1, [key, message, signature], () => ed25519Verify(signature, message, key)),
    blsSigned: (key, message, signature) =>
      remembered(2, [key, message, signature], () => bls.verify(key, message, signature)),
    aggregateSigned: (keys, message, signature) => {
      const signers = hash('message', ...keys)
      return remembered(4, [signers, message, signature], () =>
        bls.fastAggregateVerify(keys, message, signature),
      )
    },
    checkpointSigned: ({ proofKey, keys, message, signature }) =>
      remembered(5, [utf8(proofKey)], () => bls.fastAggregateVerify(keys, message, signature)),
    possessed: (key, proof) => remembered(3, [key, proof], () => bls.verifyPossession(key, proof)),
  }
}

/** Different for different parts, and never the beginning of another one's. */
function keyOf(part: Uint8Array): string {
  const short = part.length <= plainBytesMax ? part : hash('message', part)
  return `${String(part.length)}:${mapKey(short)}`
}
