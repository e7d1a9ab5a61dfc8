/**
 * WGSL of G1 in coordinates X, Y, ZZ, ZZZ with x = X/ZZ, y = Y/ZZZ, ZZ³ = ZZZ² (ZK-6).
 *
 * Formulas of https://hyperelliptic.org/EFD/g1p/auto-shortw-xyzz.html: madd-2008-s, add-2008-s and
 * dbl-2008-s-1 with a = 0. They are right for all points: equal ones and infinity are cases of
 * their own, and opposite ones give ZZ = 0 by themselves, which is infinity whatever X and Y are.
 */

import { baseFieldOrder } from '../../../src/core/emotion/proofCodec.ts'
import { constantCode, fieldCode, loadCode, oneOf, storeCode } from './fieldCode.ts'
import { wordCount } from './limbs.ts'

/** Words of a stored sum, four elements, and of a stored affine point. */
export const sumWords = 4 * wordCount
export const pointWords = 2 * wordCount

/**
 * The field, and the parts of an addition: `struct Sum`, `join`, and `one`, in Montgomery form.
 *
 * A running sum lives in a storage buffer and not in registers: it is 80 words, and an addition has
 * as many temporary ones. Reading and writing it costs little beside a dozen products.
 */
export const groupCode = `
${fieldCode(baseFieldOrder)}
struct Sum { x: Element, y: Element, zz: Element, zzz: Element }

fn one() -> Element {
  return ${constantCode(oneOf(baseFieldOrder))};
}

/**
 * The sum of (u1/zz, s1/zzz) and (u2/zz, s2/zzz). For equal points the same products make the
 * double, from 2y in the place of x2 - x1 and 3x^2 in that of y2 - y1: compilers inline each of
 * them, and so the case costs one product of code and not nine.
 */
fn join(u1: Element, s1: Element, u2: Element, s2: Element, zz: Element, zzz: Element) -> Sum {
  var p = sub(u2, u1);
  var r = sub(s2, s1);
  let isEqual = isZero(p) && isZero(r);
  if (isEqual) {
    p = add(s1, s1);
    let square = mul(u1, u1);
    r = add(add(square, square), square);
  }
  let pp = mul(p, p);
  let ppp = mul(p, pp);
  let q = mul(u1, pp);
  let taken = pick(ppp, Element(), isEqual);
  let x = sub(sub(sub(mul(r, r), taken), q), q);
  let y = sub(mul(r, sub(q, x)), mul(s1, ppp));
  return Sum(x, y, mul(zz, pp), mul(zzz, ppp));
}
`

/** `load(at)`, `store(at, value)` and `storeSum(at, sum)` of a buffer of sums, `at` in words. */
export function sumAccessCode(buffer: string): string {
  return `
${loadCode('load', buffer)}
${storeCode('store', buffer)}
fn storeSum(at: u32, sum: Sum) {
  store(at, sum.x);
  store(at + ${wordCount}u, sum.y);
  store(at + ${2 * wordCount}u, sum.zz);
  store(at + ${3 * wordCount}u, sum.zzz);
}`
}

/**
 * `addAffine(to, x, y)`: adds an affine point of the curve to the sum at `to`.
 * Needs `sumAccessCode`.
 */
export const addAffineCode = `
fn addAffine(to: u32, x: Element, y: Element) {
  let zz = load(to + ${2 * wordCount}u);
  if (isZero(zz)) {
    storeSum(to, Sum(x, y, one(), one()));
  } else {
    let zzz = load(to + ${3 * wordCount}u);
    let u2 = mul(x, zz);
    let s2 = mul(y, zzz);
    storeSum(to, join(load(to), load(to + ${wordCount}u), u2, s2, zz, zzz));
  }
}`

/**
 * `addSum(to, other)`: adds the sum at `other`, which `source(at)` reads, to the one at `to`.
 * Needs `sumAccessCode`.
 */
export function addSumCode(source: string): string {
  return `
fn addSum(to: u32, other: u32) {
  let zz2 = ${source}(other + ${2 * wordCount}u);
  if (!isZero(zz2)) {
    let zz1 = load(to + ${2 * wordCount}u);
    let zzz2 = ${source}(other + ${3 * wordCount}u);
    if (isZero(zz1)) {
      storeSum(to, Sum(${source}(other), ${source}(other + ${wordCount}u), zz2, zzz2));
    } else {
      let zzz1 = load(to + ${3 * wordCount}u);
      let u1 = mul(load(to), zz2);
      let s1 = mul(load(to + ${wordCount}u), zzz2);
      let u2 = mul(${source}(other), zz1);
      let s2 = mul(${source}(other + ${wordCount}u), zzz1);
      storeSum(to, join(u1, s1, u2, s2, mul(zz1, zz2), mul(zzz1, zzz2)));
    }
  }
}`
}
