/**
 * Emits the functions of a group of BN254: many affine additions with one inversion, and the
 * complete addition for everything that is not hot.
 *
 * An affine point is x, y; all limbs of y zero mark infinity (no point of these groups has y = 0,
 * their orders are odd). A projective point is X, Y, Z with x = X/Z, y = Y/Z.
 */

import { choose, i32, i64, repeatWhile, when, type Code } from '../../lib/wasm/code.ts'
import { zeros, type Body, type Local, type ModuleBuilder } from '../../lib/wasm/moduleBuilder.ts'
import type { FieldCode, PrimeFieldCode } from './fieldCode.ts'

/** How a pair is added; from `chord` on there is a denominator. */
const kinds = { nothing: 0, infinity: 1, copy: 2, chord: 3, tangent: 4 } as const

interface Group {
  readonly name: string
  readonly field: FieldCode
  /** Addresses of 1 and of 3·b, b the constant of the curve, both in Montgomery form. */
  readonly one: number
  readonly threeB: number
  /** The field of β, and the address of the β of this group in Montgomery form. */
  readonly base: PrimeFieldCode
  readonly beta: number
}

export function defineGroup(builder: ModuleBuilder, group: Group): void {
  defineAddPairs(builder, group)
  defineGather(builder, group)
  defineImages(builder, group)
  defineComplete(builder, group)
}

/** The registers of `addPairs`. */
interface Pair {
  readonly left: Local
  readonly right: Local
  readonly kind: Local
  /** Addresses of the denominator and of the product of all up to it. */
  readonly denominator: Code
  readonly product: Code
  /** The words of the kind, and of the address of the product of all before. */
  readonly stored: Code
}

/**
 * Scratch of `addPairs` for each pair. It leaves the slope of the chord or tangent at its start.
 */
export function slotBytes(elementBytes: number): number {
  return 2 * elementBytes + 8
}

/**
 * `addPairs(count, pairs, scratch)`: for each pair of addresses (left, right), left ← left + right.
 * No point may be in two pairs. Scratch holds a slot for each pair. All the inversions are one, by
 * Montgomery's trick.
 */
function defineAddPairs(builder: ModuleBuilder, { name, field, one }: Group): void {
  const size = field.elementBytes
  const product = i32.const(builder.reserve(size))
  const [inverse, x, y] = [1, 2, 3].map(() => i32.const(builder.reserve(size)))
  builder.define({ name: `${name}_addPairs`, parameterCount: 3 }, (body) => {
    const [count = [], pairs = [], scratch = []] = body.parameters.map(({ get }) => get)
    const [index, address, slot] = [body.local('i32'), body.local('i32'), body.local('i32')]
    const last = body.local('i32')
    const pair: Pair = {
      left: body.local('i32'),
      right: body.local('i32'),
      kind: body.local('i32'),
      denominator: slot.get,
      product: i32.add(slot.get, i32.const(size)),
      stored: i32.add(slot.get, i32.const(2 * size)),
    }
    const enter = [
      address.set(i32.add(pairs, i32.shl(index.get, i32.const(3)))),
      slot.set(i32.add(scratch, i32.mul(index.get, i32.const(slotBytes(size))))),
      pair.left.set(i32.load(address.get)),
      pair.right.set(i32.load(address.get, 4)),
    ]
    const temporaries = { product, inverse, x, y } as Temporaries
    return when(count, [
      last.set(i32.const(one)),
      index.set(i32.const(0)),
      repeatWhile(
        [
          enter,
          classify(field, pair),
          i32.store(pair.stored, pair.kind.get),
          when(i32.geU(pair.kind.get, i32.const(kinds.chord)), [
            i32.store(pair.stored, last.get, 4),
            field.mul(pair.product, last.get, pair.denominator),
            last.set(pair.product),
          ]),
          index.set(i32.add(index.get, i32.const(1))),
        ],
        i32.ltU(index.get, count),
      ),
      field.inverse(product, last.get),
      repeatWhile(
        [
          index.set(i32.sub(index.get, i32.const(1))),
          enter,
          pair.kind.set(i32.load(pair.stored)),
          finish(field, pair, temporaries),
        ],
        index.get,
      ),
    ])
  })
}

