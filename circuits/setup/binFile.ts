/** The container of ptau, r1cs and zkey files: magic, version, count; id, size and bytes each. */

export interface Section {
  readonly id: number
  readonly bytes: Uint8Array
}

export function joinSections(
  magic: string,
  version: number,
  sections: readonly Section[],
): Uint8Array {
  const size = sections.reduce((sum, { bytes }) => sum + 12 + bytes.length, 12)
  const file = new Uint8Array(size)
  const view = new DataView(file.buffer)
  file.set(Buffer.from(magic, 'ascii'))
  view.setUint32(4, version, true)
  view.setUint32(8, sections.length, true)
  let offset = 12
  for (const { id, bytes } of sections) {
    view.setUint32(offset, id, true)
    view.setBigUint64(offset + 4, BigInt(bytes.length), true)
    file.set(bytes, offset + 12)
    offset += 12 + bytes.length
  }
  return file
}

export function splitSections(file: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const sections = new Map<number, Uint8Array>()
  let offset = 12
  for (let rest = view.getUint32(8, true); rest > 0; rest -= 1) {
    const size = Number(view.getBigUint64(offset + 4, true))
    sections.set(view.getUint32(offset, true), file.subarray(offset + 12, offset + 12 + size))
    offset += 12 + size
  }
  return sections
}

/** 32 bytes, little-endian, as these files hold field elements. */
export function littleEndian(value: bigint): Uint8Array {
  const bytes = new Uint8Array(32)
  for (let index = 0, rest = value; index < 32; index += 1, rest >>= 8n) {
    bytes[index] = Number(rest & 255n)
  }
  return bytes
}

export function u32le(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length)
  const view = new DataView(bytes.buffer)
  values.forEach((value, index) => view.setUint32(4 * index, value, true))
  return bytes
}
