/**
 * Reads protobuf for the oracle (https://protobuf.dev/programming-guides/encoding), with no line in
 * common with the codec that it judges: field number to values, in the order they came.
 */
export type Fields = ReadonlyMap<number, readonly (number | Uint8Array)[]>

export function fieldsOf(bytes: Uint8Array): Fields {
  const fields = new Map<number, (number | Uint8Array)[]>()
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at] ?? 0
      at += 1
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
  }
  while (at < bytes.length) {
    const tag = varint()
    const number = Math.floor(tag / 8)
    const values = fields.get(number) ?? []
    fields.set(number, values)
    if (tag % 8 === 0) values.push(varint())
    else {
      const length = varint()
      values.push(bytes.subarray(at, at + length))
      at += length
    }
  }
  return fields
}

export function numberIn(fields: Fields, number: number): number {
  const value = fields.get(number)?.at(-1)
  return typeof value === 'number' ? value : 0
}

export function bytesIn(fields: Fields, number: number): Uint8Array {
  const value = fields.get(number)?.at(-1)
  return value instanceof Uint8Array ? value : new Uint8Array(0)
}

export function listIn(fields: Fields, number: number): readonly Uint8Array[] {
  return (fields.get(number) ?? []).filter((value) => value instanceof Uint8Array)
}
