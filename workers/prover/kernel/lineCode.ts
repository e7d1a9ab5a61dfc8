/**
 * Emits the lines of Miller's loop. The line through points of the twist with slope λ has, at a
 * point P = (x, y) of the curve and divided by y, the value
 *
 *   1 − (x/y)·λ·w + (1/y)·μ·w³,   μ = λ·x′ − y′ for any point (x′, y′) on it.
 *
 * What division by y changes lies in Fq and vanishes in the final exponentiation. With zeros for
 * −x/y and 1/y the value is one: a point at infinity needs no case of its own.
 */

import { i32, repeatWhile, when, type Code } from '../../lib/wasm/code.ts'
import type { Local, ModuleBuilder } from '../../lib/wasm/moduleBuilder.ts'
import type { FieldCode, PrimeFieldCode } from './fieldCode.ts'
import { slotBytes } from './groupCode.ts'
import { elementBytes } from './limbs.ts'
import { plus, spreadBytes, towerBytes, type TowerParts } from './towerCode.ts'

const pairBytes = 2 * elementBytes

/** λ and μ of a line. */
export const lineBytes = 2 * pairBytes
/** −x/y and 1/y of a point of the curve. */
export const ratioBytes = 2 * elementBytes

interface Fields {
  readonly fq: PrimeFieldCode
  readonly fq2: FieldCode
}

/**
 * `fq12_mulLine(f, line, ratios)`: f ← f·line, and `g2_lines(count, pairs, scratch, out)`: the
 * lines of the additions that `g2_addPairs` has just made with the same pairs and scratch.
 */
export function defineLines(builder: ModuleBuilder, fields: Fields, parts: TowerParts): void {
  defineProduct(builder, fields, parts)
  defineGather(builder, fields)
}

function defineProduct(builder: ModuleBuilder, { fq, fq2 }: Fields, parts: TowerParts): void {
  const spare = i32.const(builder.reserve(pairBytes))
  const product = i32.const(builder.reserve(towerBytes))
  const [low1 = [], low3 = [], high1 = [], high3 = []] = [1, 2, 3, 4].map(() =>
    i32.const(builder.reserve(spreadBytes)),
  )
  /** Offset of the coefficient of w^k. */
  const at = (power: number): number => ([0, 3, 1, 4, 2, 5][power] ?? 0) * pairBytes
  const scaled = (value: Code, ratio: Code, low: Code, high: Code): Code => [
    fq.mul(spare, value, ratio),
    fq.mul(plus(spare, elementBytes), plus(value, elementBytes), ratio),
    parts.spread(low, spare),
    parts.mulXi(spare, spare),
    parts.spread(high, spare),
  ]
  builder.define({ name: 'fq12_mulLine', parameterCount: 3 }, ({ parameters }) => {
    const [f = [], line = [], ratios = []] = parameters.map(({ get }) => get)
    return [
      scaled(line, ratios, low1, high1),
      scaled(plus(line, pairBytes), plus(ratios, elementBytes), low3, high3),
      // What is shifted beyond w⁵ comes back times ξ.
      [0, 1, 2, 3, 4, 5].map((power) =>
        parts.mulAdd(
          plus(product, at(power)),
          plus(f, at((power + 5) % 6)),
          power < 1 ? high1 : low1,
          plus(f, at((power + 3) % 6)),
          power < 3 ? high3 : low3,
        ),
      ),
      [0, 1, 2, 3, 4, 5].map((power) =>
        fq2.add(plus(f, at(power)), plus(f, at(power)), plus(product, at(power))),
      ),
    ]
  })
}

function defineGather(builder: ModuleBuilder, { fq2 }: Fields): void {
  builder.define({ name: 'g2_lines', parameterCount: 4 }, (body) => {
    const [count, pairs, slot, out] = body.parameters as [Local, Local, Local, Local]
    const right = body.local('i32')
    const move = (pointer: Local, byteCount: number): Code =>
      pointer.set(plus(pointer.get, byteCount))
    const offset = plus(out.get, pairBytes)
    return when(
      count.get,
      repeatWhile(
        [
          right.set(i32.load(pairs.get, 4)),
          fq2.copy(out.get, slot.get),
          fq2.mul(offset, slot.get, right.get),
          fq2.sub(offset, offset, plus(right.get, pairBytes)),
          move(pairs, 8),
          move(slot, slotBytes(pairBytes)),
          move(out, lineBytes),
          count.set(i32.sub(count.get, i32.const(1))),
        ],
        count.get,
      ),
    )
  })
}
