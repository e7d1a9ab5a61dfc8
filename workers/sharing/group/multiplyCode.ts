/**
 * Emits products of a point with a scalar: a fixed pattern for secret ones, and tables for sums of
 * public ones by the kernel's `straus`.
 */
import { i32, repeatWhile, type Code } from '../../lib/wasm/code.ts'
import type { Callable, Local } from '../../lib/wasm/moduleBuilder.ts'
import type { KernelParts } from '../../lib/edwards25519/kernel.ts'
import { addendBytes, extendedBytes } from '../../lib/edwards25519/pointCode.ts'
import { definePick, multiplesCount } from './selectCode.ts'

/** Windows of four bits: 64 hold a scalar below 2^253 with its last carry. */
export const secretWindows = 64
const windowBits = 4

export function defineMultiply(parts: KernelParts, select: Callable): void {
  const multiples = defineTables(parts)
  defineSecretMultiply(parts, multiples, definePick(parts, select))
}

/** The second of them. */
function defineTables({ builder, points }: KernelParts): Callable {
  const [multiple, twice] = [0, 1].map(() => i32.const(builder.reserve(extendedBytes))) as [
    Code,
    Code,
  ]
  const step = i32.const(builder.reserve(addendBytes))
  /** `count` addends that start with `multiple` and grow by `step`. */
  const fill = (count: Local, table: Local): Code =>
    repeatWhile(
      [
        points.addendOf(table.get, multiple),
        points.addAddend(multiple, step, i32.const(0)),
        table.set(i32.add(table.get, i32.const(addendBytes))),
        count.set(i32.sub(count.get, i32.const(1))),
      ],
      count.get,
    )
  // ristretto_oddMultiples(count, point, table): 1, 3, 5 …
  builder.define({ name: 'ristretto_oddMultiples', parameterCount: 3 }, (body) => {
    const [count, point, table] = body.parameters as [Local, Local, Local]
    return [
      points.copy(multiple, point.get),
      points.copy(twice, multiple),
      points.double(twice),
      points.addendOf(step, twice),
      fill(count, table),
    ]
  })
  // ristretto_multiples(count, point, table): 0, 1, 2 …
  return builder.define({ name: 'ristretto_multiples', parameterCount: 3 }, (body) => {
    const [count, point, table] = body.parameters as [Local, Local, Local]
    return [points.identity(multiple), points.addendOf(step, point.get), fill(count, table)]
  })
}

/**
 * `ristretto_multiply(out, point, digits)`: signed digits from −8 to 8, the highest first. The same
 * instructions and addresses for all digits.
 */
function defineSecretMultiply(
  { builder, points }: KernelParts,
  multiples: Callable,
  pick: Callable,
): void {
  const table = i32.const(builder.reserve(multiplesCount * addendBytes))
  const addend = i32.const(builder.reserve(addendBytes))
  builder.define({ name: 'ristretto_multiply', parameterCount: 3 }, (body) => {
    const [out, point, digits] = body.parameters as [Local, Local, Local]
    const windows = body.local('i32')
    return [
      multiples(i32.const(multiplesCount), point.get, table),
      points.identity(out.get),
      windows.set(i32.const(secretWindows)),
      repeatWhile(
        [
          Array.from({ length: windowBits }, () => points.double(out.get)),
          pick(addend, table, i32.load8S(digits.get)),
          points.addAddend(out.get, addend, i32.const(0)),
          digits.set(i32.add(digits.get, i32.const(1))),
          windows.set(i32.sub(windows.get, i32.const(1))),
        ],
        windows.get,
      ),
    ]
  })
}
