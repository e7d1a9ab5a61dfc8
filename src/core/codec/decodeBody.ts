/** A block's body, strictly (ENC-1): a list of byte strings, read without writing it again. */
import { ok, type Result } from '../base/result.ts'
import { Body } from './chain.ts'
import { decodeStrict, type DecodeError } from './strict.ts'
import { WireReader } from './wireReader.ts'

const tagTransactions = 0x0a

/** What `decodeStrict(Body, …)` says; the transactions are views of `bytes`. */
export function decodeBody(bytes: Uint8Array, sizeBytesMax: number): Result<Body, DecodeError> {
  const plain = bytes.length <= sizeBytesMax ? plainBody(bytes) : undefined
  return plain === undefined ? decodeStrict(Body, bytes, sizeBytesMax) : ok(plain)
}

function plainBody(bytes: Uint8Array): Body | undefined {
  const reader = new WireReader(bytes)
  const transactions: Uint8Array[] = []
  while (!reader.isAtEnd && reader.isPlain) transactions.push(reader.bytes(tagTransactions, 0))
  return reader.isPlain ? { transactions } : undefined
}
