/**
 * Bytes that are nearly a message: one to three changes of a good one, most of them to its fields
 * and lengths, at any depth, so that a decoder gets past the first field before something is wrong.
 */
import type { SeededRandom } from '../../sim/base/random.ts'
import { concat } from '../../src/core/base/bytes.ts'
import { varint } from '../support/wireSchema.ts'

/** One field as it stands: its tag, its number or length, and its content where it has a length. */
interface Field {
  readonly tag: Uint8Array
  readonly number: Uint8Array
  readonly content: Uint8Array
}

const none = new Uint8Array(0)

/** Numbers at which some width ends. */
const edges: readonly bigint[] = [7, 8, 14, 31, 32, 49, 53, 63, 64]
  .flatMap((bits) => [(1n << BigInt(bits)) - 1n, 1n << BigInt(bits)])
  .concat([0n, 1n])

/** `seed` with one to three changes; `others` lends its fields. */
export function mutated(
  random: SeededRandom,
  seed: Uint8Array,
  others: readonly Uint8Array[],
): Uint8Array {
  let bytes = seed
  for (let count = 1 + random.below(3); count > 0; count -= 1) {
    bytes = random.below(4) === 0 ? rough(random, bytes) : fine(random, bytes, others)
  }
  return bytes.slice()
}

/** Without regard to what the bytes say. */
function rough(random: SeededRandom, bytes: Uint8Array): Uint8Array {
  const at = random.below(bytes.length + 1)
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)]
  switch (random.below(4)) {
    case 0:
      return before
    case 1:
      return concat(before, random.bytes(1), after)
    case 2:
      return concat(before, after.subarray(1 + random.below(4)))
    default: {
      const flipped = (after[0] ?? 0) ^ (1 << random.below(8))
      return concat(before, Uint8Array.of(flipped), after.subarray(1))
    }
  }
}

function fine(random: SeededRandom, bytes: Uint8Array, others: readonly Uint8Array[]): Uint8Array {
  const fields = fieldsOf(bytes) ?? []
  const at = random.below(fields.length)
  const field = fields[at]
  if (field === undefined) return rough(random, bytes)
  if (random.below(2) === 0 && (fieldsOf(field.content)?.length ?? 0) > 0) {
    const content = fine(random, field.content, others)
    // A length that no longer fits is a case of its own.
    const number = random.below(8) === 0 ? field.number : lengthOf(content)
    return joined(fields.with(at, { ...field, content, number }))
  }
  return random.below(2) === 0
    ? joined(rearranged(random, fields, at, others))
    : joined(fields.with(at, respelt(random, field)))
}

/** Fields left out, twice, in another order, of another message, or unknown. */
function rearranged(
  random: SeededRandom,
  fields: readonly Field[],
  at: number,
  others: readonly Uint8Array[],
): readonly Field[] {
  const field = fields[at] as Field
  switch (random.below(5)) {
    case 0:
      return fields.toSpliced(at, 1)
    case 1:
      return fields.toSpliced(at, 0, field)
    case 2: {
      const other = random.below(fields.length)
      return fields.with(at, fields[other] as Field).with(other, field)
    }
    case 3: {
      const lent = fieldsOf(random.pick(others)) ?? []
      return lent.length === 0 ? fields : fields.toSpliced(at, 0, random.pick(lent))
    }
    default: {
      const number = 1 + random.below(random.below(2) === 0 ? 40 : 2 ** 29)
      const tag = BigInt(number) * 8n + BigInt(random.below(8))
      const unknown = { tag: written(tag), number: written(random.pick(edges)), content: none }
      return fields.toSpliced(at + random.below(2), 0, unknown)
    }
  }
}

/** The same field written in another way. */
function respelt(random: SeededRandom, field: Field): Field {
  const { tag, number, content } = field
  switch (random.below(6)) {
    case 0:
      return { ...field, tag: overlong(random, tag) }
    case 1:
      return { ...field, number: overlong(random, number) }
    case 2:
      return { ...field, tag: tag.with(0, (tag[0] ?? 0) ^ (1 + random.below(7))) }
    case 3:
      return { ...field, number: written(random.pick(edges)) }
    case 4: {
      const grown = concat(content, random.bytes(1 + random.below(8)))
      return { ...field, content: grown, number: lengthOf(grown) }
    }
    default: {
      const cut = content.subarray(0, random.below(content.length + 1))
      return { ...field, content: cut, number: lengthOf(cut) }
    }
  }
}

/** The same number in up to ten bytes more than it needs: also longer than any number is. */
function overlong(random: SeededRandom, digits: Uint8Array): Uint8Array {
  const last = digits.length - 1
  const more = new Uint8Array(random.below(10)).fill(0x80)
  return concat(digits.with(last, (digits[last] ?? 0) | 0x80), more, Uint8Array.of(0))
}

/** The fields, where the bytes are whole fields of numbers and bytes and nothing else. */
function fieldsOf(bytes: Uint8Array): readonly Field[] | undefined {
  const fields: Field[] = []
  let offset = 0
  const digits = (): Uint8Array => {
    const start = offset
    while ((bytes[offset] ?? 0) >= 0x80) offset += 1
    offset += 1
    return bytes.subarray(start, offset)
  }
  while (offset < bytes.length) {
    const tag = digits()
    const number = digits()
    const wireType = (tag[0] ?? 0) & 7
    const contentBytes = wireType === 2 ? valueOf(number) : 0
    const content = bytes.subarray(offset, offset + contentBytes)
    offset += contentBytes
    if (offset > bytes.length || (wireType !== 0 && wireType !== 2)) return undefined
    fields.push({ tag, number, content })
  }
  return fields
}

function valueOf(digits: Uint8Array): number {
  return digits.reduce((sum, digit, index) => sum + (digit & 0x7f) * 2 ** (7 * index), 0)
}

function lengthOf(content: Uint8Array): Uint8Array {
  return written(BigInt(content.length))
}

function written(value: bigint): Uint8Array {
  return Uint8Array.from(varint(value))
}

function joined(fields: readonly Field[]): Uint8Array {
  return concat(...fields.flatMap(({ tag, number, content }) => [tag, number, content]))
}
