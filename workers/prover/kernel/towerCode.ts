/**
 * Emits the functions of Fq12 = Fq2[w]/(w⁶ − ξ), ξ = 9 + i, where pairings have their values.
 *
 * An element is two of Fq6 = Fq2[v]/(v³ − ξ), v = w²: the coefficients of w⁰, w², w⁴, then those
 * of w¹, w³, w⁵. Products in Fq6 are sums of three products in Fq2 with one reduction for each
 * coordinate: about as many limb products as Karatsuba's way, and none of its additions
 * (https://eprint.iacr.org/2022/367, section 3). Coordinates are below 2·p, so that the six
 * products of such a sum stay below 80·p², and its limbs, 63 products of 58 bits, below 2^64.
 */

import { i32, type Code } from '../../lib/wasm/code.ts'
import { zeros, type Callable, type ModuleBuilder } from '../../lib/wasm/moduleBuilder.ts'
import type { FieldCode, PrimeFieldCode } from './fieldCode.ts'
import { elementBytes } from './limbs.ts'
import { multiplyCode, type Factors } from './multiplyCode.ts'
import { defineMulXi } from './xiCode.ts'

/** A factor c0 + c1·i as c1, c0, −c1: the middle two give a product's c1, the last two its c0. */
export const spreadBytes = 3 * elementBytes
const pairBytes = 2 * elementBytes
const sexticBytes = 3 * pairBytes
export const towerBytes = 2 * sexticBytes

interface Fields {
  readonly fq: PrimeFieldCode
  readonly fq2: FieldCode
  /** q. */
  readonly prime: bigint
}

export interface TowerParts {
  readonly mulXi: Callable
  /** (out, value): the three elements of a factor. */
  readonly spread: Callable
  /** (out, a, b, c, d): out ← a·b + c·d in Fq2; b and d are spread; `out` is no operand. */
  readonly mulAdd: Callable
}

type Define = (
  name: string,
  parameterCount: number,
  write: (...operands: Code[]) => Code,
) => Callable

export function plus(address: Code, byteCount: number): Code {
  return byteCount === 0 ? address : i32.add(address, i32.const(byteCount))
}

/** `mul`, `sqr`, `sqrCyclotomic` and `conjugate` of `fq12`. */
export function defineTower(builder: ModuleBuilder, fields: Fields): TowerParts {
  const define: Define = (name, parameterCount, write) =>
    builder.define({ name, parameterCount }, ({ parameters }) =>
      write(...parameters.map(({ get }) => get)),
    )
  const { fq } = fields
  const mulXi = defineMulXi(builder, fields.prime)
  const spread = define('fq2_spread', 2, (out = [], value = []) => [
    fq.copy(out, plus(value, elementBytes)),
    fq.copy(plus(out, elementBytes), value),
    fq.subLazy(plus(out, 2 * elementBytes), zeros, plus(value, elementBytes)),
  ])
  const parts = { mulXi, spread, mulAdd: defineMulAdd(builder, fields, define) }
  const sextic = defineSextic(builder, fields, parts, define)
  defineProducts(builder, { fields, parts, sextic, define })
  defineCyclotomicSquare(builder, { fields, parts, define })
  define('fq12_conjugate', 2, (out = [], value = []) =>
    sixths.flatMap((part): Code[] => [
      fq.copy(plus(out, part), plus(value, part)),
      fq.sub(plus(out, sexticBytes + part), zeros, plus(value, sexticBytes + part)),
    ]),
  )
  return parts
}

/** Offsets of the coordinates of an element of Fq6, and of its coefficients in Fq2. */
const sixths = [0, 1, 2, 3, 4, 5].map((index) => index * elementBytes)
const thirds = [0, 1, 2].map((index) => index * pairBytes)

/** Products of the coordinates of `left` with two of three of a spread factor. */
function coordinates(left: Code, spread: Code): readonly Factors[] {
  return [
    [left, spread],
    [plus(left, elementBytes), plus(spread, elementBytes)],
  ]
}

function defineMulAdd(builder: ModuleBuilder, { prime }: Fields, define: Define): Callable {
  const half = builder.define({ name: 'fq_mulAdd4', parameterCount: 5 }, (body) => {
    const [out = [], a = [], b = [], c = [], d = []] = body.parameters.map(({ get }) => get)
    return multiplyCode(body, prime, out, [...coordinates(a, b), ...coordinates(c, d)])
  })
  return define('fq2_mulAdd', 5, (out = [], a = [], b = [], c = [], d = []) => [
    half(out, a, plus(b, elementBytes), c, plus(d, elementBytes)),
    half(plus(out, elementBytes), a, b, c, d),
  ])
}

interface Sextic {
  /** `out` is no operand. */
  readonly mul: Callable
  readonly add: Callable
  readonly sub: Callable
  /** left + v·right, left − v·right; `out` may be `left`. */
  readonly addShifted: Callable
  readonly subShifted: Callable
}

