/**
 * The messages of the .proto files, read from their text, and one filled instance of each: every
 * field has a value that no other field of the message has. An alternative (`oneof`) gives an
 * instance for each of its fields.
 */
import { readFileSync } from 'node:fs'

const folder = new URL('../../src/core/codec/', import.meta.url)

export interface WireField {
  readonly name: string
  readonly number: number
  readonly type: string
  readonly isRepeated: boolean
  readonly isNumber: boolean
  readonly isAlternative: boolean
}

export interface WireSchema {
  readonly messages: ReadonlyMap<string, readonly WireField[]>
  /** Names of the values, by their number. */
  readonly enums: ReadonlyMap<string, readonly string[]>
}

export type WireValue =
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly WireValue[]
  | { readonly [field: string]: WireValue }

export function readWireSchema(): WireSchema {
  const text = ['chain', 'state', 'light', 'sharing', 'checkpoint', 'restart', 'sensor']
    .map((name) => readFileSync(new URL(`${name}.proto`, folder), 'utf8'))
    .join('\n')
    .replaceAll(/\/\/.*$/gm, '')
  const messages = new Map<string, readonly WireField[]>()
  const enums = new Map<string, readonly string[]>()
  for (const [, kind, name = '', body = ''] of text.matchAll(
    /^(message|enum) (\w+) \{\n(.*?)^\}/gms,
  )) {
    if (kind === 'enum') {
      enums.set(
        name,
        [...body.matchAll(/(\w+) = \d+;/g)].map(([, value = '']) => value),
      )
    } else {
      messages.set(name, fieldsOf(body))
    }
  }
  return { messages, enums }
}

function fieldsOf(body: string): readonly WireField[] {
  const oneof = /oneof \w+ \{(.*?)\}/s.exec(body)?.[1] ?? ''
  const line = /(repeated )?(\w+) (\w+) = (\d+)( \[jstype = JS_NUMBER\])?;/g
  return [...body.matchAll(line)].map(([text, repeated, type = '', name = '', number, jstype]) => ({
    name,
    number: Number(number),
    type,
    isRepeated: repeated !== undefined,
    isNumber: jstype !== undefined,
    isAlternative: oneof.includes(text),
  }))
}

/** By name: the message's, or `Message.field` for an alternative. */
export function filledInstances(
  schema: WireSchema,
): ReadonlyMap<string, { readonly message: string; readonly value: WireValue }> {
  const instances = new Map<string, { message: string; value: WireValue }>()
  for (const [message, fields] of schema.messages) {
    const alternatives = fields.filter(({ isAlternative }) => isAlternative)
    for (const { name } of alternatives) {
      instances.set(`${message}.${name}`, { message, value: filled(schema, message, 0, name) })
    }
    if (alternatives.length > 0) continue
    instances.set(message, { message, value: filled(schema, message, 0) })
  }
  return instances
}

function filled(schema: WireSchema, message: string, salt: number, chosen?: string): WireValue {
  const value: Record<string, WireValue> = {}
  for (const field of schema.messages.get(message) ?? []) {
    if (field.isAlternative && field.name !== chosen) continue
    const one = (index: number): WireValue => valueOf(schema, field, salt + field.number + index)
    value[field.name] = field.isRepeated ? [one(0), one(100)] : one(0)
  }
  return value
}

function valueOf(schema: WireSchema, { type, name, isNumber }: WireField, salt: number): WireValue {
  switch (type) {
    case 'bool':
      return true
    case 'string':
      return `${name}-é-${salt}`
    case 'bytes':
      return Uint8Array.of(0, salt & 255, salt >> 8, 128, 255)
    case 'uint32':
      return 2 ** 32 - 1 - salt
    case 'uint64':
      return isNumber ? Number.MAX_SAFE_INTEGER - salt : 2n ** 64n - 1n - BigInt(salt)
    default: {
      const names = schema.enums.get(type)
      return names?.[1 + (salt % (names.length - 1))] ?? filled(schema, type, salt)
    }
  }
}

/** Proto3 as its specification says it, without the generated code: fields in schema order. */
export function encodeBySchema(schema: WireSchema, message: string, value: WireValue): number[] {
  const given = value as Readonly<Record<string, WireValue | undefined>>
  return (schema.messages.get(message) ?? []).flatMap((field) => {
    const present = given[field.name]
    if (present === undefined) return []
    const items = Array.isArray(present) ? (present as readonly WireValue[]) : [present]
    return items.flatMap((item) => encodeField(schema, field, item))
  })
}

function encodeField(schema: WireSchema, field: WireField, value: WireValue): number[] {
  const { type, number } = field
  const names = schema.enums.get(type)
  const scalar =
    names !== undefined
      ? BigInt(names.indexOf(value as string))
      : type.startsWith('uint') || type === 'bool'
        ? BigInt(value as bigint | number | boolean)
        : undefined
  if (scalar !== undefined) return [...varint(BigInt(number << 3)), ...varint(scalar)]
  const content =
    type === 'string'
      ? [...Buffer.from(value as string, 'utf8')]
      : type === 'bytes'
        ? [...(value as Uint8Array)]
        : encodeBySchema(schema, type, value)
  return [...varint(BigInt((number << 3) | 2)), ...varint(BigInt(content.length)), ...content]
}

export function varint(value: bigint): number[] {
  return value < 128n ? [Number(value)] : [Number(value & 127n) | 128, ...varint(value >> 7n)]
}

/** One field on the wire: its tag, its length where it has one, and its content. */
export interface WirePart {
  readonly number: number
  readonly tag: readonly number[]
  /** The varint itself of a number; the length of bytes. */
  readonly varint: readonly number[]
  readonly content: readonly number[]
}

/** The fields of a message that is well formed. */
export function partsOf(bytes: Uint8Array): readonly WirePart[] {
  const parts: WirePart[] = []
  let offset = 0
  const take = (): number[] => {
    const start = offset
    while ((bytes[offset] ?? 0) >= 128) offset += 1
    offset += 1
    return [...bytes.subarray(start, offset)]
  }
  while (offset < bytes.length) {
    const tag = take()
    const value = take()
    const isBytes = (numberOf(tag) & 7) === 2
    const contentBytes = isBytes ? numberOf(value) : 0
    const content = [...bytes.subarray(offset, offset + contentBytes)]
    offset += contentBytes
    parts.push({ number: numberOf(tag) >> 3, tag, varint: value, content })
  }
  return parts
}

function numberOf(digits: readonly number[]): number {
  return digits.reduce((sum, digit, index) => sum + (digit & 127) * 2 ** (7 * index), 0)
}

export function bytesOfParts(parts: readonly WirePart[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap(({ tag, varint, content }) => [...tag, ...varint, ...content]),
  )
}
