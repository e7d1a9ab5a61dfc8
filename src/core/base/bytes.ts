/**
 * Byte strings without ambient types: hex, order, big-endian integers and UTF-8.
 *
 * Integers are big-endian so that the order of their bytes is the order of the numbers. Every
 * function gives the same bytes on every engine.
 */

import { assert } from './assert.ts'
import { err, ok, type Result } from './result.ts'

export type Bytes = Uint8Array<ArrayBuffer>

/** Bytes that become text at once: a function takes only so many arguments. */
const charactersMax = 1024
const hexDigits = '0123456789abcdef'
const hexCodes = Uint8Array.from(hexDigits, (digit) => digit.charCodeAt(0))
const u32Max = 0xffff_ffff
const u64Max = 0xffff_ffff_ffff_ffffn

/**
 * Lowercase hex, two digits for each byte. Made at once: text that is put together from digits is
 * kept by engines as the tree of its parts, and a hash as a key would take more than a kilobyte.
 */
export function hex(bytes: Uint8Array): string {
  const codes = new Uint8Array(2 * bytes.length)
  let place = 0
  for (const byte of bytes) {
    codes[place] = hexCodes[byte >> 4] ?? 0
    codes[place + 1] = hexCodes[byte & 15] ?? 0
    place += 2
  }
  return mapKey(codes)
}

/** One character a byte: the shortest key for a map, and never for people. */
export function mapKey(bytes: Uint8Array): string {
  if (bytes.length <= charactersMax) return charactersOf(bytes)
  let text = ''
  for (let offset = 0; offset < bytes.length; offset += charactersMax) {
    text += charactersOf(bytes.subarray(offset, offset + charactersMax))
  }
  return text
}

/** Strict inverse of `hex`: capital letters are refused, so that one byte string has one text. */
export function unhex(text: string): Result<Bytes, { readonly code: 'HEX_INVALID' }> {
  if (text.length % 2 !== 0) return err({ code: 'HEX_INVALID' })
  const bytes = new Uint8Array(text.length / 2)
  for (let index = 0; index < bytes.length; index += 1) {
    const high = hexDigits.indexOf(text.charAt(2 * index))
    const low = hexDigits.indexOf(text.charAt(2 * index + 1))
    if (high < 0 || low < 0) return err({ code: 'HEX_INVALID' })
    bytes[index] = (high << 4) | low
  }
  return ok(bytes)
}

export function concat(...parts: readonly Uint8Array[]): Bytes {
  let size = 0
  for (const part of parts) size += part.length
  const joined = new Uint8Array(size)
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

/** Not constant-time: for public values only. */
export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && compareBytes(left, right) === 0
}

/** Lexicographic order, a prefix before what it is a prefix of: negative, zero or positive. */
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const shared = left.length < right.length ? left.length : right.length
  for (let index = 0; index < shared; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

/** UTF-8. A lone surrogate becomes U+FFFD, as the WHATWG encoder does. */
export function utf8(text: string): Bytes {
  const bytes: number[] = []
  for (const character of text) {
    const point = scalarValue(character)
    if (point < 0x80) {
      bytes.push(point)
    } else if (point < 0x800) {
      bytes.push(0xc0 | (point >> 6), continuation(point))
    } else if (point < 0x1_0000) {
      bytes.push(0xe0 | (point >> 12), continuation(point >> 6), continuation(point))
    } else {
      const lead = 0xf0 | (point >> 18)
      bytes.push(lead, continuation(point >> 12), continuation(point >> 6), continuation(point))
    }
  }
  return Uint8Array.from(bytes)
}

export function u32be(value: number): Bytes {
  assert(Number.isInteger(value) && value >= 0 && value <= u32Max, 'u32be takes 0 … 2^32 - 1')
  return Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255)
}

export function u64be(value: number | bigint): Bytes {
  assert(typeof value === 'bigint' || Number.isSafeInteger(value), 'u64be takes an exact integer')
  let rest = BigInt(value)
  assert(rest >= 0n && rest <= u64Max, 'u64be takes 0 … 2^64 - 1')
  const bytes = new Uint8Array(8)
  for (let index = 7; index >= 0; index -= 1) {
    bytes[index] = Number(rest & 255n)
    rest >>= 8n
  }
  return bytes
}

/** The first eight bytes as an integer; the caller has checked that there are eight. */
export function readU64be(bytes: Uint8Array): bigint {
  assert(bytes.length >= 8, 'readU64be takes at least eight bytes')
  let value = 0n
  for (const byte of bytes.subarray(0, 8)) value = (value << 8n) | BigInt(byte)
  return value
}

/** Spreading goes through the iterator of the array, and takes eight times as long. */
function charactersOf(bytes: Uint8Array): string {
  return String.fromCharCode.apply(null, bytes as unknown as number[])
}

function scalarValue(character: string): number {
  const point = character.codePointAt(0) ?? 0
  return point >= 0xd800 && point <= 0xdfff ? 0xfffd : point
}

function continuation(bits: number): number {
  return 0x80 | (bits & 0x3f)
}
