/**
 * Emits the functions of a prime field on elements below 2·p in nine limbs of 29 bits.
 *
 * `add` and `sub` take and give elements below 2·p. The lazy ones leave out the last reduction:
 * their result is below 4·p, and only multiplication and the test for zero take it.
 */

import { i32, returned, repeatWhile, when, type Code } from '../../lib/wasm/code.ts'
import type { Body, Callable, Local, ModuleBuilder } from '../../lib/wasm/moduleBuilder.ts'
import { elementBytes, limbBits, limbCount, limbMask, limbsOf } from './limbs.ts'
import { multiplyCode } from './multiplyCode.ts'

/** Functions of a field, as the code of groups and vectors calls them: the target comes first. */
export interface FieldCode {
  readonly elementBytes: number
  readonly mul: Callable
  readonly sqr: Callable
  readonly add: Callable
  readonly sub: Callable
  /** right + right' without reduction: below 4·p. */
  readonly addLazy: Callable
  /** left − right + 2·p: below 4·p. */
  readonly subLazy: Callable
  /** 1 if the element, below 4·p, is a multiple of p. */
  readonly isZero: Callable
  /** 1 if every limb is zero: the mark of infinity. */
  readonly isMark: Callable
  readonly copy: Callable
  /** 1/x, and 0 for 0. */
  readonly inverse: Callable
}

export interface PrimeFieldCode extends FieldCode {
  /** out ← a·b + c·d with one reduction; the products of bounds together at most 80·p². */
  readonly mulAdd: Callable
  /** out ← a − b + 4·p, for b below 4·p. */
  readonly subWide: Callable
}

const indexes = Array.from({ length: limbCount }, (_, index) => index)
const bitsOfLimb = i32.const(limbBits)
const mask = i32.const(limbMask)

export function definePrimeField(
  builder: ModuleBuilder,
  name: string,
  prime: bigint,
): PrimeFieldCode {
  const define = (
    operation: string,
    parameterCount: number,
    write: (body: Body, parameters: readonly Code[]) => Code,
    hasResult = false,
  ): Callable =>
    builder.define({ name: `${name}_${operation}`, parameterCount, hasResult }, (body) =>
      write(
        body,
        body.parameters.map(({ get }) => get),
      ),
    )
  const mul = define('mul', 3, (body, [out = [], left = [], right = []]) =>
    multiplyCode(body, prime, out, [[left, right]]),
  )
  const mulAdd = define('mulAdd', 5, (body, [out = [], a = [], b = [], c = [], d = []]) =>
    multiplyCode(body, prime, out, [
      [a, b],
      [c, d],
    ]),
  )
  const sqr: Callable = (out = [], value = []) => mul(out, value, value)
  const linear = (
    operation: string,
    sign: 1 | -1,
    multiple: bigint,
    isReduced: boolean,
  ): Callable =>
    define(operation, 3, (body, [out = [], left = [], right = []]) =>
      linearCode(body, prime, { out, left, right, sign, multiple, isReduced }),
    )
  const zero = (body: Body, [value = []]: readonly Code[]): Code => isZeroCode(body, prime, value)
  return {
    elementBytes,
    mul,
    mulAdd,
    sqr,
    add: linear('add', 1, -2n, true),
    sub: linear('sub', -1, 0n, true),
    addLazy: linear('addLazy', 1, 0n, false),
    subLazy: linear('subLazy', -1, 2n, false),
    subWide: linear('subWide', -1, 4n, false),
    isZero: define('isZero', 1, zero, true),
    isMark: define('isMark', 1, (_, [value = []]) => i32.eqz(differenceOf(value, 0n)), true),
    copy: define('copy', 2, (_, [out = [], value = []]) =>
      indexes.map((index) => i32.store(out, i32.load(value, 4 * index), 4 * index)),
    ),
    inverse: define('inverse', 2, (body, [out = [], value = []]) =>
      inverseCode(builder, body, prime, { out, value, mul }),
    ),
  }
}

interface Linear {
  readonly out: Code
  readonly left: Code
  readonly right: Code
  readonly sign: 1 | -1
  /** Of p, added to the result. */
  readonly multiple: bigint
  /** Adds 2·p again when the result is negative. */
  readonly isReduced: boolean
}

