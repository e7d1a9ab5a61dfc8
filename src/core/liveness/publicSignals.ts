/**
 * The public signals of `liveness_proof`, by name (ZK-1).
 *
 * The order is that of the circuit's declarations; nothing else in the project knows an index. The
 * verifier builds every signal from what the chain says and draws the codeword itself; of the
 * sender come only the number of the window and the claimed share.
 */

import { assert } from '../base/assert.ts'
import { foldToField, isField } from '../emotion/field.ts'
import { isU32 } from '../emotion/u32.ts'
import { codebook60 } from './codebook.ts'
import { drawCodeword } from './drawCodeword.ts'
import { isShareClaim } from './shareClaims.ts'

export const livenessSignalNames = [
  'chainId',
  'epoch',
  'beacon',
  'identity',
  'nkHash',
  'codeword',
  'shareMin',
] as const

export type LivenessSignalName = (typeof livenessSignalNames)[number]

/** What a proof of one answered window is checked against. */
export interface LivenessPublicInputs {
  /** 32 bytes. */
  readonly chainId: Uint8Array
  /** The epoch whose beacon drew the codeword. */
  readonly epoch: number
  /** Beacon of `epoch`, 32 bytes. */
  readonly beacon: Uint8Array
  /** The validator's Ed25519 key, 32 bytes. */
  readonly identity: Uint8Array
  /** Poseidon(nk) as in the validator's registration: another person's key does not open it. */
  readonly nkHash: bigint
  /** Of the challenge, 0 to 2: draws the codeword from the book of 60 s (LIVE-2). */
  readonly window: number
  /** Claimed R² at the asked codeword, basis points: a claim of `shareClaims.ts`. */
  readonly shareMinBp: number
}

/** Each signal as a field element. */
export function livenessSignalValues(
  inputs: LivenessPublicInputs,
): Readonly<Record<LivenessSignalName, bigint>> {
  const { chainId, beacon, identity, window } = inputs
  assert(isU32(inputs.epoch), 'an epoch in a proof is below 2^32')
  assert(isField(inputs.nkHash), 'a nullifier key hash is a field element')
  assert(isShareClaim(inputs.shareMinBp), 'a claim is a step of the shares')
  const codeword = drawCodeword({ beacon, chainId, validatorKey: identity, window }, codebook60)
  return {
    chainId: foldToField('chainId', chainId),
    epoch: BigInt(inputs.epoch),
    beacon: foldToField('beacon', beacon),
    identity: foldToField('identity', identity),
    nkHash: inputs.nkHash,
    codeword: BigInt(codeword),
    shareMin: BigInt(inputs.shareMinBp),
  }
}

/** The signals in the circuit's order. */
export function livenessSignals(inputs: LivenessPublicInputs): readonly bigint[] {
  const values = livenessSignalValues(inputs)
  return livenessSignalNames.map((name) => values[name])
}
