/**
 * Emits the loops over many points: Straus' method for few of them, the buckets of Pippenger's for
 * many (Bernstein, Doumen, Lange, Oosterwijk, "Faster batch forgery identification", 2012, compares
 * them). Digits are signed bytes; nothing here is secret, so branches may depend on them.
 */

import { i32, repeatWhile, returned, when, type Code } from '../wasm/code.ts'
import type { Body, Local, ModuleBuilder } from '../wasm/moduleBuilder.ts'
import type { FieldCode } from './fieldCode.ts'
import { addendBytes, affineBytes, extendedBytes, part, type PointCode } from './pointCode.ts'

export function defineSums(builder: ModuleBuilder, field: FieldCode, points: PointCode): void {
  defineBuckets(builder, points)
  defineStraus(builder, points)
  defineIsTorsion(builder, field, points)
}

/** The end of a loop: one round done, and how many are left. */
function next(count: Local): Code {
  return count.set(i32.sub(count.get, i32.const(1)))
}

function advance(address: Local, byteCount: number): Code {
  return address.set(i32.add(address.get, i32.const(byteCount)))
}

/** Calls `add(magnitude, sign)` for a digit that is not zero. */
function addDigit(digit: Local, add: (magnitude: Code, sign: Code) => Code): Code {
  const sign = i32.shrU(digit.get, i32.const(31))
  const mask = i32.shrS(digit.get, i32.const(31))
  return when(digit.get, add(i32.sub(i32.xor(digit.get, mask), mask), sign))
}

function defineBuckets(builder: ModuleBuilder, points: PointCode): void {
  // fillBuckets(count, digits, affine addends, buckets): adds each point to the bucket of its
  // digit; the bucket of digit 1 comes first. `count` is at least 1.
  builder.define({ name: 'fillBuckets', parameterCount: 4 }, (body: Body) => {
    const [count, digits, addends, buckets] = body.parameters as [Local, Local, Local, Local]
    const digit = body.local('i32')
    return repeatWhile(
      [
        digit.set(i32.load8S(digits.get)),
        addDigit(digit, (magnitude, sign) => {
          const index = i32.sub(magnitude, i32.const(1))
          const bucket = i32.add(buckets.get, i32.mul(index, i32.const(extendedBytes)))
          return points.addAffine(bucket, addends.get, sign)
        }),
        advance(digits, 1),
        advance(addends, affineBytes),
        next(count),
      ],
      count.get,
    )
  })
  // clearBuckets(count, buckets).
  builder.define({ name: 'clearBuckets', parameterCount: 2 }, (body: Body) => {
    const [count, buckets] = body.parameters as [Local, Local]
    return repeatWhile(
      [points.identity(buckets.get), advance(buckets, extendedBytes), next(count)],
      count.get,
    )
  })
  // addBuckets(count, buckets, point): point += Σ k·bucket[k], the first counted once.
  const [running, sum] = [0, 1].map(() => i32.const(builder.reserve(extendedBytes))) as [Code, Code]
  builder.define({ name: 'addBuckets', parameterCount: 3 }, (body: Body) => {
    const [count, buckets, point] = body.parameters as [Local, Local, Local]
    return [
      points.identity(running),
      points.identity(sum),
      repeatWhile(
        [
          next(count),
          points.add(running, i32.add(buckets.get, i32.mul(count.get, i32.const(extendedBytes)))),
          points.add(sum, running),
        ],
        count.get,
      ),
      points.add(point.get, sum),
    ]
  })
  // doubleTimes(count, point), count at least 1.
  builder.define({ name: 'doubleTimes', parameterCount: 2 }, (body: Body) => {
    const [count, point] = body.parameters as [Local, Local]
    return repeatWhile([points.double(point.get), next(count)], count.get)
  })
}

function defineStraus(builder: ModuleBuilder, points: PointCode): void {
  const [base, twice] = [0, 1].map(() => i32.const(builder.reserve(extendedBytes))) as [Code, Code]
  const step = i32.const(builder.reserve(addendBytes))
  // buildTable(count, affine addend, table): count odd multiples 1, 3, 5 … as addends.
  builder.define({ name: 'buildTable', parameterCount: 3 }, (body: Body) => {
    const [count, affine, table] = body.parameters as [Local, Local, Local]
    return [
      points.extend(base, affine.get),
      points.copy(twice, base),
      points.double(twice),
      points.addendOf(step, twice),
      repeatWhile(
        [
          points.addendOf(table.get, base),
          points.addAddend(base, step, i32.const(0)),
          advance(table, addendBytes),
          next(count),
        ],
        count.get,
      ),
    ]
  })
  // straus(bitCount, count, digits, tables, point): point ← Σ scalar·P. Digits are odd or zero,
  // `count` of them for each bit, the highest bit first; `tables` lists addresses.
  builder.define({ name: 'straus', parameterCount: 5 }, (body: Body) => {
    const [bits, count, digits, tables, point] = body.parameters as [
      Local,
      Local,
      Local,
      Local,
      Local,
    ]
    const [digit, left, entry] = [body.local('i32'), body.local('i32'), body.local('i32')]
    const multiple = (magnitude: Code): Code =>
      i32.add(
        i32.load(entry.get),
        i32.mul(i32.shrU(magnitude, i32.const(1)), i32.const(addendBytes)),
      )
    return [
      points.identity(point.get),
      repeatWhile(
        [
          points.double(point.get),
          left.set(count.get),
          entry.set(tables.get),
          repeatWhile(
            [
              digit.set(i32.load8S(digits.get)),
              addDigit(digit, (magnitude, sign) =>
                points.addAddend(point.get, multiple(magnitude), sign),
              ),
              advance(digits, 1),
              advance(entry, 4),
              next(left),
            ],
            left.get,
          ),
          next(bits),
        ],
        bits.get,
      ),
    ]
  })
}

/** `isTorsion(point)`: 1 if [8]point is the identity, the cofactored equation of ZIP-215. */
function defineIsTorsion(builder: ModuleBuilder, field: FieldCode, points: PointCode): void {
  const eightfold = i32.const(builder.reserve(extendedBytes))
  const difference = eightfold
  builder.define({ name: 'isTorsion', parameterCount: 1, hasResult: true }, (body: Body) => {
    const [point] = body.parameters as [Local]
    return [
      points.copy(eightfold, point.get),
      [1, 2, 3].map(() => points.double(eightfold)),
      // x = 0 and y = 1: the identity, and not (0, −1).
      when(i32.eqz(field.isZero(eightfold)), returned(i32.const(0))),
      field.subTight(difference, part(eightfold, 1), part(eightfold, 2)),
      field.isZero(difference),
    ]
  })
}
