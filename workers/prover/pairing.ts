/**
 * The verifier's equation, e(A, B) = e(α, β)·e(V, γ)·e(C, δ), on one thread (ZK-4).
 *
 * V = IC₀ + Σ signal·IC. The arithmetic is ffjavascript's, not the prover's: a mistake in that one
 * cannot make its proofs look good. ffjavascript ships without types.
 */

// @ts-expect-error ffjavascript ships no types.
import { buildBn128 as untypedBuild } from 'ffjavascript'
import { err, ok, type Result } from '../../src/core/base/result.ts'
import { fieldOrder, isField } from '../../src/core/emotion/field.ts'
import { baseFieldOrder, type EmotionalProof } from '../../src/core/emotion/proofCodec.ts'

type Point = Uint8Array

interface CurveGroup {
  fromObject(coordinates: readonly unknown[]): Point
  add(left: Point, right: Point): Point
  neg(point: Point): Point
  timesScalar(point: Point, scalar: bigint): Point
  isZero(point: Point): boolean
  isValid(point: Point): boolean
}

interface Curve {
  readonly G1: CurveGroup
  readonly G2: CurveGroup
  /** Whether the product of the pairings of these pairs is one. */
  pairingEq(...points: readonly Point[]): Promise<boolean>
}

/** A verification key, its points checked. */
export interface VerifyingKey {
  readonly curve: Curve
  readonly alpha1: Point
  readonly beta2: Point
  readonly gamma2: Point
  readonly delta2: Point
  /** One more than there are public signals. */
  readonly ic: readonly Point[]
}

export type VerifyingKeyResult = Result<
  VerifyingKey,
  { readonly code: 'KEY_HEADER' | 'KEY_ELEMENT' }
>

const build = untypedBuild as unknown as (singleThread: true) => Promise<Curve>
let opened: Promise<Curve> | undefined

/** BN254 in one WebAssembly memory of this thread; many threads would need blob: URLs. */
function openCurve(): Promise<Curve> {
  opened ??= build(true)
  return opened
}

/** From the JSON that snarkjs exports, as bytes. */
export async function loadVerifyingKey(bytes: Uint8Array): Promise<VerifyingKeyResult> {
  const json = parse(bytes)
  if (json?.['protocol'] !== 'groth16' || json['curve'] !== 'bn128') {
    return err({ code: 'KEY_HEADER' })
  }
  const curve = await openCurve()
  const g1 = (value: unknown): Point | undefined => pointOf(curve.G1, value, coordinate)
  const g2 = (value: unknown): Point | undefined => pointOf(curve.G2, value, coordinatePair)
  const alpha1 = g1(json['vk_alpha_1'])
  const beta2 = g2(json['vk_beta_2'])
  const gamma2 = g2(json['vk_gamma_2'])
  const delta2 = g2(json['vk_delta_2'])
  const given: unknown = json['IC']
  if (!Array.isArray(given) || given.length !== Number(json['nPublic']) + 1) {
    return err({ code: 'KEY_HEADER' })
  }
  const ic = given.map(g1).filter((point) => point !== undefined)
  const isComplete =
    alpha1 !== undefined && beta2 !== undefined && gamma2 !== undefined && delta2 !== undefined
  if (!isComplete || ic.length !== given.length) return err({ code: 'KEY_ELEMENT' })
  return ok({ curve, alpha1, beta2, gamma2, delta2, ic })
}

/** r·B = 0: what the pairing rests on. The curve equation is checked when a proof is decoded. */
export function isInSubgroup({ curve }: VerifyingKey, { b }: EmotionalProof): boolean {
  const { G2 } = curve
  return G2.isZero(G2.timesScalar(G2.fromObject([...b, [1n, 0n]]), fieldOrder))
}

/** For a decoded proof with B in the subgroup. */
export async function satisfiesEquation(
  key: VerifyingKey,
  { a, b, c }: EmotionalProof,
  signals: readonly bigint[],
): Promise<boolean> {
  const { curve, ic } = key
  const { G1, G2 } = curve
  if (signals.length !== ic.length - 1 || !signals.every(isField)) return false
  const sum = ic.reduce((left, point, index) =>
    G1.add(left, G1.timesScalar(point, signals[index - 1] ?? 0n)),
  )
  const [pointA, pointC] = [G1.fromObject([...a, 1n]), G1.fromObject([...c, 1n])]
  const pointB = G2.fromObject([...b, [1n, 0n]])
  const pairs = [G1.neg(pointA), pointB, sum, key.gamma2, pointC, key.delta2]
  return curve.pairingEq(...pairs, key.alpha1, key.beta2)
}

function parse(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/** An affine point x, y, 1 on its curve. */
function pointOf(
  group: CurveGroup,
  value: unknown,
  read: (value: unknown) => unknown,
): Point | undefined {
  if (!Array.isArray(value) || value.length !== 3) return undefined
  const coordinates = value.map(read)
  if (coordinates.includes(undefined)) return undefined
  const point = group.fromObject(coordinates)
  return group.isValid(point) && !group.isZero(point) ? point : undefined
}

function coordinate(value: unknown): bigint | undefined {
  if (typeof value !== 'string' || !/^\d{1,77}$/.test(value)) return undefined
  const number = BigInt(value)
  return number < baseFieldOrder ? number : undefined
}

function coordinatePair(value: unknown): readonly bigint[] | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined
  const parts = value.map(coordinate)
  return parts.every((part) => part !== undefined) ? parts : undefined
}
