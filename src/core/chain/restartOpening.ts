/** The record that opens a restarted committee's first block (RECOVER-1). */
import { bodyBytesMax } from '../bft/body.ts'
import { Body } from '../codec/chain.ts'
import { decodeStrict } from '../codec/strict.ts'
import { decodeTransaction, type DecodedTransaction } from '../ledger/transactionBytes.ts'

/** The Restart in the first place of a body; the bytes may be anything. */
export function restartOpening(bytes: Uint8Array): DecodedTransaction | undefined {
  const body = decodeStrict(Body, bytes, bodyBytesMax)
  const first = body.ok ? body.value.transactions[0] : undefined
  const decoded = first && decodeTransaction(first, bodyBytesMax)
  return decoded?.ok === true && decoded.value.kind === 'restart' ? decoded.value : undefined
}
