/**
 * Distinct number and string types, so that an epoch is never passed where a height is meant.
 * Built only by the constructors here; all are plain data at run time.
 */
import { assert } from '../base/assert.ts'

export type Epoch = number & { readonly __brand: 'core.Epoch' }
export type Height = number & { readonly __brand: 'core.Height' }
export type View = number & { readonly __brand: 'core.View' }
export type SeatIndex = number & { readonly __brand: 'core.SeatIndex' }
/** Integer milliseconds since the Unix epoch (DET-2). */
export type TimeMs = number & { readonly __brand: 'core.TimeMs' }
/** µEMO: 1 EMO is 10^6 µEMO (DET-2). */
export type MicroEmo = bigint & { readonly __brand: 'core.MicroEmo' }
/** Basis points, 0..10000 (DET-2). */
export type BasisPoints = number & { readonly __brand: 'core.BasisPoints' }

/** A 32-byte hash as lowercase hex: the form used for map keys and comparison. */
export type HashHex = string & { readonly __brand: 'core.HashHex' }
/** An account's Ed25519 public key as lowercase hex, 64 characters; also names its validator. */
export type AccountId = string & { readonly __brand: 'core.AccountId' }

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

export function epochOf(value: number): Epoch {
  assert(isCount(value), 'an epoch is a safe non-negative integer')
  return value as Epoch
}

export function heightOf(value: number): Height {
  assert(isCount(value), 'a height is a safe non-negative integer')
  return value as Height
}

export function viewOf(value: number): View {
  assert(isCount(value), 'a view is a safe non-negative integer')
  return value as View
}

export function seatOf(value: number): SeatIndex {
  assert(isCount(value), 'a seat index is a safe non-negative integer')
  return value as SeatIndex
}

export function timeOf(value: number): TimeMs {
  assert(isCount(value), 'a time is a safe non-negative integer of milliseconds')
  return value as TimeMs
}
