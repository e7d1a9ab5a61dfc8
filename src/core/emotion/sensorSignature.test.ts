import { babyjubjub } from '@noble/curves/misc.js'
import { describe, expect, it } from 'vitest'
import { fieldOrder } from './field.ts'
import {
  eighthOf,
  sensorChallenge,
  sensorMessage,
  sensorOrder,
  sensorWindowHash,
  verifySensorSignature,
  type SensorPoint,
} from './sensorSignature.ts'
import { signedSignalNames, signedSignals } from './signedSignals.ts'
import { buildSignedStatement } from './signedStatement.ts'
import { signedBy, signedScenario, smallOrderPoints, testSensor } from './testSensor.fixture.ts'

const { Point } = babyjubjub
const sensor = testSensor(1)
const message = 12_345n
const signature = sensor.sign(message)
const codeOf = (
  key: SensorPoint,
  signed: bigint,
  { r8, s }: typeof signature,
): string | undefined => {
  const verdict = verifySensorSignature(key, signed, { r8, s })
  return verdict.ok ? undefined : verdict.error.code
}

/** Published in the tests of circomlibjs, signPoseidon: message 0x09080706050403020100. */
const published = {
  key: {
    x: 13277427435165878497778222415993513565335242147425444199013288855685581939618n,
    y: 13622229784656158136036771217484571176836296686641868549125388198837476602820n,
  },
  message: 0x09_08_07_06_05_04_03_02_01_00n,
  signature: {
    r8: {
      x: 11384336176656855268977457483345535180380036354188103142384839473266348197733n,
      y: 15383486972088797283337779941324724402501462225528836549661220478783371668959n,
    },
    s: 1672775540645840396591609181675628451599263765380031905495115170613215233181n,
  },
} as const

describe('ZK-10 a signature of a sensor', () => {
  it('is that of circomlib', () => {
    expect(codeOf(published.key, published.message, published.signature)).toBeUndefined()
    expect(codeOf(published.key, published.message + 1n, published.signature)).toBe(
      'SENSOR_SIGNATURE_INVALID',
    )
  })

  it('holds for its key and its message alone', () => {
    expect(codeOf(sensor.key, message, signature)).toBeUndefined()
    expect(codeOf(testSensor(2).key, message, signature)).toBe('SENSOR_SIGNATURE_INVALID')
    expect(codeOf(sensor.key, message + 1n, signature)).toBe('SENSOR_SIGNATURE_INVALID')
    const other = { ...signature, r8: sensor.sign(99n).r8 }
    expect(codeOf(sensor.key, message, other)).toBe('SENSOR_SIGNATURE_INVALID')
  })

  it('has one form: S plus the order is refused', () => {
    for (const times of [1n, 2n, 7n]) {
      const s = signature.s + times * sensorOrder
      expect(codeOf(sensor.key, message, { ...signature, s })).toBe('SENSOR_SIGNATURE_MALFORMED')
    }
    const s = signature.s - sensorOrder
    expect(codeOf(sensor.key, message, { ...signature, s })).toBe('SENSOR_SIGNATURE_MALFORMED')
  })

  it('refuses every key of small order, and keys with a part of small order', () => {
    const points = smallOrderPoints()
    expect(points).toHaveLength(8)
    const own = Point.fromAffine(sensor.key)
    for (const key of points) {
      expect(codeOf(key, message, signature)).toBe('SENSOR_KEY')
      expect(eighthOf(key)).toEqual({ ok: false, error: { code: 'SENSOR_KEY' } })
      const isIdentity = key.x === 0n && key.y === 1n
      const mixed = own.add(Point.fromAffine(key)).toAffine()
      expect(codeOf(mixed, message, signature)).toBe(isIdentity ? undefined : 'SENSOR_KEY')
    }
  })

  it('refuses points off the curve and coordinates that are no field elements', () => {
    const { x, y } = sensor.key
    for (const key of [
      { x: x + 1n, y },
      { x: 0n, y: 0n },
      { x: x + fieldOrder, y },
      { x: -x, y },
    ]) {
      expect(codeOf(key, message, signature)).toBe('SENSOR_KEY')
    }
    const { r8 } = signature
    for (const other of [
      { ...r8, y: r8.y + 1n },
      { ...r8, x: r8.x + fieldOrder },
    ]) {
      expect(codeOf(sensor.key, message, { ...signature, r8: other })).toBe(
        'SENSOR_SIGNATURE_MALFORMED',
      )
    }
  })

  it('names the key by a point of which it is 8 times', () => {
    const eighth = eighthOf(sensor.key)
    if (!eighth.ok) throw new Error(eighth.error.code)
    const eightfold = Point.fromAffine(eighth.value).double().double().double()
    expect(eightfold.toAffine()).toEqual(sensor.key)
  })
})

