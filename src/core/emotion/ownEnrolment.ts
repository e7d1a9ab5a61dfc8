/**
 * An enrolment as its owner knows it, for the proofs that it stands in the tree and do not say
 * where (STATE-2; `circuits/lib/enrolled.circom`).
 */

import { enrolmentLeaf, nullifierKeyHash } from './commitments.ts'
import { rootFromPath, type EnrolmentPath } from './enrolmentTree.ts'
import type { CircuitInput } from './statement.ts'
import { foldToField } from './field.ts'

export interface OwnEnrolment {
  /** Never leaves the device. */
  readonly nullifierKey: bigint
  /** The validator's Ed25519 key, 32 bytes. */
  readonly identity: Uint8Array
  readonly baselineCommitment: bigint
  readonly consentVersion: number
  readonly credentialExpiryEpoch: number
  readonly path: EnrolmentPath
}

/** The root that this enrolment belongs to. */
export function rootOfEnrolment(own: OwnEnrolment): bigint {
  const leaf = enrolmentLeaf({ ...own, nkHash: nullifierKeyHash(own.nullifierKey) })
  return rootFromPath(leaf, own.path)
}

/** The private inputs of a circuit by signal name. */
export function enrolmentInput(own: OwnEnrolment): CircuitInput {
  return {
    nullifierKey: String(own.nullifierKey),
    identity: String(foldToField('identity', own.identity)),
    baselineCommitment: String(own.baselineCommitment),
    credentialExpiryEpoch: String(own.credentialExpiryEpoch),
    leafIndex: String(own.path.leafIndex),
    siblings: own.path.siblings.map(String),
  }
}
