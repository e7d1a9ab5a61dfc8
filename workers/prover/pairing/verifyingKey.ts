/** A verification key from the JSON that snarkjs exports, read strictly (ZK-4). */

import { err, ok, type Result } from '../../../src/core/base/result.ts'
import {
  baseFieldOrder,
  isOnG1,
  isOnG2,
  type EmotionalProof,
} from '../../../src/core/emotion/proofCodec.ts'
import { infinity, projectiveBytes } from '../groth16/points.ts'
import { elementBytes } from '../kernel/limbs.ts'
import { linesBytes, prepareLines, type Lines } from './lines.ts'
import { pairBytes, putBase, putPair, type PairingKernel } from './pairingKernel.ts'

export type G1Point = EmotionalProof['a']
export type G2Point = EmotionalProof['b']

/** In the kernel's memory, for its life. */
export interface VerifyingKey {
  readonly kernel: PairingKernel
  /** α, projective. */
  readonly alpha: number
  /** One affine point more than there are public signals. */
  readonly ic: number
  readonly signalCount: number
  /** Of β, γ and δ. */
  readonly lines: Lines
}

export type VerifyingKeyResult = Result<
  VerifyingKey,
  { readonly code: 'KEY_HEADER' | 'KEY_ELEMENT' }
>

/** Bound of this implementation, far above the circuits' sizes. */
const signalsMax = 64

export function loadVerifyingKey(kernel: PairingKernel, bytes: Uint8Array): VerifyingKeyResult {
  const json = parse(bytes)
  if (json?.['protocol'] !== 'groth16' || json['curve'] !== 'bn128') {
    return err({ code: 'KEY_HEADER' })
  }
  const given: unknown = json['IC']
  const isCounted = Array.isArray(given) && given.length === Number(json['nPublic']) + 1
  if (!isCounted || given.length > signalsMax + 1) return err({ code: 'KEY_HEADER' })
  const alpha = g1Of(json['vk_alpha_1'])
  const ic = given.map(g1Of).filter((point) => point !== undefined)
  const twisted = [json['vk_beta_2'], json['vk_gamma_2'], json['vk_delta_2']].map(g2Of)
  const g2 = twisted.filter((point) => point !== undefined)
  if (alpha === undefined || ic.length !== given.length || g2.length !== twisted.length) {
    return err({ code: 'KEY_ELEMENT' })
  }
  return place(kernel, alpha, ic, g2)
}

function place(
  kernel: PairingKernel,
  alpha: G1Point,
  ic: readonly G1Point[],
  g2: readonly G2Point[],
): VerifyingKeyResult {
  const { memory } = kernel
  const mark = memory.mark()
  const key = {
    kernel,
    alpha: memory.take(projectiveBytes(kernel.g1)),
    ic: memory.take(ic.length * 2 * elementBytes),
    signalCount: ic.length - 1,
    lines: { address: memory.take(linesBytes(g2.length)), count: g2.length },
  }
  putProjective(kernel, key.alpha, alpha)
  ic.forEach((point, index) => putG1(kernel, key.ic + index * 2 * elementBytes, point))
  const points = memory.take(g2.length * 2 * pairBytes)
  const kept = points
  g2.forEach((point, index) => putG2(kernel, points + index * 2 * pairBytes, point))
  const verdicts = prepareLines(kernel, points, key.lines)
  const isSound = verdicts.every((isInSubgroup) => isInSubgroup)
  memory.release(isSound ? kept : mark)
  return isSound ? ok(key) : err({ code: 'KEY_ELEMENT' })
}

/** Affine. */
export function putG1(kernel: PairingKernel, address: number, [x, y]: G1Point): void {
  putBase(kernel, address, x)
  putBase(kernel, address + elementBytes, y)
}

/** (x, y, 1). */
export function putProjective(kernel: PairingKernel, address: number, point: G1Point): void {
  infinity(kernel, kernel.g1, address)
  putG1(kernel, address, point)
  putBase(kernel, address + 2 * elementBytes, 1n)
}

/** Affine. */
export function putG2(kernel: PairingKernel, address: number, [x, y]: G2Point): void {
  putPair(kernel, address, x)
  putPair(kernel, address + pairBytes, y)
}

function parse(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/** x, y, 1 on the curve. */
function g1Of(value: unknown): G1Point | undefined {
  if (!Array.isArray(value) || value.length !== 3 || value[2] !== '1') return undefined
  const point = pairOf(value.slice(0, 2))
  return point !== undefined && isOnG1(point) ? point : undefined
}

/** x, y, 1 on the twist; each a pair. */
function g2Of(value: unknown): G2Point | undefined {
  if (!Array.isArray(value) || value.length !== 3) return undefined
  const [x, y, z] = value.map(pairOf)
  if (x === undefined || y === undefined || z?.[0] !== 1n || z[1] !== 0n) return undefined
  return isOnG2([x, y]) ? [x, y] : undefined
}

function pairOf(value: unknown): readonly [bigint, bigint] | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined
  const [first, second] = value.map(coordinateOf)
  return first === undefined || second === undefined ? undefined : [first, second]
}

function coordinateOf(value: unknown): bigint | undefined {
  if (typeof value !== 'string' || !/^\d{1,77}$/.test(value)) return undefined
  const number = BigInt(value)
  return number < baseFieldOrder ? number : undefined
}
