/**
 * emotional_proof_signed against src/core/emotion/sensorSignature.ts, and what it must refuse, one
 * change at a time on a statement that it accepts (ZK-1, ZK-10).
 */

import { babyjubjub } from '@noble/curves/misc.js'
import { describe, expect, it } from 'vitest'
import { fieldOrder } from '../../src/core/emotion/field.ts'
import {
  sensorChallenge,
  sensorKeyHash,
  sensorMessage,
  sensorOrder,
  sensorWindowHash,
} from '../../src/core/emotion/sensorSignature.ts'
import { signedSignalNames } from '../../src/core/emotion/signedSignals.ts'
import { buildSignedStatement, sensorInput } from '../../src/core/emotion/signedStatement.ts'
import {
  signedBy,
  signedScenario,
  smallOrderPoints,
  testSensor,
} from '../../src/core/emotion/testSensor.fixture.ts'
import { withWindow } from '../../src/core/emotion/statement.fixture.ts'
import { circuitInputOf, type CircuitInput } from '../../src/core/emotion/statement.ts'
import { prepareCircuits } from './prepared.fixture.ts'
import { verdictsOf } from './proving.fixture.ts'
import { testVariant } from './variant.fixture.ts'
import { accepts } from './witness.fixture.ts'

const circuit = 'emotional_proof_signed'
const { Point } = babyjubjub

prepareCircuits()

const scenario = signedScenario({ seed: 3 })
const built = buildSignedStatement(scenario)
if (!built.ok) throw new Error(built.error.code)
const { circuitInput: input, publicInputs } = built.value

const change = (changes: CircuitInput): Promise<boolean> =>
  accepts({ ...input, ...changes }, circuit)
const list = (name: string): readonly string[] => input[name] as readonly string[]
const plusOne = (name: string): CircuitInput => ({
  [name]: String(BigInt(String(input[name])) + 1n),
})
/** The input of another scenario with the signature of this one. */
const withOldSignature = (other: typeof scenario): Promise<boolean> => {
  const moved = buildSignedStatement({ ...other, sensor: signedBy(testSensor(3), other) })
  if (!moved.ok) throw new Error(moved.error.code)
  const { signatureR8 = [], signatureS = '' } = input
  return accepts({ ...moved.value.circuitInput, signatureR8, signatureS }, circuit)
}

describe('ZK-10 a signed window', () => {
  it('is accepted as the core builds it, of other sensors and windows too', async () => {
    expect(await change({})).toBe(true)
    for (const seed of [4, 5, 6]) {
      const other = buildSignedStatement(signedScenario({ seed }))
      if (!other.ok) throw new Error(other.error.code)
      expect(await accepts(other.value.circuitInput, circuit)).toBe(true)
    }
  })

  it('keeps its marks to the validator, within clause 1', async () => {
    const { window } = scenario
    const marked = (marks: readonly boolean[]): Promise<boolean> => {
      const other = circuitInputOf(withWindow(scenario, { ...window, marks }))
      return change({ ...other, threshold: '0' })
    }
    expect(await marked(window.marks.with(5, true))).toBe(true)
    expect(await marked(window.marks.map((_, i) => i < 24 && i % 3 === 0))).toBe(true)
    expect(await marked(window.marks.map((_, i) => i < 27 && i % 3 === 0))).toBe(false)
  })
})

describe('ZK-10 clause 7: the key', () => {
  it('refuses another hash, and another key with its own hash', async () => {
    expect(await change(plusOne('sensorKeyHash'))).toBe(false)
    const other = buildSignedStatement({ ...scenario, sensor: signedBy(testSensor(8), scenario) })
    if (!other.ok) throw new Error(other.error.code)
    const { sensorKeyHash = '', sensorKeyEighth = [] } = other.value.circuitInput
    expect(await change({ sensorKeyHash, sensorKeyEighth })).toBe(false)
    expect(await change({ sensorKeyEighth })).toBe(false)
    expect(await change({ sensorKeyHash })).toBe(false)
  })

  it('refuses a point off the curve', async () => {
    const [x = '', y = ''] = list('sensorKeyEighth')
    expect(await change({ sensorKeyEighth: [String(BigInt(x) + 1n), y] })).toBe(false)
    expect(await change({ sensorKeyEighth: ['0', '0'] })).toBe(false)
  })

  it('refuses every key of small order, under which S·B = R holds for anything', async () => {
    const identity = { x: 0n, y: 1n }
    const nonce = 77n
    const r8 = Point.BASE.multiply(nonce).toAffine()
    for (const point of smallOrderPoints()) {
      const forged = sensorInput(sensorKeyHash(identity), point, { r8, s: nonce })
      expect(await change(forged)).toBe(false)
      // The point itself as the key that is claimed: 8 times nothing is that.
      expect(await change({ ...forged, sensorKeyHash: String(sensorKeyHash(point)) })).toBe(false)
    }
  })

  it('has one key for the eight points of which it is 8 times, and none beside it', async () => {
    const [x = '', y = ''] = list('sensorKeyEighth')
    const eighth = Point.fromAffine({ x: BigInt(x), y: BigInt(y) })
    for (const small of smallOrderPoints()) {
      const moved = eighth.add(Point.fromAffine(small)).toAffine()
      const sensorKeyEighth = [String(moved.x), String(moved.y)]
      expect(await change({ sensorKeyEighth })).toBe(true)
      if (small.x === 0n && small.y === 1n) continue
      const mixed = Point.fromAffine(scenario.sensor.key).add(Point.fromAffine(small)).toAffine()
      const sensorKeyHashOfMixed = String(sensorKeyHash(mixed))
      expect(await change({ sensorKeyEighth, sensorKeyHash: sensorKeyHashOfMixed })).toBe(false)
    }
  })
})