/** Decides the kind of a pair and, for a chord or a tangent, its denominator. */
function classify(field: FieldCode, { left, right, kind, denominator }: Pair): Code {
  const yOf = (point: Local): Code => i32.add(point.get, i32.const(field.elementBytes))
  const become = (value: number): Code => kind.set(i32.const(value))
  // The lowest limb nearly always decides.
  const isInfinite = (y: Code): Code => choose(i32.load(y), i32.const(0), field.isMark(y))
  const sameX = [
    field.subLazy(denominator, yOf(left), yOf(right)),
    when(
      field.isZero(denominator),
      [field.addLazy(denominator, yOf(left), yOf(left)), become(kinds.tangent)],
      become(kinds.infinity),
    ),
  ]
  return when(
    isInfinite(yOf(right)),
    become(kinds.nothing),
    when(isInfinite(yOf(left)), become(kinds.copy), [
      field.subLazy(denominator, right.get, left.get),
      when(field.isZero(denominator), sameX, become(kinds.chord)),
    ]),
  )
}

type Temporaries = Readonly<Record<'product' | 'inverse' | 'x' | 'y', Code>>

/** x₃ = λ² − x₁ − x₂, y₃ = λ·(x₂ − x₃) − y₂. The slope λ takes the denominator's place. */
function finish(field: FieldCode, pair: Pair, temporaries: Temporaries): Code {
  const { left, right, kind, denominator, stored } = pair
  const { product, inverse, x, y } = temporaries
  const slope = denominator
  const yOf = (point: Local): Code => i32.add(point.get, i32.const(field.elementBytes))
  const sum = [
    field.mul(inverse, product, i32.load(stored, 4)),
    field.mul(product, product, denominator),
    when(i32.eq(kind.get, i32.const(kinds.chord)), field.subLazy(slope, yOf(right), yOf(left)), [
      field.sqr(y, left.get),
      field.add(slope, y, y),
      field.addLazy(slope, slope, y),
    ]),
    field.mul(slope, slope, inverse),
    field.sqr(x, slope),
    field.sub(x, x, left.get),
    field.sub(left.get, x, right.get),
    field.subLazy(y, right.get, left.get),
    field.mul(y, y, slope),
    field.sub(yOf(left), y, yOf(right)),
  ]
  const rare = when(
    i32.eq(kind.get, i32.const(kinds.copy)),
    [field.copy(left.get, right.get), field.copy(yOf(left), yOf(right))],
    when(i32.eq(kind.get, i32.const(kinds.infinity)), [
      field.copy(left.get, zeros),
      field.copy(yOf(left), zeros),
    ]),
  )
  return when(i32.geU(kind.get, i32.const(kinds.chord)), sum, rare)
}

/**
 * `gather(count, indexes, points, out)`: copies points to `out` in the order of `indexes`, each
 * twice the number of a point, plus one where the point is to be negated.
 *
 * Copied first and negated after: the sign is a coin's toss, and a branch that is guessed wrong
 * between the loads of two points would make each wait for the memory of the one before.
 */
