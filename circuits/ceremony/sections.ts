/** The container of ptau, r1cs and zkey files, read strictly: bounds before bytes (ZK-9). */

import { err, ok, type Result } from '../../src/core/base/result.ts'
import { fieldOrder } from '../../src/core/emotion/field.ts'
import { baseFieldOrder } from '../../src/core/emotion/proofCodec.ts'
import type { CeremonyError } from './errors.ts'

/** A file by the name that a message gives it. */
export interface NamedFile {
  readonly file: string
  readonly bytes: Uint8Array
}

export type Sections = ReadonlyMap<number, Uint8Array>

const sectionsMax = 32

export const scalarBytes = 32
export const g1Bytes = 64
export const g2Bytes = 128

export function malformed(file: string, part: string): Result<never, CeremonyError> {
  return err({ code: 'CEREMONY_FILE_MALFORMED', file, part })
}

/** Each section once, the last one ending where the file ends. */
export function readSections(
  { file, bytes }: NamedFile,
  magic: 'ptau' | 'r1cs' | 'zkey',
): Result<Sections, CeremonyError> {
  const view = viewOf(bytes)
  if (bytes.length < 12 || Buffer.from(bytes.subarray(0, 4)).toString('latin1') !== magic) {
    return malformed(file, `no ${magic} file`)
  }
  if (view.getUint32(4, true) !== 1) return malformed(file, 'another version')
  const count = view.getUint32(8, true)
  if (count > sectionsMax) return malformed(file, 'too many sections')
  const sections = new Map<number, Uint8Array>()
  let offset = 12
  for (let index = 0; index < count; index += 1) {
    if (offset + 12 > bytes.length) return malformed(file, `section ${String(index + 1)} is cut`)
    const id = view.getUint32(offset, true)
    const size = Number(view.getBigUint64(offset + 4, true))
    offset += 12
    if (size > bytes.length - offset) return malformed(file, `section ${String(id)} is cut`)
    if (sections.has(id)) return malformed(file, `section ${String(id)} stands twice`)
    sections.set(id, bytes.subarray(offset, offset + size))
    offset += size
  }
  return offset === bytes.length ? ok(sections) : malformed(file, 'bytes after the last section')
}

/** The section has exactly so many bytes. */
export function hasLength(sections: Sections, id: number, length: number): boolean {
  return sections.get(id)?.length === length
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Little-endian. */
export function integerAt(bytes: Uint8Array, offset: number): bigint {
  let value = 0n
  for (let index = scalarBytes - 1; index >= 0; index -= 1) {
    value = (value << 8n) | BigInt(bytes[offset + index] ?? 0)
  }
  return value
}

/** The number of bytes of an element, then the order: of the field of coordinates or of scalars. */
export function isOfCurve(bytes: Uint8Array, offset: number, field: 'base' | 'scalar'): boolean {
  if (bytes.length < offset + 4 + scalarBytes) return false
  const order = field === 'base' ? baseFieldOrder : fieldOrder
  return (
    viewOf(bytes).getUint32(offset, true) === scalarBytes && integerAt(bytes, offset + 4) === order
  )
}
