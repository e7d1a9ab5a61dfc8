/**
 * Everything that reads bytes of strangers, with what must hold whatever the bytes are (ENC-1): a
 * coded refusal, or a value that is written back as the same bytes. A target throws where that does
 * not hold; it says whether the bytes were taken.
 */
import { equalBytes } from '../../src/core/base/bytes.ts'
import { readHeader } from '../../src/core/chain/certified.ts'
import * as chain from '../../src/core/codec/chain.ts'
import * as checkpoint from '../../src/core/codec/checkpoint.ts'
import { decodeBody } from '../../src/core/codec/decodeBody.ts'
import * as light from '../../src/core/codec/light.ts'
import * as restart from '../../src/core/codec/restart.ts'
import * as sensor from '../../src/core/codec/sensor.ts'
import * as sharing from '../../src/core/codec/sharing.ts'
import * as state from '../../src/core/codec/state.ts'
import { decodeStrict, type DecodeError, type MessageCodec } from '../../src/core/codec/strict.ts'
import { decodeKeySet, encodeKeySet } from '../../src/core/crypto/keySet.ts'
import { decodeProof, encodeProof } from '../../src/core/emotion/proofCodec.ts'
import type { Result } from '../../src/core/base/result.ts'
import { formatGenesis, parseGenesis } from '../../src/core/ledger/genesis/genesisFile.ts'
import { plainTransfer } from '../../src/core/ledger/plainTransfer.ts'
import { decodeTransaction } from '../../src/core/ledger/transactionBytes.ts'
import { readStreamBlock, writeStreamBlock } from '../../src/core/stream/block.ts'
import { decodeMessage, encodeMessage } from '../../src/node/wire.ts'
import { readWireSchema } from '../support/wireSchema.ts'

/** Whether the bytes were taken. */
export type Target = (bytes: Uint8Array) => boolean

const sizeBytesMax = 4096
const codes: readonly DecodeError['code'][] = [
  'DECODE_TOO_LARGE',
  'DECODE_MALFORMED',
  'DECODE_NOT_CANONICAL',
]

/** By name: the messages of the wire under their own, in the order of the schema. */
export function targets(): ReadonlyMap<string, Target> {
  const all = new Map<string, Target>()
  for (const name of readWireSchema().messages.keys()) all.set(name, strict(codecOf(name)))
  all.set('bytes-body', body)
  all.set('bytes-header', header)
  all.set('bytes-transaction', transaction)
  all.set('bytes-transfer', transfer)
  all.set('bytes-message', message)
  all.set('bytes-keys', keySet)
  all.set('bytes-proof', proof)
  all.set('bytes-stream', stream)
  all.set('text-genesis', genesis)
  return all
}

export function codecOf(name: string): MessageCodec<unknown> {
  const all = { ...chain, ...state, ...light, ...sharing, ...checkpoint, ...restart, ...sensor }
  const codec = (all as unknown as Readonly<Record<string, MessageCodec<unknown>>>)[name]
  if (codec === undefined) throw new Error(`${name} has no generated codec`)
  return codec
}

function strict(codec: MessageCodec<unknown>): Target {
  return (bytes) => {
    const decoded = decodeStrict(codec, bytes, sizeBytesMax)
    if (!decoded.ok) return refused(decoded, codes)
    must(equalBytes(codec.encode(decoded.value as never), bytes), 'is written back the same')
    // Each entry of a list costs its sender two bytes, and no message has more fields than this.
    must(sizeOf(decoded.value) <= 40 * (1 + bytes.length), 'holds no more than was sent')
    return true
  }
}

const body: Target = (bytes) => {
  const quick = decodeBody(bytes, sizeBytesMax)
  const general = decodeStrict(chain.Body, bytes, sizeBytesMax)
  must(sameText(quick, general), 'the two readers of bodies agree')
  return quick.ok
}

