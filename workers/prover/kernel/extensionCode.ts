/**
 * Emits the functions of Fq2 = Fq[i]/(i² + 1): an element is c0, then c1.
 *
 * A product is two sums of two products with one reduction each: as many limb products as
 * Karatsuba's way, and none of its additions.
 */

import { i32, type Code } from '../../lib/wasm/code.ts'
import { zeros, type Callable, type ModuleBuilder } from '../../lib/wasm/moduleBuilder.ts'
import type { FieldCode, PrimeFieldCode } from './fieldCode.ts'

export function defineExtension(builder: ModuleBuilder, base: PrimeFieldCode): FieldCode {
  const size = base.elementBytes
  const high = (address: Code): Code => i32.add(address, i32.const(size))
  const define = (
    operation: string,
    parameterCount: number,
    write: (...parameters: Code[]) => Code,
    hasResult = false,
  ): Callable =>
    builder.define({ name: `fq2_${operation}`, parameterCount, hasResult }, ({ parameters }) =>
      write(...parameters.map(({ get }) => get)),
    )
  const temporary = (): Code => i32.const(builder.reserve(size))
  const both = (operation: 'add' | 'sub' | 'addLazy' | 'subLazy'): Callable =>
    define(operation, 3, (out = [], left = [], right = []) => [
      base[operation](out, left, right),
      base[operation](high(out), high(left), high(right)),
    ])
  const [one, two] = [temporary(), temporary()]
  const mul = define('mul', 3, (out = [], left = [], right = []) => [
    base.subWide(one, zeros, high(right)),
    base.mulAdd(two, left, right, high(left), one),
    base.mulAdd(high(out), left, high(right), high(left), right),
    base.copy(out, two),
  ])
  return {
    elementBytes: 2 * size,
    mul,
    // (c0 + c1)·(c0 − c1) and 2·c0·c1.
    sqr: define('sqr', 2, (out = [], value = []) => [
      base.addLazy(one, value, high(value)),
      base.subWide(two, value, high(value)),
      base.mul(two, one, two),
      base.addLazy(one, value, value),
      base.mul(high(out), one, high(value)),
      base.copy(out, two),
    ]),
    add: both('add'),
    sub: both('sub'),
    addLazy: both('addLazy'),
    subLazy: both('subLazy'),
    isZero: define(
      'isZero',
      1,
      (value = []) => i32.and(base.isZero(value), base.isZero(high(value))),
      true,
    ),
    isMark: define(
      'isMark',
      1,
      (value = []) => i32.and(base.isMark(value), base.isMark(high(value))),
      true,
    ),
    copy: define('copy', 2, (out = [], value = []) => [
      base.copy(out, value),
      base.copy(high(out), high(value)),
    ]),
    // (c0 − c1·i)/(c0² + c1²).
    inverse: define('inverse', 2, (out = [], value = []) => [
      base.mulAdd(one, value, value, high(value), high(value)),
      base.inverse(one, one),
      base.sub(two, zeros, high(value)),
      base.mul(out, value, one),
      base.mul(high(out), two, one),
    ]),
  }
}
