/**
 * Distinct number and string types, so that a view is never passed where a seat is meant.
 * Built only by the constructors here; all are plain data at run time.
 */
import { assert } from '../base/assert.ts'

export type View = number & { readonly __brand: 'core.View' }
export type SeatIndex = number & { readonly __brand: 'core.SeatIndex' }
/** Integer milliseconds since the Unix epoch (DET-2). */
export type TimeMs = number & { readonly __brand: 'core.TimeMs' }

/** A 32-byte hash as lowercase hex: the form used for map keys and comparison. */
export type HashHex = string & { readonly __brand: 'core.HashHex' }

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

export function seatOf(value: number): SeatIndex {
  assert(isCount(value), 'a seat index is a safe non-negative integer')
  return value as SeatIndex
}

export function timeOf(value: number): TimeMs {
  assert(isCount(value), 'a time is a safe non-negative integer of milliseconds')
  return value as TimeMs
}
