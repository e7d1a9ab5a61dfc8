/**
 * A signer for tests: NOT a sensor, and no product code imports it. It signs whatever it is given
 * with a key that anybody can compute.
 */

import { babyjubjub } from '@noble/curves/misc.js'
import { poseidon2 } from 'poseidon-lite/poseidon2'
import {
  sensorChallenge,
  sensorMessage,
  sensorOrder,
  sensorWindowHash,
  signatureHash,
  type SensorPoint,
  type SensorSignature,
} from './sensorSignature.ts'
import type { SensorProof } from './signedStatement.ts'
import { testScenario, type Scenario, type ScenarioOptions } from './statement.fixture.ts'

const { Point } = babyjubjub

export interface TestSensor {
  readonly key: SensorPoint
  sign(message: bigint): SensorSignature
}

/** Secret and nonces are hashes of small numbers. */
export function testSensor(seed: number): TestSensor {
  const secret = 1n + (poseidon2([0x5ec3e7n, BigInt(seed)]) % (sensorOrder - 1n))
  const key = Point.BASE.multiply(secret).toAffine()
  return {
    key,
    sign(message) {
      const nonce = 1n + (poseidon2([secret, message]) % (sensorOrder - 1n))
      const r8 = Point.BASE.multiply(nonce).toAffine()
      const s = (nonce + signatureHash(r8, key, message) * 8n * secret) % sensorOrder
      return { r8, s }
    },
  }
}

/** The window of a scenario, signed by a test sensor for that scenario's challenge. */
export function signedBy(sensor: TestSensor, { window, context }: Scenario): SensorProof {
  const message = sensorMessage(sensorWindowHash(window), sensorChallenge(context))
  return { key: sensor.key, signature: sensor.sign(message) }
}

export function signedScenario(
  options: ScenarioOptions,
): Scenario & { readonly sensor: SensorProof } {
  const scenario = testScenario({ provenance: 'strap', ...options })
  return { ...scenario, sensor: signedBy(testSensor(options.seed), scenario) }
}

/** The points of order 1, 2, 4 and 8: the order of the subgroup times any points of the curve. */
export function smallOrderPoints(): readonly SensorPoint[] {
  const found = new Map<string, SensorPoint>()
  for (let y = 2n; found.size < 8; y += 1n) {
    try {
      const point = multiple(Point.fromBytes(Point.Fp.toBytes(y)), sensorOrder).toAffine()
      found.set(`${String(point.x)} ${String(point.y)}`, point)
    } catch {
      // Half of all y have no point.
    }
  }
  return [...found.values()]
}

/** Any multiple: @noble/curves takes factors below the order alone. */
function multiple(point: InstanceType<typeof Point>, factor: bigint): InstanceType<typeof Point> {
  let result = Point.ZERO
  for (const bit of factor.toString(2)) {
    result = result.double()
    if (bit === '1') result = result.add(point)
  }
  return result
}
