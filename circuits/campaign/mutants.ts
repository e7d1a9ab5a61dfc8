/**
 * False proofs from true ones (ZK-4): bytes, points and signals changed, by a seed. A change that
 * leaves what is said as it was is drawn again, so that every mutant must be refused.
 */

import { bn254 } from '@noble/curves/bn254.js'
import { fieldOrder, integerToBytes } from '../../src/core/emotion/field.ts'
import {
  baseFieldOrder,
  decodeProof,
  encodeProof,
  type EmotionalProof,
  type Fp2,
} from '../../src/core/emotion/proofCodec.ts'
import { coordinatesOf, pointOutside } from '../../workers/prover/pairing/twistPoints.fixture.ts'

/** What a verifier is given. */
export interface Submission {
  readonly proof: Uint8Array
  readonly signals: readonly bigint[]
}

export interface Mutant extends Submission {
  readonly kind: string
}

/** Below `limit`. */
export type Draw = (limit: number) => number

/** True submissions of one circuit; at least two, of different statements. */
export type Pool = readonly Submission[]

type Change = (one: Submission, draw: Draw, pool: Pool) => Submission

/** Until it is another submission than all true ones. */
export function mutantOf(pool: Pool, draw: Draw): Mutant {
  for (;;) {
    const base = pool[draw(pool.length)]
    const chosen = changes[draw(changes.length)]
    if (base === undefined || chosen === undefined) continue
    const [kind, change] = chosen
    const made = change(base, draw, pool)
    if (!pool.some((one) => isSame(one, made))) return { kind, ...made }
  }
}

function isSame(one: Submission, other: Submission): boolean {
  return Buffer.compare(one.proof, other.proof) === 0 && one.signals.join() === other.signals.join()
}

const changes: readonly (readonly [string, Change])[] = [
  ['one bit', onBytes((bytes, draw) => flip(bytes, draw(bytes.length), 1 << draw(8)))],
  ['one byte', onBytes((bytes, draw) => bytes.with(draw(bytes.length), draw(256)))],
  ['a run of bytes', onBytes((bytes, draw) => run(bytes, draw))],
  ['length', onBytes((bytes, draw) => resized(bytes, draw))],
  ['coordinate', onBytes((bytes, draw) => put(bytes, draw(8), coordinateValue(draw)))],
  ['coordinate + q', onBytes((bytes, draw) => raised(bytes, draw(8)))],
  ['negated point', onPoints((proof, draw) => negated(proof, draw(3)))],
  ['A and C exchanged', onPoints(({ a, b, c }) => ({ a: c, b, c: a }))],
  ['another point of G1', onPoints((proof, draw) => withG1(proof, draw))],
  ['another point of G2', onPoints((proof, draw) => ({ ...proof, b: g2Point(draw) }))],
  ['B outside of the subgroup', onPoints((proof, draw) => ({ ...proof, b: outside(draw) }))],
  ['A scaled, B not', onPoints((proof, draw) => ({ ...proof, a: scaled(proof.a, draw) }))],
  ['part of another proof', spliced],
  ['another statement', (one, draw, pool) => ({ ...one, signals: otherOf(pool, draw).signals })],
  ['one signal', (one, draw) => signal(one, draw, (value) => value + 1n + BigInt(draw(1000)))],
  ['one signal less', (one, draw) => signal(one, draw, (value) => value - 1n)],
  ['signal + r', (one, draw) => signal(one, draw, (value) => value + fieldOrder)],
  ['signal − r', (one, draw) => signal(one, draw, (value) => value - fieldOrder)],
  ['any signal', (one, draw) => signal(one, draw, () => randomInteger(draw))],
  ['signals exchanged', (one, draw) => exchanged(one, draw)],
  ['number of signals', (one, draw) => ({ ...one, signals: counted(one.signals, draw) })],
]

export const mutantKinds: readonly string[] = changes.map(([kind]) => kind)

function onBytes(change: (bytes: Uint8Array, draw: Draw) => Uint8Array): Change {
  return (one, draw) => ({ ...one, proof: change(one.proof, draw) })
}

function onPoints(change: (proof: EmotionalProof, draw: Draw) => EmotionalProof): Change {
  return (one, draw) => ({ ...one, proof: encodeProof(change(decoded(one.proof), draw)) })
}

function decoded(bytes: Uint8Array): EmotionalProof {
  const proof = decodeProof(bytes)
  if (!proof.ok) throw new Error(proof.error.code)
  return proof.value
}

