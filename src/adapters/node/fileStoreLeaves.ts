/**
 * Leaves of the state as the file store keeps them: changes packed into one array of bytes for the
 * journal, and all of them in a map of text, a character a byte. V8 writes both at once, where an
 * array for each key and value would cost more than the block's execution.
 *
 * A packed change is the length of its key and, one higher, that of its value, 32 bits each, little
 * end first, then the two; 0 for a value that is removed.
 */

import type { StateChange } from '../../ports/store.ts'

/** Values by key. */
export type Leaves = Map<string, string>

const headBytes = 8

/** A copy: the caller may go on using what it gave. */
export function packChanges(changes: readonly StateChange[]): Uint8Array {
  let sizeBytes = 0
  for (const { key, value } of changes) sizeBytes += headBytes + key.length + (value?.length ?? 0)
  const packed = new Uint8Array(sizeBytes)
  const view = new DataView(packed.buffer)
  let offset = 0
  for (const { key, value } of changes) {
    view.setUint32(offset, key.length, true)
    view.setUint32(offset + 4, value === undefined ? 0 : value.length + 1, true)
    packed.set(key, offset + headBytes)
    offset += headBytes + key.length
    if (value === undefined) continue
    packed.set(value, offset)
    offset += value.length
  }
  return packed
}

/** What was packed here before, and is whole: the journal checks its frames. */
export function applyPacked(leaves: Leaves, packed: Uint8Array): void {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.length)
  let offset = 0
  while (offset < bytes.length) {
    const keyEnd = offset + headBytes + bytes.readUInt32LE(offset)
    const mark = bytes.readUInt32LE(offset + 4)
    const key = bytes.toString('latin1', offset + headBytes, keyEnd)
    offset = keyEnd + Math.max(0, mark - 1)
    if (mark === 0) leaves.delete(key)
    else leaves.set(key, bytes.toString('latin1', keyEnd, offset))
  }
}

/** In the order of their keys. */
export function sortedLeaves(
  leaves: Leaves,
): readonly { readonly key: Uint8Array; readonly value: Uint8Array }[] {
  return [...leaves]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, value]) => ({ key: bytesOf(key), value: bytesOf(value) }))
}

/** Not a view into the pool that Buffer shares among small ones. */
function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'))
}
