import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as chain from './chain.ts'
import * as checkpoint from './checkpoint.ts'
import * as light from './light.ts'
import * as restart from './restart.ts'
import * as sensor from './sensor.ts'
import * as sharing from './sharing.ts'
import * as state from './state.ts'
import {
  bytesOfParts,
  encodeBySchema,
  filledInstances,
  partsOf,
  readWireSchema,
  varint,
  type WirePart,
  type WireValue,
} from '../../../test/support/wireSchema.ts'
import { decodeStrict, type MessageCodec } from './strict.ts'

interface Vector {
  /** Bytes as 0x…, 64-bit amounts as a decimal number followed by n. */
  readonly value: unknown
  readonly bytes: string
}

const path = new URL('../../../test/vectors/codec.json', import.meta.url)
const schema = readWireSchema()
const instances = filledInstances(schema)
const generated = {
  ...chain,
  ...state,
  ...light,
  ...sharing,
  ...checkpoint,
  ...restart,
  ...sensor,
} as unknown as Readonly<Record<string, MessageCodec<WireValue>>>
const sizeBytesMax = 4096

if (process.env['EMO_WRITE_VECTORS'] === '1') writeVectors()
const vectors: Readonly<Record<string, Vector>> = existsSync(path)
  ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, Vector>)
  : {}

/** A change of these bytes is a new format of the chain: the flag says that it is meant. */
function writeVectors(): void {
  const all: Record<string, Vector> = {}
  for (const [name, { message, value }] of instances) {
    all[name] = { value: toJson(value), bytes: hexOf(codecOf(message).encode(value)) }
  }
  writeFileSync(path, `${JSON.stringify(all, null, 2)}\n`)
}

function codecOf(message: string): MessageCodec<WireValue> {
  const codec = generated[message]
  if (codec === undefined) throw new Error(`${message} has no generated codec`)
  return codec
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

function toJson(value: WireValue): unknown {
  if (value instanceof Uint8Array) return `0x${hexOf(value)}`
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((item) => toJson(item as WireValue))
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toJson(item)]))
}

const cases = [...instances].map(([name, { message, value }]) => ({
  name,
  message,
  value,
  bytes: new Uint8Array(Buffer.from(vectors[name]?.bytes ?? '', 'hex')),
}))
const allParts = cases.flatMap(({ name, message, bytes }) =>
  partsOf(bytes).map((part, index) => ({ name, message, bytes, part, index })),
)

/** Whether strict decoding takes it; a throw fails the test. */
function isTaken(message: string, bytes: Uint8Array): boolean {
  return decodeStrict(codecOf(message), bytes, sizeBytesMax).ok
}

function withPart(bytes: Uint8Array, index: number, change: Partial<WirePart>): Uint8Array {
  return bytesOfParts(
    partsOf(bytes).map((part, at) => (at === index ? { ...part, ...change } : part)),
  )
}

/** The same number in one byte more than it needs. */
function overlong(digits: readonly number[]): number[] {
  return [...digits.slice(0, -1), (digits.at(-1) ?? 0) | 128, 0]
}

describe('ENC-1 frozen vectors: every message of the wire', () => {
  it('has a vector, and no other', () => {
    expect(schema.messages.size).toBeGreaterThan(60)
    expect(Object.keys(vectors)).toEqual([...instances.keys()])
  })

  it.each(cases)('$name', ({ name, message, value, bytes }) => {
    expect(vectors[name]?.value).toEqual(toJson(value))
    expect(hexOf(codecOf(message).encode(value as never))).toBe(vectors[name]?.bytes)
    expect(hexOf(Uint8Array.from(encodeBySchema(schema, message, value)))).toBe(hexOf(bytes))
    expect(codecOf(message).decode(bytes)).toEqual(value)
    expect(decodeStrict(codecOf(message), bytes, bytes.length)).toEqual({ ok: true, value })
  })

  it('decodes a view on a larger buffer', () => {
    for (const { message, value, bytes } of cases) {
      const larger = new Uint8Array(bytes.length + 9).fill(255)
      larger.set(bytes, 4)
      const decoded = codecOf(message).decode(larger.subarray(4, 4 + bytes.length))
      expect(decoded).toEqual(value)
    }
  })
})

