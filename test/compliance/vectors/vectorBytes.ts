/** The bytes of a hexadecimal value, in Node and in a page. */

import { unhex } from '../../../src/core/base/bytes.ts'

export function vectorBytes(text: string): Uint8Array {
  const read = unhex(text)
  if (!read.ok) throw new Error('a vector is hexadecimal')
  return read.value
}
