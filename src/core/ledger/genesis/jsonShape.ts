/**
 * The JSON form of protobuf messages for files that people read: bytes as lowercase hex, 64-bit
 * amounts as decimal strings, other integers as numbers. Strict: every field must be there, no
 * other may be, and the error names the field.
 */
import { hex, unhex } from '../../base/bytes.ts'
import { err, ok, type Result } from '../../base/result.ts'
import type { GenesisError } from './checkGenesis.ts'

export type Shape =
  | 'text'
  | 'bytes'
  | 'integer'
  | 'amount'
  | 'flag'
  | { readonly list: Shape }
  /** May be missing. */
  | { readonly maybe: ObjectShape }
  | ObjectShape

export interface ObjectShape {
  readonly fields: Readonly<Record<string, Shape>>
}

type Read = Result<unknown, GenesisError>

const amountText = /^(0|[1-9][0-9]{0,19})$/

export function readShape(value: unknown, shape: Shape, path: string): Read {
  if (typeof shape === 'string') return readScalar(value, shape, path)
  if ('list' in shape) return readList(value, shape.list, path)
  if ('maybe' in shape)
    return value === undefined ? ok(undefined) : readObject(value, shape.maybe, path)
  return readObject(value, shape, path)
}

export function writeShape(value: unknown, shape: Shape): unknown {
  if (shape === 'bytes') return hex(value as Uint8Array)
  if (shape === 'amount') return String(value)
  if (typeof shape === 'string') return value
  if ('list' in shape) return (value as unknown[]).map((item) => writeShape(item, shape.list))
  const { fields } = 'maybe' in shape ? shape.maybe : shape
  const record = value as Record<string, unknown>
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => record[name] !== undefined)
      .map(([name, field]) => [name, writeShape(record[name], field)]),
  )
}

function readScalar(
  value: unknown,
  shape: 'text' | 'bytes' | 'integer' | 'amount' | 'flag',
  path: string,
): Read {
  switch (shape) {
    case 'text':
      return typeof value === 'string' ? ok(value) : refusal(path, 'is a text')
    case 'flag':
      return typeof value === 'boolean' ? ok(value) : refusal(path, 'is true or false')
    case 'integer':
      return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
        ? ok(value)
        : refusal(path, 'is an integer from 0 on')
    case 'amount': {
      const isAmount = typeof value === 'string' && amountText.test(value)
      const amount = isAmount ? BigInt(value) : -1n
      return amount >= 0n && amount < 1n << 64n
        ? ok(amount)
        : refusal(path, 'is an amount as a decimal text')
    }
    case 'bytes': {
      const bytes = typeof value === 'string' ? unhex(value) : undefined
      return bytes?.ok === true ? bytes : refusal(path, 'is lowercase hex')
    }
  }
}

function readList(value: unknown, shape: Shape, path: string): Read {
  if (!Array.isArray(value)) return refusal(path, 'is a list')
  const items: unknown[] = []
  for (const [index, item] of value.entries()) {
    const read = readShape(item, shape, `${path}[${index}]`)
    if (!read.ok) return read
    items.push(read.value)
  }
  return ok(items)
}

function readObject(value: unknown, shape: ObjectShape, path: string): Read {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refusal(path, 'is an object')
  }
  const prefix = path === '' ? '' : `${path}.`
  const record = new Map(Object.entries(value))
  for (const name of record.keys()) {
    if (!Object.hasOwn(shape.fields, name)) return refusal(`${prefix}${name}`, 'is not known')
  }
  const entries: (readonly [string, unknown])[] = []
  for (const [name, field] of Object.entries(shape.fields)) {
    const isMaybe = typeof field !== 'string' && 'maybe' in field
    if (!record.has(name) && !isMaybe) return refusal(`${prefix}${name}`, 'is missing')
    const read = readShape(record.get(name), field, `${prefix}${name}`)
    if (!read.ok) return read
    if (read.value !== undefined) entries.push([name, read.value])
  }
  return ok(Object.fromEntries(entries))
}

function refusal(field: string, reason: string): Read {
  return err({ code: 'GENESIS_FIELD', field, reason })
}
