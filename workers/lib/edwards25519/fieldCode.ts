/**
 * Emits the functions of the field of 2^255 − 19.
 *
 * *Size* is a bound of the limbs in units of 2^30: tight elements have 0.5, a sum of two of them 1,
 * their difference 1.5 (4·p is added, limb by limb, so that no limb is negative). Factors take a
 * product of sizes up to 1.99 and give a tight element. What is subtracted is tight.
 */

import { i32, i64, type Code } from '../wasm/code.ts'
import type { Body, Callable, Local, ModuleBuilder } from '../wasm/moduleBuilder.ts'
import {
  elementBytes,
  limbBits,
  limbCount,
  limbIndexes,
  limbMask,
  topBits,
  topMask,
  wrapTop,
} from './limbs.ts'
import { multiplyCode, squareTimesCode } from './multiplyCode.ts'

/** Functions of the field, the target's address first. */
export interface FieldCode {
  readonly mul: Callable
  readonly sqr: Callable
  /** out ← value^(2^count), count at least 1. */
  readonly sqrTimes: Callable
  /** Size: the sum of both. */
  readonly add: Callable
  /** Size: that of left and 1 more. */
  readonly sub: Callable
  /** The same in tight form; the sizes of what goes in, with 1 for 4·p, below 4. */
  readonly addTight: Callable
  readonly subTight: Callable
  readonly copy: Callable
  /** out ← the one form below p of a tight element. */
  readonly canonical: Callable
  /** 1 if a tight element is a multiple of p. */
  readonly isZero: Callable
  /** out ← value^((p − 5)/8). */
  readonly root: Callable
}

/** 4·p with every limb but the highest near 2^30. */
export const fourPrimeLimbs = limbIndexes.map((index) => {
  if (index === 0) return 2 ** 30 - 4 * 19
  return index < limbCount - 1 ? 2 ** 30 - 2 : 2 ** (topBits + 2) - 2
})

export function defineField(builder: ModuleBuilder): FieldCode {
  const define = (
    operation: string,
    parameterCount: number,
    write: (body: Body, ...parameters: Code[]) => Code,
    hasResult = false,
  ): Callable =>
    builder.define({ name: `field_${operation}`, parameterCount, hasResult }, (body) =>
      write(body, ...body.parameters.map(({ get }) => get)),
    )
  const linear = (operation: string, limb: LimbCode, isTight: boolean): Callable =>
    define(operation, 3, (body, out = [], left = [], right = []) =>
      linearCode(body, out, (index) => limb(left, right, index), isTight),
    )
  const mul = define('mul', 3, (body, out = [], left = [], right = []) =>
    multiplyCode(body, out, left, right),
  )
  const sqrTimes = builder.define({ name: 'field_sqrTimes', parameterCount: 3 }, (body) => {
    const [out, value, count] = body.parameters as readonly [Local, Local, Local]
    return squareTimesCode(body, out.get, value.get, count)
  })
  const canonical = define('canonical', 2, (body, out = [], value = []) =>
    canonicalCode(body, out, value),
  )
  const form = i32.const(builder.reserve(elementBytes))
  return {
    mul,
    sqr: (out = [], value = []) => sqrTimes(out, value, i32.const(1)),
    sqrTimes,
    add: linear('add', sumOfLimbs, false),
    sub: linear('sub', differenceOfLimbs, false),
    addTight: linear('addTight', sumOfLimbs, true),
    subTight: linear('subTight', differenceOfLimbs, true),
    copy: define('copy', 2, (_, out = [], value = []) =>
      limbIndexes.map((index) => i32.store(out, i32.load(value, 4 * index), 4 * index)),
    ),
    canonical,
    isZero: define(
      'isZero',
      1,
      (_, value = []) => [
        canonical(form, value),
        i32.eqz(limbIndexes.map((index) => i32.load(form, 4 * index)).reduce(i32.or)),
      ],
      true,
    ),
    root: define('root', 2, (_, out = [], value = []) =>
      rootCode(builder, { mul, sqrTimes, out, value }),
    ),
  }
}

type LimbCode = (left: Code, right: Code, index: number) => Code

