/**
 * Emits loops over vectors of field elements: products, differences, full reduction, the rows of a
 * sparse matrix, and the stages of the number theoretic transform.
 */

import { i32, repeatWhile, when, type Code } from '../../lib/wasm/code.ts'
import {
  zeros,
  type Body,
  type Callable,
  type Local,
  type ModuleBuilder,
} from '../../lib/wasm/moduleBuilder.ts'
import type { PrimeFieldCode } from './fieldCode.ts'
import { elementBytes, limbBits, limbCount, limbMask, limbsOf } from './limbs.ts'

/** `mulAll`, `subAll`, `reduceAll` of a field. */
export function defineVectors(
  builder: ModuleBuilder,
  name: string,
  field: PrimeFieldCode,
  prime: bigint,
): void {
  /** (count, out, left, right, step): out[i] ← left[i] ∘ right[i·step], step in bytes. */
  const elementwise = (operation: string, perform: Callable): void => {
    builder.define({ name: `${name}_${operation}`, parameterCount: 5 }, ({ parameters }) => {
      const [count, out, left, right, step] = parameters as [Local, Local, Local, Local, Local]
      return counted(count, [
        perform(out.get, left.get, right.get),
        advance(out),
        advance(left),
        right.set(i32.add(right.get, step.get)),
      ])
    })
  }
  elementwise('mulAll', field.mul)
  elementwise('subAll', field.sub)
  /** (count, values): from below 2·p to below p. */
  builder.define({ name: `${name}_reduceAll`, parameterCount: 2 }, (body) => {
    const [count, value] = body.parameters as [Local, Local]
    return counted(count, [reduceCode(body, prime, value.get), advance(value)])
  })
}

/** `rows`, `stageDown`, `stageUp` of the scalar field. */
export function defineTransforms(
  builder: ModuleBuilder,
  name: string,
  field: PrimeFieldCode,
): void {
  defineRows(builder, name, field)
  defineStage(builder, `${name}_stageDown`, field, (low, high, root, spare) => [
    field.subLazy(spare, low, high),
    field.add(low, low, high),
    field.mul(high, spare, root),
  ])
  defineStage(builder, `${name}_stageUp`, field, (low, high, root, spare) => [
    field.mul(spare, high, root),
    field.sub(high, low, spare),
    field.add(low, low, spare),
  ])
}

/**
 * `rows(count, out, ends, columns, coefficients, vector)`: out[i] ← Σ coefficient·vector[column],
 * for the terms of row i, which end before `ends[i]`; columns are byte offsets into the vector.
 */
function defineRows(builder: ModuleBuilder, name: string, field: PrimeFieldCode): void {
  const product = i32.const(builder.reserve(elementBytes))
  builder.define({ name: `${name}_rows`, parameterCount: 6 }, (body) => {
    const [count, out, ends, columns, coefficients, vector] = body.parameters as [
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
    ]
    const term = body.local('i32')
    const isInRow = i32.ltU(term.get, i32.load(ends.get))
    return [
      term.set(i32.const(0)),
      counted(count, [
        field.copy(out.get, zeros),
        when(
          isInRow,
          repeatWhile(
            [
              field.mul(product, coefficients.get, i32.add(vector.get, i32.load(columns.get))),
              field.add(out.get, out.get, product),
              advance(coefficients),
              columns.set(i32.add(columns.get, i32.const(4))),
              term.set(i32.add(term.get, i32.const(1))),
            ],
            isInRow,
          ),
        ),
        advance(out),
        ends.set(i32.add(ends.get, i32.const(4))),
      ]),
    ]
  })
}

/**
 * `stage(count, low, high, roots, step, half)`: one stage on blocks of 2·half elements: `count`
 * butterflies of the elements at `low` and `high`, whose root moves by `step` bytes and starts
 * again with each block.
 */
function defineStage(
  builder: ModuleBuilder,
  name: string,
  field: PrimeFieldCode,
  butterfly: (low: Code, high: Code, root: Code, spare: Code) => Code,
): void {
  const spare = i32.const(builder.reserve(field.elementBytes))
  builder.define({ name, parameterCount: 6 }, (body: Body) => {
    const [count, low, high, roots, step, half] = body.parameters as [
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
    ]
    const [root, left] = [body.local('i32'), body.local('i32')]
    const skip = (pointer: Local): Code =>
      pointer.set(i32.add(pointer.get, i32.mul(half.get, i32.const(elementBytes))))
    const start = [root.set(roots.get), left.set(half.get)]
    return [
      start,
      counted(count, [
        butterfly(low.get, high.get, root.get, spare),
        advance(low),
        advance(high),
        root.set(i32.add(root.get, step.get)),
        left.set(i32.sub(left.get, i32.const(1))),
        when(i32.eqz(left.get), [skip(low), skip(high), start]),
      ]),
    ]
  })
}

/** value − p if that is not negative. */
function reduceCode(body: Body, prime: bigint, value: Code): Code {
  const limbs = limbsOf(prime)
  const differences = limbs.map(() => body.local('i32'))
  const bits = i32.const(limbBits)
  return [
    differences.map((difference, index) => {
      const plain = i32.sub(i32.load(value, 4 * index), i32.const(limbs[index] ?? 0))
      const below = differences[index - 1]
      return difference.set(below === undefined ? plain : i32.add(plain, i32.shrS(below.get, bits)))
    }),
    when(
      i32.eqz(i32.shrU(differences[limbCount - 1]?.get ?? [], i32.const(31))),
      differences.map((difference, index) =>
        i32.store(value, i32.and(difference.get, i32.const(limbMask)), 4 * index),
      ),
    ),
  ]
}

function counted(count: Local, body: Code): Code {
  return when(
    count.get,
    repeatWhile([body, count.set(i32.sub(count.get, i32.const(1)))], count.get),
  )
}

function advance(pointer: Local): Code {
  return pointer.set(i32.add(pointer.get, i32.const(elementBytes)))
}
