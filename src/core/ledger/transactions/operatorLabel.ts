/**
 * Who operates the sender's validator (TX-4, COM-3): a label that counts because the operator's key
 * countersigned it, so that nobody fills the seats of another with validators of his own. Nobody
 * needs one. It counts from the next draw on, and a new one replaces it.
 */
import { u32be, utf8 } from '../../base/bytes.ts'
import { err, ok } from '../../base/result.ts'
import type { OperatorLabel } from '../../codec/chain.ts'
import { hash } from '../../crypto/hash.ts'
import { validatorOf, writeValidator } from '../validators.ts'
import type { Execute } from './outcome.ts'

const keyBytes = 32
const signatureBytes = 64

export const operatorLabel: Execute<OperatorLabel> = (state, sender, payload, context) => {
  const { key, signature } = payload
  const validator = validatorOf(state, sender)
  if (validator === undefined) return err({ code: 'TX_NOT_VALIDATOR' })
  const isRemoval = key.length === 0 && signature.length === 0
  if (!isRemoval) {
    if (key.length !== keyBytes) return err({ code: 'TX_FIELD', field: 'key' })
    const message = operatorMessage(context.chain.chainId, sender)
    const isSigned =
      signature.length === signatureBytes &&
      context.env.verifier.accountSigned(key, message, signature)
    if (!isSigned) return err({ code: 'OPERATOR_SIGNATURE' })
  }
  const labelled = { ...validator, operator: key }
  return ok({ state: writeValidator(state, labelled, context.derived.epoch), amountMicro: 0n })
}

/** What the operator signs for a validator's account, 32 bytes. */
export function operatorMessage(chainId: string, account: Uint8Array): Uint8Array {
  const chain = utf8(chainId)
  return hash('operatorLabel', u32be(chain.length), chain, account)
}