/** out ← left ± right + multiple·p, by limbs with a signed carry. */
function linearCode(body: Body, prime: bigint, linear: Linear): Code {
  const { out, left, right, sign, multiple, isReduced } = linear
  const limbs = indexes.map(() => body.local('i32'))
  const combine = sign === 1 ? i32.add : i32.sub
  const first = limbs.map((limb, index) =>
    limb.set(
      plusMultiple(
        combine(i32.load(left, 4 * index), i32.load(right, 4 * index)),
        prime,
        multiple,
        index,
      ),
    ),
  )
  if (!isReduced) return [first, carryAndStore(limbs, out)]
  const sign32 = body.local('i32')
  return [
    first,
    carry(limbs),
    sign32.set(i32.shrS(limbs.at(-1)?.get ?? [], i32.const(31))),
    limbs.map((limb, index) =>
      limb.set(i32.add(limb.get, i32.and(sign32.get, i32.const(limbOf(2n * prime, index))))),
    ),
    carryAndStore(limbs, out),
  ]
}

function plusMultiple(value: Code, prime: bigint, multiple: bigint, index: number): Code {
  if (multiple === 0n) return value
  const limb = limbOf((multiple < 0n ? -multiple : multiple) * prime, index)
  return multiple < 0n ? i32.sub(value, i32.const(limb)) : i32.add(value, i32.const(limb))
}

/** Leaves every limb but the last in 29 bits; the last keeps the sign. */
function carry(limbs: readonly Local[]): Code {
  return limbs.slice(0, -1).map((limb, index) => {
    const next = limbs[index + 1]
    return [
      next?.set(i32.add(next.get, i32.shrS(limb.get, bitsOfLimb))) ?? [],
      limb.set(i32.and(limb.get, mask)),
    ]
  })
}

function carryAndStore(limbs: readonly Local[], out: Code): Code {
  return [carry(limbs), limbs.map((limb, index) => i32.store(out, limb.get, 4 * index))]
}

/** Compares with 0, p, 2·p and 3·p; nearly always the lowest limb alone decides. */
function isZeroCode(body: Body, prime: bigint, value: Code): Code {
  const lowest = body.local('i32')
  return [
    lowest.set(i32.load(value)),
    [0n, 1n, 2n, 3n].map((multiple) =>
      when(
        i32.eq(lowest.get, i32.const(limbOf(multiple * prime, 0))),
        when(i32.eqz(differenceOf(value, multiple * prime)), returned(i32.const(1))),
      ),
    ),
    i32.const(0),
  ]
}

/** Zero if the limbs at `value` are those of `constant`. */
function differenceOf(value: Code, constant: bigint): Code {
  return indexes
    .map((index) => {
      const limb = i32.load(value, 4 * index)
      return constant === 0n ? limb : i32.xor(limb, i32.const(limbOf(constant, index)))
    })
    .reduce(i32.or)
}

/** x^(p − 2), by Fermat: bits from the second highest downwards. */
function inverseCode(
  builder: ModuleBuilder,
  body: Body,
  prime: bigint,
  { out, value, mul }: { readonly out: Code; readonly value: Code; readonly mul: Callable },
): Code {
  const exponent = prime - 2n
  const bitCount = exponent.toString(2).length
  const table = builder.reserve(4 * limbCount)
  const power = i32.const(builder.reserve(elementBytes))
  const bit = body.local('i32')
  const word = i32.load(i32.shl(i32.shrU(bit.get, i32.const(5)), i32.const(2)), table)
  const words = Array.from({ length: Math.ceil(bitCount / 32) }, (_, index) =>
    Number(BigInt.asIntN(32, exponent >> BigInt(32 * index))),
  )
  return [
    words.map((content, index) => i32.store(i32.const(table), i32.const(content), 4 * index)),
    indexes.map((index) => i32.store(power, i32.load(value, 4 * index), 4 * index)),
    bit.set(i32.const(bitCount - 1)),
    repeatWhile(
      [
        bit.set(i32.sub(bit.get, i32.const(1))),
        mul(power, power, power),
        when(
          i32.and(i32.shrU(word, i32.and(bit.get, i32.const(31))), i32.const(1)),
          mul(power, power, value),
        ),
      ],
      bit.get,
    ),
    indexes.map((index) => i32.store(out, i32.load(power, 4 * index), 4 * index)),
  ]
}

function limbOf(value: bigint, index: number): number {
  return limbsOf(value)[index] ?? 0
}