describe('ENC-1 strict decoding refuses', () => {
  it('more bytes than the type may have', () => {
    for (const { message, bytes } of cases.filter((one) => one.bytes.length > 0)) {
      const sizeBytes = bytes.length
      expect(decodeStrict(codecOf(message), bytes, sizeBytes - 1)).toEqual({
        ok: false,
        error: { code: 'DECODE_TOO_LARGE', sizeBytes, sizeBytesMax: sizeBytes - 1 },
      })
    }
  })

  it('a message cut anywhere but between two fields, where it is another message', () => {
    for (const { message, bytes } of cases) {
      const ends = new Set([0])
      partsOf(bytes).reduce((sum, { tag, varint, content }) => {
        const end = sum + tag.length + varint.length + content.length
        ends.add(end)
        return end
      }, 0)
      for (let end = 0; end < bytes.length; end += 1) {
        const cut = bytes.subarray(0, end)
        expect([message, end, isTaken(message, cut)]).toEqual([message, end, ends.has(end)])
      }
    }
  })

  it('bytes after its end', () => {
    for (const { message, bytes } of cases) {
      for (const tail of [[0], [0, 0], [255], [8], [1, 2, 3]]) {
        expect(isTaken(message, Uint8Array.of(...bytes, ...tail))).toBe(false)
      }
    }
  })

  it('a field that the schema does not have, also inside another message', () => {
    const unknown = [...varint(BigInt((2047 << 3) | 2)), 1, 7]
    for (const { message, bytes } of cases) {
      expect(isTaken(message, Uint8Array.of(...bytes, ...unknown))).toBe(false)
      expect(isTaken(message, Uint8Array.of(...unknown, ...bytes))).toBe(false)
    }
    let nested = 0
    for (const { message, bytes, part, index } of allParts) {
      const field = schema.messages.get(message)?.find(({ number }) => number === part.number)
      if (field === undefined || !schema.messages.has(field.type)) continue
      nested += 1
      const content = [...part.content, ...unknown]
      const changed = { content, varint: varint(BigInt(content.length)) }
      expect(isTaken(message, withPart(bytes, index, changed))).toBe(false)
    }
    expect(nested).toBeGreaterThan(30)
  })

  it('a tag, a number or a length that is longer than it need be', () => {
    for (const { message, bytes, part, index } of allParts) {
      expect(isTaken(message, withPart(bytes, index, { tag: overlong(part.tag) }))).toBe(false)
      const changed = { varint: overlong(part.varint) }
      expect(isTaken(message, withPart(bytes, index, changed))).toBe(false)
    }
  })

  it('a default value that is written out', () => {
    let tried = 0
    for (const [message, fields] of schema.messages) {
      for (const { number, type, isRepeated } of fields) {
        if (isRepeated || schema.messages.has(type)) continue
        const wireType = type === 'bytes' || type === 'string' ? 2 : 0
        const bytes = Uint8Array.of(...varint(BigInt((number << 3) | wireType)), 0)
        expect([message, number, isTaken(message, bytes)]).toEqual([message, number, false])
        tried += 1
      }
    }
    expect(tried).toBeGreaterThan(200)
  })

  it('fields in another order, and a field twice', () => {
    for (const { name, message, bytes, part, index } of allParts) {
      const parts = partsOf(bytes)
      const next = parts[index + 1]
      if (next !== undefined && next.number !== part.number) {
        const swapped = [...parts.slice(0, index), next, part, ...parts.slice(index + 2)]
        expect([name, isTaken(message, bytesOfParts(swapped))]).toEqual([name, false])
      }
      const field = schema.messages.get(message)?.find(({ number }) => number === part.number)
      if (field?.isRepeated === true) continue
      const twice = bytesOfParts([...parts.slice(0, index + 1), ...parts.slice(index)])
      // Two parts of one message field are merged: the bytes are not what an encoder writes.
      expect([name, isTaken(message, twice)]).toEqual([name, false])
    }
  })

  it('the wrong wire type, an unknown value of an enumeration, an integer above 2^53 - 1', () => {
    for (const { message, bytes, part, index } of allParts) {
      const field = schema.messages.get(message)?.find(({ number }) => number === part.number)
      const [first = 0, ...rest] = part.tag
      expect(isTaken(message, withPart(bytes, index, { tag: [first ^ 1, ...rest] }))).toBe(false)
      if (field === undefined) continue
      if (schema.enums.has(field.type)) {
        expect(isTaken(message, withPart(bytes, index, { varint: [99] }))).toBe(false)
      }
      if (field.isNumber) {
        const changed = { varint: varint(2n ** 53n) }
        expect(isTaken(message, withPart(bytes, index, changed))).toBe(false)
      }
    }
  })
})

describe('ENC-1 bytes of anybody', () => {
  const messages = fc.constantFrom(...schema.messages.keys())

  /** Never throws; what is taken is exactly what the encoder writes. */
  function check(message: string, bytes: Uint8Array): void {
    const decoded = decodeStrict(codecOf(message), bytes, sizeBytesMax)
    if (!decoded.ok) return
    expect(hexOf(codecOf(message).encode(decoded.value as never))).toBe(hexOf(bytes))
  }

  it('random ones never throw', () => {
    fc.assert(
      fc.property(messages, fc.uint8Array({ maxLength: 200 }), (message, bytes) => {
        check(message, bytes)
      }),
      { numRuns: 2_000 },
    )
  })

  it('spoilt messages never throw', () => {
    const splice = fc.record({
      start: fc.nat({ max: 600 }),
      length: fc.nat({ max: 4 }),
      bytes: fc.uint8Array({ maxLength: 6 }),
    })
    fc.assert(
      fc.property(fc.constantFrom(...cases), splice, (one, { start, length, bytes }) => {
        const at = start % (one.bytes.length + 1)
        const spoilt = [...one.bytes]
        spoilt.splice(at, length, ...bytes)
        check(one.message, Uint8Array.from(spoilt))
      }),
      { numRuns: 3_000 },
    )
  })
})
