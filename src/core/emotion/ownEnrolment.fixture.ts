/** A small tree with one known enrolment, from a seed. Test support. */

import { hash } from '../crypto/hash.ts'
import { u32be } from '../base/bytes.ts'
import { enrolmentLeaf, nullifierKeyHash } from './commitments.ts'
import { emptyEnrolmentTree, pathOf, setLeaf } from './enrolmentTree.ts'
import { bytesToInteger } from './field.ts'
import type { OwnEnrolment } from './ownEnrolment.ts'
import { seededGenerator } from './testWindows.fixture.ts'

export function testEnrolment(
  seed: number,
  changes: Partial<Pick<OwnEnrolment, 'consentVersion' | 'credentialExpiryEpoch'>> = {},
): { readonly own: OwnEnrolment; readonly enrolmentRoot: bigint } {
  const bytes = (use: number): Uint8Array => hash('keyDerivation', u32be(seed), u32be(use))
  const secret = (use: number): bigint => bytesToInteger(bytes(use).subarray(1))
  const { consentVersion = 1, credentialExpiryEpoch = 160 } = changes
  const [nullifierKey, baselineCommitment, identity] = [secret(1), secret(2), bytes(3)]
  const leaf = enrolmentLeaf({
    identity,
    nkHash: nullifierKeyHash(nullifierKey),
    baselineCommitment,
    consentVersion,
    credentialExpiryEpoch,
  })
  const next = seededGenerator(seed)
  const leafIndex = next() & 0xf_ffff
  const others = setLeaf(emptyEnrolmentTree, leafIndex ^ 1, secret(4))
  const tree = setLeaf(setLeaf(others, leafIndex ^ 0x8_0000, secret(5)), leafIndex, leaf)
  const path = pathOf(tree, leafIndex)
  return {
    own: {
      nullifierKey,
      identity,
      baselineCommitment,
      consentVersion,
      credentialExpiryEpoch,
      path,
    },
    enrolmentRoot: tree.root,
  }
}
