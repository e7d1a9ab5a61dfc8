/**
 * What stands on chain of an enrolment: nullifier key hash, baseline commitment, leaf; and the
 * nullifier and level of an epoch (clauses 2, 4 and 5 of the statement, STATE-2, FIT-3, PRIV-5).
 *
 * Poseidon over BN254 with the constants of circomlib, as in the circuit.
 */

import { poseidon1 } from 'poseidon-lite/poseidon1'
import { poseidon3 } from 'poseidon-lite/poseidon3'
import { poseidon4 } from 'poseidon-lite/poseidon4'
import { poseidon5 } from 'poseidon-lite/poseidon5'
import { assert } from '../base/assert.ts'
import { isBaseline, type Baseline } from './baseline.ts'
import { asciiField, foldToField, isField } from './field.ts'
import { isU32 } from './u32.ts'

const baselineDomain = asciiField('emo/baseline/1')
const nullifierDomain = asciiField('emo/nullifier/1')
const stateDomain = asciiField('emo/state/1')

/** Salts and nullifier keys are drawn from 248 random bits, above the 128 of PRIV-5. */
export const secretBytes = 31

export interface EnrolmentLeaf {
  /** The validator's Ed25519 key, 32 bytes. */
  readonly identity: Uint8Array
  /** Poseidon(nk), as in the registration. */
  readonly nkHash: bigint
  readonly baselineCommitment: bigint
  readonly consentVersion: number
  /** Last epoch for which a proof is possible (LIVE-6). */
  readonly credentialExpiryEpoch: number
}

/** Hides the nullifier key; stands in the leaf. */
export function nullifierKeyHash(nullifierKey: bigint): bigint {
  assert(isField(nullifierKey), 'a nullifier key is a field element')
  return poseidon1([nullifierKey])
}

export function commitBaseline(baseline: Baseline, salt: bigint): bigint {
  assert(isBaseline(baseline), 'the baseline lies within its bounds')
  assert(isField(salt), 'a salt is a field element')
  const packed =
    BigInt(baseline.restHrCentiBpm) +
    (BigInt(baseline.hrSigmaCentiBpm) << 16n) +
    (BigInt(baseline.lnRmssdQ16) << 32n) +
    (BigInt(baseline.lnRmssdSigmaQ16) << 64n)
  return poseidon3([baselineDomain, packed, salt])
}

export function enrolmentLeaf(leaf: EnrolmentLeaf): bigint {
  assert(isField(leaf.nkHash), 'a nullifier key hash is a field element')
  assert(isField(leaf.baselineCommitment), 'a commitment is a field element')
  assert(isU32(leaf.consentVersion), 'a consent version is below 2^32')
  assert(isU32(leaf.credentialExpiryEpoch), 'an expiry epoch is below 2^32')
  return poseidon5([
    foldToField('identity', leaf.identity),
    leaf.nkHash,
    leaf.baselineCommitment,
    leaf.consentVersion,
    leaf.credentialExpiryEpoch,
  ])
}

/** One value for each key, chain and epoch: a second proof of an epoch shows (E10). */
export function epochNullifier(options: {
  readonly chainId: Uint8Array
  readonly nullifierKey: bigint
  readonly epoch: number
}): bigint {
  const { chainId, nullifierKey, epoch } = options
  assert(isField(nullifierKey), 'a nullifier key is a field element')
  assert(isU32(epoch), 'an epoch in a proof is below 2^32')
  return poseidon4([nullifierDomain, foldToField('chainId', chainId), nullifierKey, epoch])
}

/**
 * The state S that a proof leaves (FIT-3). The nullifier key is its salt, 248 random bits: who does
 * not know it cannot try levels, and who does finds the level again without having kept it.
 */
export function commitLevel(options: {
  readonly chainId: Uint8Array
  readonly nullifierKey: bigint
  readonly epoch: number
  readonly levelBp: number
}): bigint {
  const { chainId, nullifierKey, epoch, levelBp } = options
  assert(isField(nullifierKey), 'a nullifier key is a field element')
  assert(isU32(epoch), 'an epoch in a proof is below 2^32')
  const folded = foldToField('chainId', chainId)
  return poseidon5([stateDomain, folded, nullifierKey, epoch, levelBp])
}
