/** Joins what IndexedDB returns as two lists. */

import type { BytesKey } from './indexedDbSchema.ts'

/** Both lists come from one transaction, in key order. Keys come back as buffers. */
export function pairs(
  keys: readonly (BytesKey | ArrayBuffer)[],
  values: readonly Uint8Array[],
): { readonly key: Uint8Array; readonly value: Uint8Array }[] {
  return values.map((value, index) => ({
    key: new Uint8Array(keys[index] ?? new ArrayBuffer(0)),
    value,
  }))
}
