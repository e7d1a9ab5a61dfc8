/**
 * Emits the encodings of ristretto255 (RFC 9496, sections 4.3.1 and 4.3.2) on extended points.
 *
 * Names are those of the RFC. The sign of an inverse square root is left open: what is made of it
 * here has either its square or its absolute value. Encoding takes one path for all points, because
 * coordinates come from secrets; decoding may branch, because bytes are public.
 */
import { i32, returned, when, type Code } from '../../lib/wasm/code.ts'
import type { Callable } from '../../lib/wasm/moduleBuilder.ts'
import { loadPlainCode } from '../../lib/edwards25519/fieldCode.ts'
import { curveD, modPower, type KernelParts } from '../../lib/edwards25519/kernel.ts'
import { elementBytes, limbBits, limbCount, prime } from '../../lib/edwards25519/limbs.ts'
import { part } from '../../lib/edwards25519/pointCode.ts'

/** Functions on single elements that both directions use. */
interface Signs {
  /** out ← 1/√value up to its sign; 1 if value is a square other than zero. */
  readonly invertRoot: Callable
  /** The lowest bit of the one form of a tight element. */
  readonly isNegative: Callable
  /** target ← other if the last argument is 1. */
  readonly select: Callable
}

/** 1/√(a − d) for a = −1: one of the two roots. */
const inverseRootOfMinusOneMinusD = inverseRootOf(2n * prime - 1n - curveD)

export function defineEncodings(parts: KernelParts, select: Callable): void {
  const signs = { ...defineSigns(parts, select), select }
  defineDecode(parts, signs)
  defineEncode(parts, signs)
  defineIsNeutral(parts)
}

function elements(parts: KernelParts, count: number): readonly Code[] {
  return Array.from({ length: count }, () => i32.const(parts.builder.reserve(elementBytes)))
}

function defineSigns(parts: KernelParts, select: Callable): Omit<Signs, 'select'> {
  const { builder, field, constants } = parts
  const { mul, sqr, addTight, subTight } = field
  const [w, check, form] = elements(parts, 3) as [Code, Code, Code]
  const invertRoot = builder.define(
    { name: 'ristretto_invertRoot', parameterCount: 2, hasResult: true },
    (body) => {
      const [out, value] = body.parameters.map(({ get }) => get) as [Code, Code]
      const [isOne, isMinusOne] = [body.local('i32'), body.local('i32')]
      return [
        // r = v³·(v⁷)^((p − 5)/8)
        sqr(w, value),
        mul(check, w, value),
        sqr(w, check),
        mul(w, w, value),
        field.root(w, w),
        mul(out, check, w),
        // v·r² is one of 1, −1, √−1, −√−1; 0 for v = 0.
        sqr(w, out),
        mul(check, w, value),
        subTight(w, check, constants.one),
        isOne.set(field.isZero(w)),
        addTight(w, check, constants.one),
        isMinusOne.set(field.isZero(w)),
        mul(w, out, constants.rootOfMinusOne),
        select(out, w, isMinusOne.get),
        i32.or(isOne.get, isMinusOne.get),
      ]
    },
  )
  const isNegative = builder.define(
    { name: 'ristretto_isNegative', parameterCount: 1, hasResult: true },
    ({ parameters }) => [
      field.canonical(form, parameters[0]?.get ?? []),
      i32.and(i32.load(form), i32.const(1)),
    ],
  )
  return { invertRoot, isNegative }
}

/** `ristretto_decode(point, bytes)`: 1, or 0 if s, below p and even, encodes no element. */
function defineDecode(parts: KernelParts, { invertRoot, isNegative, select }: Signs): void {
  const { builder, field, constants } = parts
  const { mul, sqr, subTight, addTight } = field
  const [s, u1, u2, v, w] = elements(parts, 5) as [Code, Code, Code, Code, Code]
  builder.define({ name: 'ristretto_decode', parameterCount: 2, hasResult: true }, (body) => {
    const [point, bytes] = body.parameters.map(({ get }) => get) as [Code, Code]
    const [x, y, z, t] = [0, 1, 2, 3].map((index) => part(point, index)) as [Code, Code, Code, Code]
    return [
      loadPlainCode(s, bytes),
      sqr(w, s),
      subTight(u1, constants.one, w),
      addTight(u2, constants.one, w),
      // v = −(d·u1²) − u2²
      sqr(w, u1),
      mul(v, w, constants.d),
      sqr(w, u2),
      addTight(v, v, w),
      subTight(v, constants.zero, v),
      mul(w, w, v),
      when(i32.eqz(invertRoot(y, w)), returned(i32.const(0))),
      // w = Dx = I·u2, y = Dy = I·Dx·v
      mul(w, y, u2),
      mul(y, y, w),
      mul(y, y, v),
      field.add(s, s, s),
      mul(x, s, w),
      subTight(w, constants.zero, x),
      select(x, w, isNegative(x)),
      mul(y, u1, y),
      field.copy(z, constants.one),
      mul(t, x, y),
      when(isNegative(t), returned(i32.const(0))),
      i32.eqz(field.isZero(y)),
    ]
  })
}

