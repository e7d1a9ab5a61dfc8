/**
 * Emits the decompression of a point as ZIP-215 reads it (SIG-1): any y of 255 bits counts modulo
 * p, and the sign of x = 0 is ignored; only a y without an x is refused.
 *
 * x² = (y² − 1)/(d·y² + 1); the root is u·v³·(u·v⁷)^((p−5)/8), times √−1 if need be (RFC 8032,
 * section 5.1.3).
 */

import { i32, returned, when, type Code } from '../wasm/code.ts'
import type { Callable, ModuleBuilder } from '../wasm/moduleBuilder.ts'
import { loadPlainCode, type FieldCode } from './fieldCode.ts'
import { elementBytes } from './limbs.ts'
import { part, type Constants } from './pointCode.ts'

/** `decompress(out, bytes)`: writes an affine addend; 1, or 0 if there is no such point. */
export function defineDecompress(
  builder: ModuleBuilder,
  field: FieldCode,
  constants: Constants,
): Callable {
  const [y, u, v, x, w] = Array.from({ length: 5 }, () =>
    i32.const(builder.reserve(elementBytes)),
  ) as [Code, Code, Code, Code, Code]
  const { one, zero, d, twoD, rootOfMinusOne } = constants
  return builder.define(
    { name: 'point_decompress', parameterCount: 2, hasResult: true },
    ({ parameters }) => {
      const [out, bytes] = parameters.map(({ get }) => get) as [Code, Code]
      const sign = i32.shrU(i32.load(bytes, 28), i32.const(31))
      return [
        loadPlainCode(y, bytes),
        field.sqr(w, y),
        field.subTight(u, w, one),
        field.mul(v, w, d),
        field.addTight(v, v, one),
        // x = u·v³·(u·v⁷)^((p−5)/8)
        field.sqr(w, v),
        field.mul(w, w, v),
        field.mul(x, u, w),
        field.sqr(w, w),
        field.mul(w, w, v),
        field.mul(w, w, u),
        field.root(w, w),
        field.mul(x, x, w),
        // w = v·x² is u, −u or neither
        field.sqr(w, x),
        field.mul(w, w, v),
        field.subTight(v, w, u),
        when(i32.eqz(field.isZero(v)), [
          field.addTight(v, w, u),
          when(i32.eqz(field.isZero(v)), returned(i32.const(0))),
          field.mul(x, x, rootOfMinusOne),
        ]),
        field.canonical(w, x),
        when(i32.xor(i32.and(i32.load(w), i32.const(1)), sign), field.subTight(x, zero, x)),
        field.subTight(out, y, x),
        field.addTight(part(out, 1), y, x),
        field.mul(w, x, y),
        field.mul(part(out, 2), w, twoD),
        i32.const(1),
      ]
    },
  )
}