describe('ZK-10 clause 7: the signature', () => {
  it('refuses S plus any multiple of the order that 253 bits hold, and beyond', async () => {
    const s = BigInt(String(input['signatureS']))
    for (const times of [1n, 2n, 3n, 4n, 5n]) {
      expect(await change({ signatureS: String(s + times * sensorOrder) })).toBe(false)
    }
    expect(await change(plusOne('signatureS'))).toBe(false)
    expect(await change({ signatureS: String(fieldOrder - 1n) })).toBe(false)
  })

  it('refuses another R, one off the curve, and one with a part of small order', async () => {
    const [x = '', y = ''] = list('signatureR8')
    const r8 = Point.fromAffine({ x: BigInt(x), y: BigInt(y) })
    expect(await change({ signatureR8: [y, x] })).toBe(false)
    expect(await change({ signatureR8: [String(BigInt(x) + 1n), y] })).toBe(false)
    expect(await change({ signatureR8: ['0', '1'] })).toBe(false)
    for (const small of smallOrderPoints().filter(({ y: other }) => other !== 1n)) {
      const moved = r8.add(Point.fromAffine(small)).toAffine()
      expect(await change({ signatureR8: [String(moved.x), String(moved.y)] })).toBe(false)
    }
  })

  it('refuses one interval or the offset off by one, where the window would hold', async () => {
    const at = scenario.window.marks.findIndex((mark) => !mark) + 2
    const ticks = list('ticks')
    for (const step of [1n, -1n]) {
      const other = ticks.with(at, String(BigInt(ticks[at] ?? '') + step))
      expect(await change({ ticks: other, threshold: '0' })).toBe(false)
    }
    const firstOffsetTicks = String(scenario.window.firstOffsetTicks - 1)
    expect(await change({ firstOffsetTicks })).toBe(false)
    // Both hold for emotional_proof: it is the signature that refuses them.
    const names = ['sensorKeyHash', 'sensorKeyEighth', 'signatureR8', 'signatureS']
    const unsigned = Object.fromEntries(
      Object.entries({ ...input, firstOffsetTicks }).filter(([name]) => !names.includes(name)),
    )
    expect(await accepts(unsigned)).toBe(true)
  })

  it('refuses two beats that are swapped, which emotional_proof takes', async () => {
    const { window } = scenario
    const at = window.ticks.findIndex((rr, index) => rr !== window.ticks[index + 1])
    const [left = 0, right = 0] = window.ticks.slice(at, at + 2)
    const ticks = window.ticks.with(at, right).with(at + 1, left)
    const other = { ...circuitInputOf(withWindow(scenario, { ...window, ticks })), threshold: '0' }
    expect(await accepts(other)).toBe(true)
    expect(await change(other)).toBe(false)
  })

  it('refuses the signature of another epoch, beacon, validator and chain', async () => {
    const { context } = scenario
    expect(await withOldSignature(signedScenario({ seed: 3, epoch: context.epoch + 1 }))).toBe(
      false,
    )
    expect(await change(plusOne('beacon'))).toBe(false)
    expect(await withOldSignature(signedScenario({ seed: 3, epoch: context.epoch }))).toBe(true)
    const message = (changes: object): bigint =>
      sensorMessage(sensorWindowHash(scenario.window), sensorChallenge({ ...context, ...changes }))
    for (const changes of [
      { chainId: context.beacon },
      { identity: context.beacon },
      { beacon: context.identity },
    ]) {
      const { r8, s } = testSensor(3).sign(message(changes))
      const signatureR8 = [String(r8.x), String(r8.y)]
      expect(await change({ signatureR8, signatureS: String(s) })).toBe(false)
    }
    const { r8, s } = testSensor(3).sign(message({}))
    const signatureR8 = [String(r8.x), String(r8.y)]
    expect(await change({ signatureR8, signatureS: String(s) })).toBe(true)
  })
})

describe('ZK-10 a proof', () => {
  it('holds for its inputs, and for no other key, epoch or circuit', async () => {
    const codeOf = await verdictsOf(built.value, [circuit, 'emotional_proof'])
    expect(await codeOf(publicInputs)).toBe('OK')
    const { sensorKeyHash: hash, epoch } = publicInputs
    expect(await codeOf({ ...publicInputs, sensorKeyHash: hash + 1n })).toBe('PROOF_INVALID')
    expect(await codeOf({ ...publicInputs, epoch: epoch + 1 })).toBe('PROOF_INVALID')
    expect(await codeOf(scenario.publicInputs)).toBe('PROOF_INVALID')
  })
})

testVariant({ circuit, input, signalNames: signedSignalNames })