function defineGather(builder: ModuleBuilder, { name, field }: Group): void {
  const pointBytes = 2 * field.elementBytes
  builder.define({ name: `${name}_gather`, parameterCount: 4 }, (body) => {
    const [count, indexes, points, out] = body.parameters as [Local, Local, Local, Local]
    const [index, from, to] = [body.local('i32'), body.local('i32'), body.local('i32')]
    const each = (visit: Code): Code => [
      index.set(i32.const(0)),
      to.set(out.get),
      repeatWhile(
        [
          from.set(i32.load(i32.add(indexes.get, i32.shl(index.get, i32.const(2))))),
          visit,
          to.set(i32.add(to.get, i32.const(pointBytes))),
          index.set(i32.add(index.get, i32.const(1))),
        ],
        i32.ltU(index.get, count.get),
      ),
    ]
    const point = i32.mul(i32.shrU(from.get, i32.const(1)), i32.const(pointBytes))
    const y = i32.add(to.get, i32.const(field.elementBytes))
    return when(count.get, [
      each([
        from.set(i32.add(points.get, point)),
        Array.from({ length: pointBytes / 8 }, (_, word) =>
          i64.store(to.get, i64.load(from.get, 8 * word), 8 * word),
        ),
      ]),
      each(when(i32.and(from.get, i32.const(1)), field.sub(y, zeros, y))),
    ])
  })
}

/** `images(count, points)`: each point becomes φ(x, y) = (β·x, y), in its place. */
function defineImages(builder: ModuleBuilder, { name, field, base, beta }: Group): void {
  const size = base.elementBytes
  builder.define({ name: `${name}_images`, parameterCount: 2 }, (body) => {
    const [count, point] = body.parameters as [Local, Local]
    const parts = Array.from({ length: field.elementBytes / size }, (_, index) =>
      i32.add(point.get, i32.const(index * size)),
    )
    return when(
      count.get,
      repeatWhile(
        [
          parts.map((part) => base.mul(part, part, i32.const(beta))),
          point.set(i32.add(point.get, i32.const(2 * field.elementBytes))),
          count.set(i32.sub(count.get, i32.const(1))),
        ],
        count.get,
      ),
    )
  })
}

/**
 * `add(out, left, right)`: the complete addition of Renes, Costello and Batina, algorithm 7
 * (https://eprint.iacr.org/2015/1060): no special cases in a group of odd order, so that it doubles
 * too. `out` may be an operand.
 */
function defineComplete(builder: ModuleBuilder, { name, field, threeB }: Group): void {
  const size = field.elementBytes
  builder.define({ name: `${name}_add`, parameterCount: 3 }, (body: Body) => {
    const [out = [], left = [], right = []] = body.parameters.map(({ get }) => get)
    const at = (address: Code, part: number): Code => i32.add(address, i32.const(part * size))
    const temporary = (): Code => i32.const(builder.reserve(size))
    const [t0, t1, t2, t3, t4, x, y, z] = [
      temporary(),
      temporary(),
      temporary(),
      temporary(),
      temporary(),
      temporary(),
      temporary(),
      temporary(),
    ]
    const crossed = (target: Code, one: number, two: number, minus: readonly Code[]): Code => [
      field.addLazy(x, at(left, one), at(left, two)),
      field.addLazy(y, at(right, one), at(right, two)),
      field.mul(target, x, y),
      minus.map((product) => field.sub(target, target, product)),
    ]
    return [
      field.mul(t0, left, right),
      field.mul(t1, at(left, 1), at(right, 1)),
      field.mul(t2, at(left, 2), at(right, 2)),
      crossed(t3, 0, 1, [t0, t1]),
      crossed(t4, 1, 2, [t1, t2]),
      crossed(z, 0, 2, [t0, t2]),
      field.copy(y, z),
      field.add(x, t0, t0),
      field.add(t0, x, t0),
      field.mul(t2, i32.const(threeB), t2),
      field.add(z, t1, t2),
      field.sub(t1, t1, t2),
      field.mul(y, i32.const(threeB), y),
      field.mul(x, t4, y),
      field.mul(t2, t3, t1),
      field.sub(out, t2, x),
      field.mul(y, y, t0),
      field.mul(t1, t1, z),
      field.add(at(out, 1), t1, y),
      field.mul(t0, t0, t3),
      field.mul(z, z, t4),
      field.add(at(out, 2), z, t0),
    ]
  })
}