function flip(bytes: Uint8Array, at: number, mask: number): Uint8Array {
  return bytes.with(at, (bytes[at] ?? 0) ^ mask)
}

function run(bytes: Uint8Array, draw: Draw): Uint8Array {
  const [from, fill] = [draw(bytes.length), [0, 255, draw(256)][draw(3)]]
  return bytes.slice().fill(fill ?? 0, from, from + 1 + draw(64))
}

function resized(bytes: Uint8Array, draw: Draw): Uint8Array {
  const made = new Uint8Array([0, 1, 128, 255, 257, 512, 4096][draw(7)] ?? 0)
  made.set(bytes.subarray(0, made.length))
  return made
}

function put(bytes: Uint8Array, index: number, value: bigint): Uint8Array {
  const made = bytes.slice()
  made.set(integerToBytes(value), 32 * index)
  return made
}

function coordinateValue(draw: Draw): bigint {
  const q = baseFieldOrder
  return [0n, 1n, q - 1n, q, q + 1n, (1n << 256n) - 1n, randomInteger(draw)][draw(7)] ?? 0n
}

/** A second encoding of the same coordinate, where 32 bytes have room for it. */
function raised(bytes: Uint8Array, index: number): Uint8Array {
  const text = Buffer.from(bytes.subarray(32 * index, 32 * index + 32)).toString('hex')
  return put(bytes, index, BigInt.asUintN(256, BigInt(`0x${text}`) + baseFieldOrder))
}

function negated({ a, b, c }: EmotionalProof, which: number): EmotionalProof {
  const minus = (value: bigint): bigint => (baseFieldOrder - value) % baseFieldOrder
  const minus2 = ([c0, c1]: Fp2): Fp2 => [minus(c0), minus(c1)]
  return {
    a: which === 0 ? [a[0], minus(a[1])] : a,
    b: which === 1 ? [b[0], minus2(b[1])] : b,
    c: which === 2 ? [c[0], minus(c[1])] : c,
  }
}

function withG1(proof: EmotionalProof, draw: Draw): EmotionalProof {
  const point = scaled([1n, 2n], draw)
  return draw(2) === 0 ? { ...proof, a: point } : { ...proof, c: point }
}

function scaled([x, y]: readonly [bigint, bigint], draw: Draw): EmotionalProof['a'] {
  const factor = 2n + BigInt(draw(2 ** 31))
  const point = bn254.G1.Point.fromAffine({ x, y }).multiplyUnsafe(factor).toAffine()
  return [point.x, point.y]
}

function g2Point(draw: Draw): EmotionalProof['b'] {
  return coordinatesOf(bn254.G2.Point.BASE.multiplyUnsafe(1n + BigInt(draw(2 ** 31))))
}

function outside(draw: Draw): EmotionalProof['b'] {
  return coordinatesOf(pointOutside(1n + BigInt(draw(1000))))
}

function otherOf(pool: Pool, draw: Draw): Submission {
  const other = pool[draw(pool.length)]
  if (other === undefined) throw new Error('the pool is empty')
  return other
}

function spliced(one: Submission, draw: Draw, pool: Pool): Submission {
  const from = otherOf(pool, draw).proof
  const proof = one.proof.slice()
  const [begin, end] = [[0, 64] as const, [64, 192] as const, [192, 256] as const][draw(3)] ?? [
    0, 0,
  ]
  proof.set(from.subarray(begin, end), begin)
  return { ...one, proof }
}

function signal(one: Submission, draw: Draw, change: (value: bigint) => bigint): Submission {
  const at = draw(one.signals.length)
  return { ...one, signals: one.signals.with(at, change(one.signals[at] ?? 0n)) }
}

function exchanged(one: Submission, draw: Draw): Submission {
  const [left, right] = [draw(one.signals.length), draw(one.signals.length)]
  const [first = 0n, second = 0n] = [one.signals[left], one.signals[right]]
  return { ...one, signals: one.signals.with(left, second).with(right, first) }
}

function counted(signals: readonly bigint[], draw: Draw): readonly bigint[] {
  return (
    [[], signals.slice(1), signals.slice(0, -1), [...signals, 0n], [0n, ...signals]][draw(5)] ?? []
  )
}

function randomInteger(draw: Draw): bigint {
  let value = 0n
  for (let word = 0; word < 8; word += 1) value = (value << 32n) | BigInt(draw(2 ** 32))
  return value
}