/** `ristretto_encode(bytes, point)`: 32 bytes, aligned to 4. */
function defineEncode(parts: KernelParts, { invertRoot, isNegative, select }: Signs): void {
  const { builder, field, constants } = parts
  const { mul, sqr, subTight } = field
  const root = parts.constant(inverseRootOfMinusOneMinusD)
  const [u1, u2, den1, den2, zInverse] = elements(parts, 5) as [Code, Code, Code, Code, Code]
  const [x, y, w] = elements(parts, 3) as [Code, Code, Code]
  builder.define({ name: 'ristretto_encode', parameterCount: 2 }, (body) => {
    const [bytes, point] = body.parameters.map(({ get }) => get) as [Code, Code]
    const [px, py, pz, pt] = [0, 1, 2, 3].map((at) => part(point, at)) as [Code, Code, Code, Code]
    const [flag, ignored] = [body.local('i32'), body.local('i32')]
    const selectNegative = (target: Code): Code => [
      subTight(w, constants.zero, target),
      select(target, w, flag.get),
    ]
    return [
      field.add(x, pz, py),
      field.sub(y, pz, py),
      mul(u1, x, y),
      mul(u2, px, py),
      sqr(w, u2),
      mul(w, w, u1),
      ignored.set(invertRoot(den2, w)),
      mul(den1, den2, u1),
      mul(den2, den2, u2),
      mul(zInverse, den1, den2),
      mul(zInverse, zInverse, pt),
      // rotate
      mul(w, pt, zInverse),
      flag.set(isNegative(w)),
      field.copy(x, px),
      field.copy(y, py),
      mul(w, py, constants.rootOfMinusOne),
      select(x, w, flag.get),
      mul(w, px, constants.rootOfMinusOne),
      select(y, w, flag.get),
      mul(w, den1, root),
      select(den2, w, flag.get),
      mul(w, x, zInverse),
      flag.set(isNegative(w)),
      selectNegative(y),
      field.sub(w, pz, y),
      mul(x, w, den2),
      flag.set(isNegative(x)),
      selectNegative(x),
      field.canonical(w, x),
      storePlainCode(bytes, w),
    ]
  })
}

/** `ristretto_isNeutral(point)`: the identity of the quotient, 1 if x = 0 or y = 0. */
function defineIsNeutral({ builder, field }: KernelParts): void {
  builder.define({ name: 'ristretto_isNeutral', parameterCount: 1, hasResult: true }, (body) => {
    const point = body.parameters[0]?.get ?? []
    return i32.or(field.isZero(point), field.isZero(part(point, 1)))
  })
}

/** The limbs of an element in its one form as 32 bytes. */
function storePlainCode(bytes: Code, value: Code): Code {
  return Array.from({ length: 8 }, (_, word) => {
    const bit = 32 * word
    const first = Math.floor(bit / limbBits)
    const pieces: Code[] = []
    for (let index = first; index < limbCount && limbBits * index < bit + 32; index += 1) {
      const shift = limbBits * index - bit
      const limb = i32.load(value, 4 * index)
      pieces.push(shift < 0 ? i32.shrU(limb, i32.const(-shift)) : i32.shl(limb, i32.const(shift)))
    }
    return i32.store(bytes, pieces.reduce(i32.or), 4 * word)
  })
}

/** By the same exponentiation as in the kernel; the value is a square. */
function inverseRootOf(value: bigint): bigint {
  const v = value % prime
  const root = (v ** 3n % prime) * modPower(v ** 7n % prime, (prime - 5n) / 8n)
  const candidate = root % prime
  const isRight = (candidate * candidate * v) % prime === 1n
  return isRight ? candidate : (candidate * modPower(2n, (prime - 1n) / 4n)) % prime
}
