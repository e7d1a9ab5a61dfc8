/** Paths in the enrolment tree for light clients (STATE-2, SYNC-2), from the newest state. */
import { rootFromPath } from '../core/emotion/enrolmentTree.ts'
import { bytesToInteger, fieldToBytes } from '../core/emotion/field.ts'
import type { EnrolmentPlace, EnrolmentProof } from '../core/codec/light.ts'
import { leafOf } from '../core/ledger/credential.ts'
import { credentialExpiryAt, enrolmentPathAt } from '../core/ledger/enrolment.ts'
import { boundaryOf } from '../core/ledger/epochs.ts'
import { readSingle, type LedgerState } from '../core/ledger/state.ts'
import { epochRecord } from '../core/ledger/tables.ts'
import { validatorOf } from '../core/ledger/validators.ts'

/**
 * Undefined when the boundary is none of the last ones, nobody is registered under that account, or
 * its leaf had another consent there: then nothing of now leads to that root.
 */
export function enrolmentProof(
  state: LedgerState,
  { account, epoch }: EnrolmentPlace,
): EnrolmentProof | undefined {
  const boundary = boundaryOf(readSingle(state, epochRecord), epoch)
  const validator = validatorOf(state, account)
  if (boundary === undefined || validator === undefined) return undefined
  const { consentVersion } = validator
  if (consentVersion === 0) return undefined
  const path = enrolmentPathAt(state, validator.enrolmentIndex, epoch)
  const credentialExpiryEpoch = credentialExpiryAt(state, validator, epoch)
  const leaf = leafOf({ ...validator, credentialExpiry: credentialExpiryEpoch })
  if (rootFromPath(leaf, path) !== bytesToInteger(boundary.enrolmentRoot)) return undefined
  const { leafIndex, siblings } = path
  return { leafIndex, siblings: siblings.map(fieldToBytes), credentialExpiryEpoch, consentVersion }
}
