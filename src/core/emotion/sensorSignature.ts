/**
 * What a sensor signs and how it is checked (ZK-10): EdDSA over Baby Jubjub with Poseidon, as in
 * circomlib. `circuits/lib/sensor_signature.circom` is the twin.
 *
 * The sensor needs the intervals that it measured, and one field element that it is handed: the
 * challenge binds what it signs to a chain, an epoch, a beacon that nobody knew before, and one
 * validator. Marks come later and are the validator's, within clause 1.
 */

import { babyjubjub } from '@noble/curves/misc.js'
import { poseidon2 } from 'poseidon-lite/poseidon2'
import { poseidon3 } from 'poseidon-lite/poseidon3'
import { poseidon4 } from 'poseidon-lite/poseidon4'
import { poseidon5 } from 'poseidon-lite/poseidon5'
import { poseidon7 } from 'poseidon-lite/poseidon7'
import { assert } from '../base/assert.ts'
import { err, ok, type Result } from '../base/result.ts'
import { asciiField, foldToField, isField } from './field.ts'
import { isU32 } from './u32.ts'
import { beatsMax, type RrWindow } from './window.ts'

/** Affine coordinates on Baby Jubjub, EIP-2494. */
export interface SensorPoint {
  readonly x: bigint
  readonly y: bigint
}

export interface SensorSignature {
  /** R: the nonce times the base point. */
  readonly r8: SensorPoint
  /** S: below the order of the subgroup, so that a signature has one form. */
  readonly s: bigint
}

/** What the validator hands to its sensor, as the chain has it. */
export interface SensorContext {
  readonly chainId: Uint8Array
  readonly epoch: number
  readonly beacon: Uint8Array
  readonly identity: Uint8Array
}

export type SensorFault =
  /** No point of the curve, outside of its subgroup of prime order, or the identity. */
  | { readonly code: 'SENSOR_KEY' }
  /** R is no point of the curve, or S is not below the order. */
  | { readonly code: 'SENSOR_SIGNATURE_MALFORMED' }
  /** Of another key or of other intervals, or for another chain, epoch, beacon or validator. */
  | { readonly code: 'SENSOR_SIGNATURE_INVALID' }

const { Point } = babyjubjub
type CurvePoint = InstanceType<typeof Point>

/** Order of the subgroup, a prime of 251 bits. */
export const sensorOrder: bigint = Point.Fn.ORDER
const cofactor = 8n
const domain = asciiField('emo/sensor/1')
const bitsPerValue = 12
const valuesPerWord = 21
const wordCount = 7

/** Hash of the intervals as they were measured; the offset goes first, unused places are 0. */
export function sensorWindowHash(window: Pick<RrWindow, 'ticks' | 'firstOffsetTicks'>): bigint {
  const values = [window.firstOffsetTicks, ...window.ticks]
  assert(values.length <= beatsMax + 1, 'a window has at most 128 intervals')
  assert(
    values.every((value) => Number.isInteger(value) && value >= 0 && value < 1 << bitsPerValue),
    'offset and intervals have 12 bits',
  )
  const words = Array.from({ length: wordCount }, (_, word) =>
    values
      .slice(word * valuesPerWord, (word + 1) * valuesPerWord)
      .reduceRight((packed, value) => (packed << BigInt(bitsPerValue)) + BigInt(value), 0n),
  )
  return poseidon7(words)
}

/** The one number that a sensor is handed for an epoch. */
export function sensorChallenge({ chainId, epoch, beacon, identity }: SensorContext): bigint {
  assert(isU32(epoch), 'an epoch in a proof is below 2^32')
  return poseidon4([
    foldToField('chainId', chainId),
    epoch,
    foldToField('beacon', beacon),
    foldToField('identity', identity),
  ])
}

/** The field element that is signed. */
export function sensorMessage(windowHash: bigint, challenge: bigint): bigint {
  assert(isField(windowHash) && isField(challenge), 'hash and challenge are field elements')
  return poseidon3([domain, windowHash, challenge])
}

/** The public name of a sensor's key. */
export function sensorKeyHash({ x, y }: SensorPoint): bigint {
  return poseidon2([x, y])
}

/** h of S·B = R + h·8·A. */
export function signatureHash(r8: SensorPoint, key: SensorPoint, message: bigint): bigint {
  return poseidon5([r8.x, r8.y, key.x, key.y, message])
}

export function verifySensorSignature(
  key: SensorPoint,
  message: bigint,
  { r8, s }: SensorSignature,
): Result<void, SensorFault> {
  const keyPoint = subgroupPoint(key)
  if (keyPoint === undefined) return err({ code: 'SENSOR_KEY' })
  const r8Point = curvePoint(r8)
  if (r8Point === undefined || s < 0n || s >= sensorOrder) {
    return err({ code: 'SENSOR_SIGNATURE_MALFORMED' })
  }
  const factor = signatureHash(r8, key, message) * cofactor
  const right = r8Point.add(times(keyPoint, factor))
  return times(Point.BASE, s).equals(right)
    ? ok(undefined)
    : err({ code: 'SENSOR_SIGNATURE_INVALID' })
}

/** The key is 8 times this point of its subgroup: the circuit's witness that it is in there. */
export function eighthOf(key: SensorPoint): Result<SensorPoint, SensorFault> {
  const point = subgroupPoint(key)
  if (point === undefined) return err({ code: 'SENSOR_KEY' })
  return ok(times(point, Point.Fn.inv(cofactor)).toAffine())
}

/** Undefined for the identity, too: under it anything is signed. */
function subgroupPoint(point: SensorPoint): CurvePoint | undefined {
  const found = curvePoint(point)
  return found === undefined || found.is0() || !found.isTorsionFree() ? undefined : found
}

function curvePoint({ x, y }: SensorPoint): CurvePoint | undefined {
  if (!isField(x) || !isField(y)) return undefined
  // a·x² + y² = 1 + d·x²·y² (EIP-2494).
  const { a, d } = Point.CURVE()
  const [x2, y2] = [Point.Fp.sqr(x), Point.Fp.sqr(y)]
  const left = Point.Fp.add(Point.Fp.mul(a, x2), y2)
  const right = Point.Fp.add(1n, Point.Fp.mul(d, Point.Fp.mul(x2, y2)))
  return Point.Fp.eql(left, right) ? Point.fromAffine({ x, y }) : undefined
}

function times(point: CurvePoint, factor: bigint): CurvePoint {
  const reduced = Point.Fn.create(factor)
  return reduced === 0n ? Point.ZERO : point.multiplyUnsafe(reduced)
}
