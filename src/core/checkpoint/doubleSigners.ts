/**
 * Whom two aggregates accuse (E11, CKPT-1): every key is listed once, and a bitmap over the list
 * says for each signature who is in it. One form for one accusation.
 */
import { bitmapOf, indicesOf } from '../base/bitmap.ts'
import { compareBytes, concat, equalBytes, mapKey } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import type { DoubleCheckpoint } from '../codec/chain.ts'
import { blsPublicKeyBytes } from '../crypto/bls.ts'

/** More than any subnet has members: 157 of 10,000. */
const keysMax = 256

type Listed = Pick<DoubleCheckpoint, 'key' | 'keys' | 'firstVoters' | 'secondVoters'>

export interface DoubleSigners {
  readonly all: readonly Uint8Array[]
  readonly first: readonly Uint8Array[]
  readonly second: readonly Uint8Array[]
  /** Never empty. */
  readonly both: readonly Uint8Array[]
}

export function readDoubleSigners(
  listed: Listed,
): Result<DoubleSigners, { readonly code: 'DOUBLE_SIGNERS_FORM' }> {
  const { key, keys, firstVoters, secondVoters } = listed
  const wrong = err({ code: 'DOUBLE_SIGNERS_FORM' } as const)
  const count = keys.length / blsPublicKeyBytes
  if (!Number.isInteger(count) || count === 0 || count > keysMax) return wrong
  const all = Array.from({ length: count }, (_, at) =>
    keys.subarray(at * blsPublicKeyBytes, (at + 1) * blsPublicKeyBytes),
  )
  const isOrdered = all.every((one, at) => at === 0 || compareBytes(all[at - 1] ?? one, one) < 0)
  const first = indicesOf(count, firstVoters)
  const second = indicesOf(count, secondVoters)
  if (!isOrdered || first === undefined || second === undefined) return wrong
  const alsoSecond = new Set(second)
  const both = first.filter((at) => alsoSecond.has(at))
  // Who is in neither has nothing to do with it.
  if (new Set([...first, ...second]).size !== count) return wrong
  const keysAt = (indices: readonly number[]): readonly Uint8Array[] =>
    indices.flatMap((at) => all[at] ?? [])
  const [least] = keysAt(both)
  if (least === undefined || !equalBytes(least, key)) return wrong
  return ok({ all, first: keysAt(first), second: keysAt(second), both: keysAt(both) })
}

/** The fields that say it; undefined where nobody is in both, or too many are in one. */
export function listDoubleSigners(
  first: readonly Uint8Array[],
  second: readonly Uint8Array[],
): Listed | undefined {
  const all = [...new Map([...first, ...second].map((key) => [mapKey(key), key])).values()]
  const ordered = all.toSorted(compareBytes)
  const places = new Map(ordered.map((key, at) => [mapKey(key), at]))
  const bitmap = (keys: readonly Uint8Array[]): Uint8Array =>
    bitmapOf(
      ordered.length,
      keys.map((key) => places.get(mapKey(key)) ?? 0),
    )
  const inFirst = new Set(first.map(mapKey))
  const key = second.filter((one) => inFirst.has(mapKey(one))).toSorted(compareBytes)[0]
  if (key === undefined || ordered.length > keysMax) return undefined
  const keys = concat(...ordered)
  return { key, keys, firstVoters: bitmap(first), secondVoters: bitmap(second) }
}
