/**
 * The label of an operator as its owner gives it to a validator (COM-3): 192 hexadecimal digits,
 * the operator's key and its signature; nothing takes the label off.
 */
import { unhex } from '../../core/base/bytes.ts'
import { err, ok, type Result } from '../../core/base/result.ts'
import type { OperatorLabel } from '../../core/codec/chain.ts'
import { ed25519Verify } from '../../core/crypto/ed25519.ts'
import { operatorMessage } from '../../core/ledger/transactions/operatorLabel.ts'

const keyBytes = 32
const labelBytes = 96

/** No label of this validator on this chain: have it countersigned again. */
export interface OperatorLabelError {
  readonly code: 'OPERATOR_LABEL'
}

export function operatorLabelOf(
  text: string,
  chainId: string,
  account: Uint8Array,
): Result<OperatorLabel, OperatorLabelError> {
  const bytes = unhex(text)
  if (!bytes.ok) return err({ code: 'OPERATOR_LABEL' })
  const key = bytes.value.slice(0, keyBytes)
  const signature = bytes.value.slice(keyBytes)
  if (text === '') return ok({ key, signature })
  const isLabel =
    bytes.value.length === labelBytes &&
    ed25519Verify(signature, operatorMessage(chainId, account), key)
  return isLabel ? ok({ key, signature }) : err({ code: 'OPERATOR_LABEL' })
}
