/** Emits choices without a trace in time: no branch and no address depends on what is chosen. */
import { i32, i64, type Code } from '../../lib/wasm/code.ts'
import type { Body, Callable, ModuleBuilder } from '../../lib/wasm/moduleBuilder.ts'
import type { KernelParts } from '../../lib/edwards25519/kernel.ts'
import { elementBytes, limbIndexes } from '../../lib/edwards25519/limbs.ts'
import { addendBytes, part } from '../../lib/edwards25519/pointCode.ts'

/** Multiples 0 … 8 of a point, as addends. */
export const multiplesCount = 9

/** `ristretto_select(target, other, flag)`: one element becomes the other if the flag is 1. */
export function defineSelect(builder: ModuleBuilder): Callable {
  return builder.define({ name: 'ristretto_select', parameterCount: 3 }, (body) => {
    const [target, other, flag] = body.parameters.map(({ get }) => get) as [Code, Code, Code]
    const mask = body.local('i32')
    const chosen = (offset: number): Code => {
      const [one, two] = [i32.load(target, offset), i32.load(other, offset)]
      return i32.xor(one, i32.and(i32.xor(one, two), mask.get))
    }
    return [
      mask.set(i32.sub(i32.const(0), flag)),
      limbIndexes.map((index) => i32.store(target, chosen(4 * index), 4 * index)),
    ]
  })
}

/**
 * `ristretto_pick(out, table, digit)`: the addend of `digit` times the point, −8 to 8. Every entry
 * of the table is read; the first two parts change places and the third turns its sign by masks.
 */
export function definePick({ builder, field, constants }: KernelParts, select: Callable): Callable {
  const readAll = builder.define({ name: 'ristretto_readAll', parameterCount: 3 }, (body) =>
    readAllCode(body),
  )
  const [minus, swapped] = [0, 1].map(() => i32.const(builder.reserve(elementBytes))) as [
    Code,
    Code,
  ]
  return builder.define({ name: 'ristretto_pick', parameterCount: 3 }, (body) => {
    const [out, table, digit] = body.parameters.map(({ get }) => get) as [Code, Code, Code]
    const [sign, mask] = [body.local('i32'), body.local('i32')]
    return [
      mask.set(i32.shrS(digit, i32.const(31))),
      sign.set(i32.and(mask.get, i32.const(1))),
      readAll(out, table, i32.sub(i32.xor(digit, mask.get), mask.get)),
      field.copy(swapped, out),
      select(out, part(out, 1), sign.get),
      select(part(out, 1), swapped, sign.get),
      field.subTight(minus, constants.zero, part(out, 2)),
      select(part(out, 2), minus, sign.get),
    ]
  })
}

/** out ← entry `magnitude`, by the sum of all entries under masks. */
function readAllCode(body: Body): Code {
  const [out, table, magnitude] = body.parameters.map(({ get }) => get) as [Code, Code, Code]
  const entries = Array.from({ length: multiplesCount }, (_, entry) => entry)
  const masks = entries.map(() => body.local('i64'))
  const maskOf = (entry: number): Code =>
    i64.extendS(i32.sub(i32.const(0), i32.eq(magnitude, i32.const(entry))))
  return [
    masks.map((mask, entry) => mask.set(maskOf(entry))),
    Array.from({ length: addendBytes / 8 }, (_, word) => {
      const words = masks.map((mask, entry) =>
        i64.and(i64.load(table, entry * addendBytes + 8 * word), mask.get),
      )
      return i64.store(out, words.reduce(i64.or), 8 * word)
    }),
  ]
}
