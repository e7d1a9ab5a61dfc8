/**
 * Expected failure as a value.
 *
 * What can go wrong with data from outside is returned, with a code, never thrown; what can only go
 * wrong through a mistake of ours is asserted (`assert.ts`).
 */

export type Result<T, E> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E }

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value }
}

export function err<const E>(error: E): { readonly ok: false; readonly error: E } {
  return { ok: false, error }
}
