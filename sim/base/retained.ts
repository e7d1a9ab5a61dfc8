/**
 * How much hangs on a value, counted in its own structure and not by the engine's heap: the same in
 * every run, so that a test can say that it does not grow.
 */

export interface Retained {
  /** Entries of maps, sets and lists, and fields of objects. */
  readonly entries: number
  /** In arrays of bytes and in text, a byte a character. */
  readonly bytes: number
}

/** What several values share counts once. Functions and weak maps count for nothing. */
export function retainedBy(...values: readonly unknown[]): Retained {
  const seen = new Set<object>()
  const open: unknown[] = [...values]
  let [entries, bytes] = [0, 0]
  while (open.length > 0) {
    const value = open.pop()
    if (typeof value === 'string') bytes += value.length
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    if (ArrayBuffer.isView(value)) {
      bytes += value.byteLength
      continue
    }
    const parts = partsOf(value)
    entries += parts.length
    open.push(...parts.flat())
  }
  return { entries, bytes }
}

function partsOf(value: object): readonly (readonly unknown[])[] {
  if (value instanceof Map) return [...(value as ReadonlyMap<unknown, unknown>)]
  const list: Iterable<unknown> =
    value instanceof Set || Array.isArray(value) ? value : Object.values(value)
  return [...list].map((one) => [one])
}
