/**
 * What a device writes down of its contact with the sensor (LIVE-6), so that a reload counts as the
 * time without contact that it was: when, and a digest of which sensor; no beat and no name.
 */
import { concat, u64be, utf8 } from '../../core/base/bytes.ts'
import { hash } from '../../core/crypto/hash.ts'
import type { Pulse } from '../../ports/pulse.ts'

export interface ContactRecord {
  /** The challenge whose credential this is about, as the chain marks it. */
  readonly answeredMark: number
  /** Of an answer that was sent since and is in no block yet; 0 for none. */
  readonly nextMark: number
  /** Unix ms of the newest contact. */
  readonly seenMs: number
  /** Interruptions of more than 10 s that were forgiven. */
  readonly forgiven: number
  /** `sourceOf` the sensor that answered. */
  readonly source: Uint8Array
}

const sourceBytes = 32
const recordBytes = 4 * 8 + sourceBytes

/** The name under which it rests in the store, by validator. */
export function contactName(identityHex: string): string {
  return `duty/contact/${identityHex}`
}

/** The same for one sensor whenever it comes: its kind, and the name that it gives of itself. */
export function sourceOf({ provenance, deviceName }: Pulse): Uint8Array {
  const parts = [provenance, deviceName ?? ''].map(utf8)
  return hash('keyDerivation', concat(utf8('emo/contact/'), ...parts.flatMap(withLength)))
}

function withLength(part: Uint8Array): readonly Uint8Array[] {
  return [u64be(part.length), part]
}

export function encodeContact(record: ContactRecord): Uint8Array {
  const { answeredMark, nextMark, seenMs, forgiven, source } = record
  return concat(...[answeredMark, nextMark, seenMs, forgiven].map((value) => u64be(value)), source)
}

/** Undefined for anything that was not written so. */
export function decodeContact(bytes: Uint8Array): ContactRecord | undefined {
  if (bytes.length !== recordBytes) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const numbers = [0, 8, 16, 24].map((at) => Number(view.getBigUint64(at)))
  if (!numbers.every(Number.isSafeInteger)) return undefined
  const [answeredMark = 0, nextMark = 0, seenMs = 0, forgiven = 0] = numbers
  return {
    answeredMark,
    nextMark,
    seenMs,
    forgiven,
    source: bytes.slice(recordBytes - sourceBytes),
  }
}
