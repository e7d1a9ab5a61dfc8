/**
 * Transactions as bytes (ENC-1, REPLAY-1): decoding, their id, and what a sender signs.
 *
 * Id and signature cover the exact bytes of the Transaction, which name the chain, the sender, the
 * nonce and the last epoch in which it counts.
 */
import { err, ok, type Result } from '../base/result.ts'
import { SignedTransaction, Transaction } from '../codec/chain.ts'
import { decodeStrict, type DecodeError } from '../codec/strict.ts'
import { hash } from '../crypto/hash.ts'
import { plainTransfer } from './plainTransfer.ts'

export const transactionKinds = [
  'transfer',
  'bond',
  'unbond',
  'withdraw',
  'register',
  'ready',
  'confirm',
  'evidence',
  'absence',
  'restart',
  'duty',
  'checkpoint',
  'doubleCheckpoint',
  'sharing',
  'liveness',
  'endLiveness',
  'operatorLabel',
  'attest',
  'consent',
] as const

export type TransactionKind = (typeof transactionKinds)[number]

export interface DecodedTransaction {
  /** Exact bytes of the SignedTransaction: what a body carries and a Merkle leaf covers. */
  readonly bytes: Uint8Array
  readonly id: Uint8Array
  readonly kind: TransactionKind
  readonly transaction: Transaction
  readonly signature: Uint8Array
}

export type TransactionDecodeError =
  /** Not a canonical transaction within the size limit. */
  | { readonly code: 'TX_MALFORMED'; readonly cause: DecodeError['code'] }
  /** It has no payload of a known kind. */
  | { readonly code: 'TX_KIND' }

export function decodeTransaction(
  bytes: Uint8Array,
  bytesMax: number,
): Result<DecodedTransaction, TransactionDecodeError> {
  const plain = bytes.length <= bytesMax ? plainTransfer(bytes) : undefined
  if (plain !== undefined) {
    const { inner, transaction, signature } = plain
    return ok({ bytes, id: transactionId(inner), kind: 'transfer', transaction, signature })
  }
  const signed = decodeStrict(SignedTransaction, bytes, bytesMax)
  if (!signed.ok) return err({ code: 'TX_MALFORMED' as const, cause: signed.error.code })
  const inner = signed.value.transaction
  const decoded = decodeStrict(Transaction, inner, bytesMax)
  if (!decoded.ok) return err({ code: 'TX_MALFORMED' as const, cause: decoded.error.code })
  const transaction = decoded.value
  const kinds = transactionKinds.filter((kind) => transaction[kind] !== undefined)
  const kind = kinds[0]
  if (kind === undefined || kinds.length !== 1) return err({ code: 'TX_KIND' as const })
  const { signature } = signed.value
  return ok({ bytes, id: transactionId(inner), kind, transaction, signature })
}

/** Also the message that the sender signs. */
export function transactionId(transactionBytes: Uint8Array): Uint8Array {
  return hash('transaction', transactionBytes)
}

/** Exact bytes to send; `sign` is the sender's Ed25519 over the id, or gives none for evidence. */
export function encodeTransaction(
  transaction: Transaction,
  sign: (message: Uint8Array) => Uint8Array,
): Uint8Array {
  const bytes = Transaction.encode(transaction)
  return SignedTransaction.encode({ transaction: bytes, signature: sign(transactionId(bytes)) })
}