const header: Target = (bytes) => {
  const read = readHeader(bytes)
  if (!read.ok) return refused(read, ['BLOCK_HEADER_MALFORMED'])
  must(equalBytes(chain.Header.encode(read.value.header), bytes), 'is written back the same')
  return true
}

const transaction: Target = (bytes) => {
  const decoded = decodeTransaction(bytes, sizeBytesMax)
  if (!decoded.ok) return refused(decoded, ['TX_MALFORMED', 'TX_KIND'])
  const { transaction: value, signature } = decoded.value
  const inner = chain.Transaction.encode(value)
  const again = chain.SignedTransaction.encode({ transaction: inner, signature })
  must(equalBytes(again, bytes), 'is written back the same')
  return true
}

/** The quick reader may know less than the general one, and never says anything else. */
const transfer: Target = (bytes) => {
  const plain = plainTransfer(bytes)
  if (plain === undefined) return false
  const signed = decodeStrict(chain.SignedTransaction, bytes, bytes.length)
  const inner = decodeStrict(chain.Transaction, plain.inner, bytes.length)
  must(signed.ok && inner.ok, 'the general reader takes it too')
  must(sameText(inner.ok && inner.value, plain.transaction), 'the two readers agree')
  return true
}

const message: Target = (bytes) => {
  const decoded = decodeMessage(bytes)
  if (decoded === undefined) return false
  must(equalBytes(encodeMessage(decoded), bytes), 'is written back the same')
  return true
}

const keySet: Target = (bytes) => {
  const decoded = decodeKeySet(bytes)
  if (!decoded.ok) return refused(decoded, ['KEY_SET_INVALID'])
  must(equalBytes(encodeKeySet(decoded.value), bytes), 'is written back the same')
  return true
}

const proof: Target = (bytes) => {
  const decoded = decodeProof(bytes)
  if (!decoded.ok) return refused(decoded, ['PROOF_LENGTH', 'PROOF_COORDINATE', 'PROOF_POINT'])
  must(equalBytes(encodeProof(decoded.value), bytes), 'is written back the same')
  return true
}

/** A block of SENS-6, once it is opened. */
const stream: Target = (bytes) => {
  const read = readStreamBlock(bytes)
  if (!read.ok) return refused(read, ['STREAM_BLOCK', 'STREAM_MESSAGE', 'STREAM_RANGE'])
  must(equalBytes(writeStreamBlock(read.value), bytes), 'is written back the same')
  return true
}

/** JSON has many texts for one value; written again, one remains. */
const genesis: Target = (bytes) => {
  const parsed = parseGenesis(new TextDecoder().decode(bytes))
  if (!parsed.ok) return refused(parsed, ['GENESIS_JSON', 'GENESIS_FIELD'])
  const text = formatGenesis(parsed.value)
  const again = parseGenesis(text)
  must(again.ok && formatGenesis(again.value) === text, 'has one text')
  const encoded = state.Genesis.encode(parsed.value)
  must(decodeStrict(state.Genesis, encoded, encoded.length).ok, 'has one form in bytes')
  return true
}

/** A refusal is one of the codes that its reader names. */
function refused(
  result: Result<unknown, { readonly code: string }>,
  known: readonly string[],
): boolean {
  must(!result.ok && known.includes(result.error.code), 'a refusal has a code')
  return false
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`does not hold: ${what}`)
}

/** Objects, entries and bytes of a value: what it keeps in memory. */
function sizeOf(value: unknown): number {
  if (value instanceof Uint8Array) return 1 + value.length
  if (typeof value === 'string') return 1 + value.length
  if (typeof value !== 'object' || value === null) return 1
  return Object.values(value).reduce<number>((sum, item) => sum + sizeOf(item), 1)
}

function sameText(left: unknown, right: unknown): boolean {
  return textOf(left) === textOf(right)
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'bigint'
      ? `${String(item)}n`
      : item instanceof Uint8Array
        ? Buffer.from(item).toString('hex')
        : item,
  )
}
