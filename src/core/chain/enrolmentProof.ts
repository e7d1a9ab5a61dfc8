/**
 * A light client's own path in the enrolment tree (STATE-2), under the root that a certified
 * boundary header carries: what it needs to prove anything about its enrolment (`proof.md`) without
 * the state. Who shows it knows no secret: the leaf is built here, from what its owner has.
 */
import { err, ok, type Result } from '../base/result.ts'
import type { EnrolmentProof } from '../codec/light.ts'
import { enrolmentLeaf, type EnrolmentLeaf } from '../emotion/commitments.ts'
import {
  enrolmentDepth,
  enrolmentLeavesMax,
  rootFromPath,
  type EnrolmentPath,
} from '../emotion/enrolmentTree.ts'
import { bytesToField } from '../emotion/field.ts'
import { isU32 } from '../emotion/u32.ts'
import type { VerifiedBlock } from './certified.ts'
import { verifyHeaderBytes, type ProofEnv, type ProofError } from './lightProof.ts'

/** What the owner of a leaf knows of it without asking. */
export type OwnLeaf = Pick<EnrolmentLeaf, 'identity' | 'nkHash' | 'baselineCommitment'>

export interface ProvenEnrolment extends EnrolmentLeaf {
  readonly path: EnrolmentPath
  /** Field element: `enrolmentRoot` of the boundary. */
  readonly root: bigint
  readonly under: VerifiedBlock
}

export type EnrolmentProofError =
  | ProofError
  /**
   * What is shown leads to another leaf than the asker's: the answer is wrong, or the enrolment on
   * the chain is not the one that these keys and this baseline belong to. Nothing tells which.
   */
  | { readonly code: 'PROOF_OTHER_ENROLMENT' }

/** `asked.epoch` is the one whose boundary carries the root. */
export function verifyEnrolment(
  env: ProofEnv,
  asked: { readonly epoch: number; readonly own: OwnLeaf },
  shown: {
    readonly block: Uint8Array
    readonly restart: Uint8Array
    readonly enrolment: EnrolmentProof
  },
): Result<ProvenEnrolment, EnrolmentProofError> {
  const under = verifyHeaderBytes(env, shown)
  if (!under.ok) return under
  const { header } = under.value
  if (header.epoch !== asked.epoch || header.enrolmentRoot.length === 0) {
    return err({ code: 'PROOF_OTHER' })
  }
  const root = bytesToField(header.enrolmentRoot)
  const path = pathOf(shown.enrolment)
  const { credentialExpiryEpoch, consentVersion } = shown.enrolment
  const isShaped = root.ok && path !== undefined && isU32(credentialExpiryEpoch)
  if (!isShaped) return err({ code: 'PROOF_INVALID' })
  const leaf = { ...asked.own, credentialExpiryEpoch, consentVersion }
  if (rootFromPath(enrolmentLeaf(leaf), path) !== root.value) {
    return err({ code: 'PROOF_OTHER_ENROLMENT' })
  }
  return ok({ ...leaf, path, root: root.value, under: under.value })
}

function pathOf({ leafIndex, siblings }: EnrolmentProof): EnrolmentPath | undefined {
  if (leafIndex >= enrolmentLeavesMax || siblings.length !== enrolmentDepth) return undefined
  const fields = siblings.map(bytesToField)
  const values = fields.flatMap((field) => (field.ok ? [field.value] : []))
  return values.length === siblings.length ? { leafIndex, siblings: values } : undefined
}