function defineSextic(
  builder: ModuleBuilder,
  { fq, fq2, prime }: Fields,
  { mulXi, spread }: TowerParts,
  define: Define,
): Sextic {
  // (out, a, t): Σ of the six coordinates of a with two of three of each factor at t.
  const sum = builder.define({ name: 'fq_sum6', parameterCount: 3 }, (body) => {
    const [out = [], a = [], t = []] = body.parameters.map(({ get }) => get)
    const products = thirds.flatMap((offset, index) =>
      coordinates(plus(a, offset), plus(t, index * spreadBytes)),
    )
    return multiplyCode(body, prime, out, products)
  })
  // b2, b1, b0, ξ·b2, ξ·b1: coefficient k of the product is a0, a1, a2 times three of these.
  const rows = builder.reserve(5 * spreadBytes)
  const row = (index: number): Code => i32.const(rows + index * spreadBytes)
  const spare = i32.const(builder.reserve(pairBytes))
  const mul = define('fq6_mul', 3, (out = [], a = [], b = []) => [
    thirds.map((offset, index) => spread(row(2 - index), plus(b, offset))),
    [2, 1].map((index) => [
      mulXi(spare, plus(b, thirds[index] ?? 0)),
      spread(row(5 - index), spare),
    ]),
    thirds.map((offset, index) => [
      sum(plus(out, offset), a, plus(row(2 - index), elementBytes)),
      sum(plus(out, offset + elementBytes), a, row(2 - index)),
    ]),
  ])
  const each = (name: string, operation: Callable): Callable =>
    define(`fq6_${name}`, 3, (out = [], left = [], right = []) =>
      sixths.map((part) => operation(plus(out, part), plus(left, part), plus(right, part))),
    )
  const shifted = (name: string, operation: Callable): Callable =>
    define(`fq6_${name}`, 3, (out = [], left = [], right = []) => [
      mulXi(spare, plus(right, 2 * pairBytes)),
      operation(out, left, spare),
      operation(plus(out, pairBytes), plus(left, pairBytes), right),
      operation(plus(out, 2 * pairBytes), plus(left, 2 * pairBytes), plus(right, pairBytes)),
    ])
  return {
    mul,
    add: each('add', fq.add),
    sub: each('sub', fq.sub),
    addShifted: shifted('addShifted', fq2.add),
    subShifted: shifted('subShifted', fq2.sub),
  }
}

interface Context {
  readonly fields: Fields
  readonly parts: TowerParts
  readonly define: Define
}

/** Products by three of Fq6, squares by two; `out` may be an operand. */
function defineProducts(
  builder: ModuleBuilder,
  { sextic, define }: Context & { readonly sextic: Sextic },
): void {
  const { mul, add, sub, addShifted, subShifted } = sextic
  const high = (address: Code): Code => plus(address, sexticBytes)
  const [v0 = [], v1 = [], left = [], right = []] = [1, 2, 3, 4].map(() =>
    i32.const(builder.reserve(sexticBytes)),
  )
  define('fq12_mul', 3, (out = [], a = [], b = []) => [
    mul(v0, a, b),
    mul(v1, high(a), high(b)),
    add(left, a, high(a)),
    add(right, b, high(b)),
    mul(high(out), left, right),
    sub(high(out), high(out), v0),
    sub(high(out), high(out), v1),
    addShifted(out, v0, v1),
  ])
  // (a0 + a1)·(a0 + v·a1) − a0·a1 − v·a0·a1, and 2·a0·a1.
  define('fq12_sqr', 2, (out = [], a = []) => [
    mul(v0, a, high(a)),
    add(left, a, high(a)),
    addShifted(right, a, high(a)),
    mul(v1, left, right),
    sub(v1, v1, v0),
    subShifted(out, v1, v0),
    add(high(out), v0, v0),
  ])
}

/**
 * The square of an element of order dividing q⁴ − q² + 1 (https://eprint.iacr.org/2009/565,
 * section 3.2): three squares in Fq4 = Fq2[y]/(y² − ξ), each of two coefficients three powers of w
 * apart. `out` may be the operand.
 */
function defineCyclotomicSquare(builder: ModuleBuilder, { fields, parts, define }: Context): void {
  const { fq2 } = fields
  const [first = [], second = [], shifted = []] = [1, 2, 3].map(() =>
    i32.const(builder.reserve(spreadBytes)),
  )
  const squares = builder.reserve(towerBytes)
  const spare = i32.const(builder.reserve(pairBytes))
  /** Offsets of the coefficients of w^k. */
  const at = [0, 3, 1, 4, 2, 5].map((place) => place * pairBytes)
  const coefficient = (address: Code, power: number): Code => plus(address, at[power] ?? 0)
  const square = (power: number): Code => i32.const(squares + (at[power] ?? 0))
  define('fq12_sqrCyclotomic', 2, (out = [], a = []) => {
    // (x + x′·y)² = x² + ξ·x′² + 2·x·x′·y, for x the coefficient of w^k and x′ that of w^(k+3).
    const inFq4 = [0, 1, 2].map((low): Code => {
      const [x, y] = [coefficient(a, low), coefficient(a, low + 3)]
      return [
        parts.spread(first, x),
        parts.spread(second, y),
        parts.mulXi(spare, y),
        parts.spread(shifted, spare),
        parts.mulAdd(square(low), x, first, y, shifted),
        parts.mulAdd(square(low + 3), x, second, y, first),
      ]
    })
    /** 3·square − 2·x with its sign: square + 2·(square ∓ x). */
    const join = (target: number, from: Code, isAdded: boolean): Code => [
      (isAdded ? fq2.add : fq2.sub)(spare, from, coefficient(a, target)),
      fq2.add(spare, spare, spare),
      fq2.add(coefficient(out, target), spare, from),
    ]
    return [
      inFq4,
      join(0, square(0), false),
      join(3, square(3), true),
      join(2, square(1), false),
      join(5, square(4), true),
      join(4, square(2), false),
      parts.mulXi(square(5), square(5)),
      join(1, square(5), true),
    ]
  })
}
