/**
 * Emits the group law of edwards25519, −x² + y² = 1 + d·x²·y², on three forms of a point:
 *
 * - *extended*: X, Y, Z, T with x = X/Z, y = Y/Z, x·y = T/Z; all tight;
 * - *affine addend*: y − x, y + x, 2d·x·y, in tight form;
 * - *addend*: Y − X, Y + X, 2d·T, 2Z, in tight form.
 *
 * Formulas of Hisil, Wong, Carter and Dawson, "Twisted Edwards Curves Revisited" (2008), sections
 * 3.1 to 3.3. They are complete on this curve, so points of small order need no care.
 */

import { i32, type Code } from '../wasm/code.ts'
import type { Body, Callable, ModuleBuilder } from '../wasm/moduleBuilder.ts'
import type { FieldCode } from './fieldCode.ts'
import { elementBytes } from './limbs.ts'

export const extendedBytes = 4 * elementBytes
export const affineBytes = 3 * elementBytes
export const addendBytes = 4 * elementBytes

/** Addresses of constants of the field. */
export interface Constants {
  readonly zero: Code
  readonly one: Code
  readonly d: Code
  readonly twoD: Code
  readonly rootOfMinusOne: Code
}

/** Functions on points in memory. */
export interface PointCode {
  /** point ← point ± affine addend; subtracts if the last argument is 1. */
  readonly addAffine: Callable
  /** point ← point ± addend. */
  readonly addAddend: Callable
  /** point ← point + extended point. */
  readonly add: Callable
  readonly subtract: Callable
  readonly double: Callable
  readonly identity: Callable
  readonly copy: Callable
  /** addend ← extended point. */
  readonly addendOf: Callable
  /** extended point ← affine addend. */
  readonly extend: Callable
}

/** The element `index` of a point. */
export function part(point: Code, index: number): Code {
  return index === 0 ? point : i32.add(point, i32.const(index * elementBytes))
}

/** E, F, G, H of the formulas, F and G side by side. */
interface Terms {
  readonly e: Code
  readonly f: Code
  readonly g: Code
  readonly h: Code
  readonly a: Code
  readonly b: Code
  readonly c: Code
  readonly d: Code
}

export function definePoints(
  builder: ModuleBuilder,
  field: FieldCode,
  constants: Constants,
): PointCode {
  const define = (
    operation: string,
    parameterCount: number,
    write: (...parameters: Code[]) => Code,
  ): Callable =>
    builder.define({ name: `point_${operation}`, parameterCount }, ({ parameters }: Body) =>
      write(...parameters.map(({ get }) => get)),
    )
  const base = builder.reserve(8 * elementBytes)
  const temporary = (index: number): Code => i32.const(base + index * elementBytes)
  const [a, b, c, d] = [temporary(0), temporary(1), temporary(2), temporary(3)]
  const [e, f, g, h] = [temporary(4), temporary(5), temporary(6), temporary(7)]
  const terms: Terms = { a, b, c, d, e, f, g, h }
  const addAddend = define('addAddend', 3, (point = [], addend = [], sign = []) => [
    field.mul(d, part(point, 2), part(addend, 3)),
    addCode(field, terms, { point, addend, sign }),
  ])
  const addendOf = define('addendOf', 2, (out = [], point = []) => [
    field.subTight(out, part(point, 1), point),
    field.addTight(part(out, 1), part(point, 1), point),
    field.mul(part(out, 2), part(point, 3), constants.twoD),
    field.addTight(part(out, 3), part(point, 2), part(point, 2)),
  ])
  const addend = i32.const(builder.reserve(addendBytes))
  const combine = (operation: string, sign: number): Callable =>
    define(operation, 2, (point = [], other = []) => [
      addendOf(addend, other),
      addAddend(point, addend, i32.const(sign)),
    ])
  return {
    addAffine: define('addAffine', 3, (point = [], affine = [], sign = []) => [
      field.add(d, part(point, 2), part(point, 2)),
      addCode(field, terms, { point, addend: affine, sign }),
    ]),
    addAddend,
    add: combine('add', 0),
    subtract: combine('subtract', 1),
    double: define('double', 1, (point = []) => doubleCode(field, terms, point)),
    identity: define('identity', 1, (point = []) =>
      [constants.zero, constants.one, constants.one, constants.zero].map((value, index) =>
        field.copy(part(point, index), value),
      ),
    ),
    copy: define('copy', 2, (out = [], point = []) =>
      [0, 1, 2, 3].map((index) => field.copy(part(out, index), part(point, index))),
    ),
    addendOf,
    // 2x and 2y are differences and sums of the parts; with Z = 4, T = 2x·2y.
    extend: define('extend', 2, (out = [], affine = []) => [
      field.subTight(a, part(affine, 1), affine),
      field.addTight(b, part(affine, 1), affine),
      field.mul(c, a, b),
      field.add(d, constants.one, constants.one),
      field.mul(out, a, d),
      field.mul(part(out, 1), b, d),
      field.mul(part(out, 2), d, d),
      field.copy(part(out, 3), c),
    ]),
  }
}

/**
 * With 2·Z·Z' in D: A, B, C, then E = B − A, H = B + A, and F = D − C, G = D + C, which change
 * their places when the addend is subtracted, as its first two parts do.
 */
function addCode(
  field: FieldCode,
  { a, b, c, d, e, f, g, h }: Terms,
  { point, addend, sign }: { readonly point: Code; readonly addend: Code; readonly sign: Code },
): Code {
  const moved = i32.mul(sign, i32.const(elementBytes))
  const [x, y] = [point, part(point, 1)]
  return [
    field.sub(a, y, x),
    field.add(b, y, x),
    field.mul(a, a, i32.add(addend, moved)),
    field.mul(b, b, i32.sub(part(addend, 1), moved)),
    field.mul(c, part(point, 3), part(addend, 2)),
    field.subTight(e, b, a),
    field.add(h, b, a),
    // Sizes: D up to 1, so D − C up to 2 before it is tight, and D + C up to 1.5.
    field.subTight(i32.add(f, moved), d, c),
    field.add(i32.sub(g, moved), d, c),
    productsCode(field, point, { e, f, g, h }),
  ]
}

/** Sizes: E·F, E·H, F·G and G·H at most 1.5. */
function productsCode(
  field: FieldCode,
  point: Code,
  { e, f, g, h }: Pick<Terms, 'e' | 'f' | 'g' | 'h'>,
): Code {
  return [
    field.mul(point, e, f),
    field.mul(part(point, 1), g, h),
    field.mul(part(point, 2), f, g),
    field.mul(part(point, 3), e, h),
  ]
}

/** With all signs turned: E = A + B − (X + Y)², F = 2Z² + A − B, G = A − B, H = A + B. */
function doubleCode(field: FieldCode, { a, b, c, e, f, g, h }: Terms, point: Code): Code {
  return [
    field.sqr(a, point),
    field.sqr(b, part(point, 1)),
    field.sqr(c, part(point, 2)),
    field.add(e, point, part(point, 1)),
    field.sqr(e, e),
    field.add(h, a, b),
    field.subTight(e, h, e),
    field.sub(g, a, b),
    field.add(c, c, c),
    field.addTight(f, c, g),
    productsCode(field, point, { e, f, g, h }),
  ]
}