const sumOfLimbs: LimbCode = (left, right, index) =>
  i32.add(i32.load(left, 4 * index), i32.load(right, 4 * index))

const differenceOfLimbs: LimbCode = (left, right, index) =>
  i32.sub(
    i32.add(i32.load(left, 4 * index), i32.const(fourPrimeLimbs[index] ?? 0)),
    i32.load(right, 4 * index),
  )

function linearCode(body: Body, out: Code, limb: (index: number) => Code, isTight: boolean): Code {
  if (!isTight) return limbIndexes.map((index) => i32.store(out, limb(index), 4 * index))
  const limbs = limbIndexes.map(() => body.local('i32'))
  return [
    limbs.map((local, index) => local.set(limb(index))),
    // Every carry goes up by one limb alone: the carries of a tight element are below 8.
    limbs.map((local, index) => {
      const below = limbs.at(index - 1)?.get ?? []
      const carry =
        index > 0
          ? i32.shrU(below, i32.const(limbBits))
          : i32.mul(i32.shrU(below, i32.const(topBits)), i32.const(wrapTop))
      const kept = i32.and(local.get, i32.const(index < limbCount - 1 ? limbMask : topMask))
      return i32.store(out, i32.add(kept, carry), 4 * index)
    }),
  ]
}

/** Adds 19 to see whether the value is p or more, then takes 2^255 − 19 away that often. */
function canonicalCode(body: Body, out: Code, value: Code): Code {
  const carry = body.local('i32')
  const bitsOf = (index: number): Code => i32.const(index < limbCount - 1 ? limbBits : topBits)
  const maskOf = (index: number): Code => i32.const(index < limbCount - 1 ? limbMask : topMask)
  const limb = (index: number): Code => i32.add(i32.load(value, 4 * index), carry.get)
  const sum = body.local('i32')
  return [
    carry.set(i32.const(wrapTop)),
    limbIndexes.map((index) => carry.set(i32.shrU(limb(index), bitsOf(index)))),
    carry.set(i32.mul(carry.get, i32.const(wrapTop))),
    limbIndexes.map((index) => [
      sum.set(limb(index)),
      carry.set(i32.shrU(sum.get, bitsOf(index))),
      i32.store(out, i32.and(sum.get, maskOf(index)), 4 * index),
    ]),
  ]
}

interface Root {
  readonly mul: Callable
  readonly sqrTimes: Callable
  readonly out: Code
  readonly value: Code
}

/** value^(2^252 − 3): powers 2^k − 1 by doubling and adding of k, 251 squares and 11 products. */
function rootCode(builder: ModuleBuilder, { mul, sqrTimes, out, value }: Root): Code {
  const [first, second, third] = [0, 1, 2].map(() => i32.const(builder.reserve(elementBytes)))
  const [a, b, c] = [first ?? [], second ?? [], third ?? []]
  const times = (target: Code, source: Code, count: number): Code =>
    sqrTimes(target, source, i32.const(count))
  return [
    times(a, value, 1),
    times(b, a, 2),
    mul(b, value, b),
    mul(a, a, b),
    times(a, a, 1),
    // a = 2^5 − 1
    mul(a, b, a),
    times(b, a, 5),
    mul(a, b, a),
    times(b, a, 10),
    mul(b, b, a),
    times(c, b, 20),
    // b = 2^40 − 1, a = 2^10 − 1
    mul(b, c, b),
    times(b, b, 10),
    mul(a, b, a),
    times(b, a, 50),
    // b = 2^100 − 1, a = 2^50 − 1
    mul(b, b, a),
    times(c, b, 100),
    mul(b, c, b),
    times(b, b, 50),
    mul(a, b, a),
    times(a, a, 2),
    mul(out, a, value),
  ]
}

/** The low 255 bits of 32 bytes at any address, as limbs. */
export function loadPlainCode(out: Code, bytes: Code): Code {
  return limbIndexes.map((index) => {
    const bit = limbBits * index
    const kept = index < limbCount - 1 ? limbMask : topMask
    const word = i64.shrU(i64.load(bytes, bit >> 3), i64.const(BigInt(bit & 7)))
    return i64.store32(out, i64.and(word, i64.const(BigInt(kept))), 4 * index)
  })
}