describe('ZK-10 what a sensor signs', () => {
  const scenario = signedScenario({ seed: 3 })
  const { window, context } = scenario

  it('changes with every interval, their number, and the offset', () => {
    const hashes = [
      window,
      { ...window, firstOffsetTicks: window.firstOffsetTicks ^ 1 },
      { ...window, ticks: window.ticks.slice(0, -1) },
      ...window.ticks.map((tick, at) => ({ ...window, ticks: window.ticks.with(at, tick ^ 1) })),
    ].map(sensorWindowHash)
    expect(new Set(hashes).size).toBe(hashes.length)
    expect(sensorWindowHash({ ticks: Array(128).fill(2048), firstOffsetTicks: 2048 })).not.toBe(0n)
  })

  it('changes with chain, epoch, beacon and validator', () => {
    const other = Uint8Array.from(context.beacon, (byte) => byte ^ 1)
    const challenges = [
      context,
      { ...context, chainId: other },
      { ...context, epoch: context.epoch + 1 },
      { ...context, beacon: other },
      { ...context, identity: other },
    ].map(sensorChallenge)
    expect(new Set(challenges).size).toBe(5)
    expect(sensorMessage(1n, 2n)).not.toBe(sensorMessage(2n, 1n))
  })
})

describe('ZK-10 a signed statement', () => {
  const scenario = signedScenario({ seed: 3 })
  const build = (changes: object): string => {
    const built = buildSignedStatement({ ...scenario, ...changes })
    return built.ok ? 'OK' : built.error.code
  }

  it('is built of a window that its sensor signed, whatever was marked afterwards', () => {
    expect(build({})).toBe('OK')
    const marks = scenario.window.marks.with(5, true)
    expect(build({ window: { ...scenario.window, marks } })).toBe('OK')
  })

  it('is refused for another window, epoch, validator, key or signature', () => {
    const { window, context, sensor: signed } = scenario
    const invalid = 'SENSOR_SIGNATURE_INVALID'
    const ticks = window.ticks.with(4, (window.ticks[4] ?? 0) + 1)
    expect(build({ window: { ...window, ticks } })).toBe(invalid)
    const epoch = context.epoch + 1
    expect(build({ context: { ...context, epoch } })).toBe(invalid)
    expect(build({ sensor: { ...signed, key: testSensor(9).key } })).toBe(invalid)
    expect(build({ sensor: { ...signed, key: { x: 0n, y: 1n } } })).toBe('SENSOR_KEY')
    const other = signedBy(testSensor(3), { ...scenario, context: { ...context, epoch } })
    expect(build({ sensor: other })).toBe(invalid)
  })

  it('has its public signals by name, the key last', () => {
    const built = buildSignedStatement(scenario)
    if (!built.ok) throw new Error(built.error.code)
    const signals = signedSignals(built.value.publicInputs)
    expect(signals).toHaveLength(signedSignalNames.length)
    expect(signals[signedSignalNames.indexOf('sensorKeyHash')]).toBe(
      built.value.publicInputs.sensorKeyHash,
    )
    expect(signals.slice(0, 9)).toHaveLength(9)
  })
})
