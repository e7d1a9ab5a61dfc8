import { describe, expect, test } from 'vitest'
import { unwrap } from '../../../test/support/unwrap.ts'
import { fieldOrder, foldToField } from '../emotion/field.ts'
import { identity } from './group.ts'
import {
  wellnessSignalNames,
  wellnessSignals,
  wellnessSignalValues,
  type WellnessPublicInputs,
} from './publicSignals.ts'
import { wellnessScenario } from './statement.fixture.ts'
import { buildWellnessStatement, wellnessNullifier } from './statement.ts'

const scenario = wellnessScenario({ seed: 1 })
const { publicInputs: inputs, circuitInput } = unwrap(buildWellnessStatement(scenario))

describe('ZK-1 public signals of wellness_share', () => {
  test('stand in the order of their names, and come from the chain and the share', () => {
    const values = wellnessSignalValues(inputs)
    expect(wellnessSignals(inputs)).toEqual(wellnessSignalNames.map((name) => values[name]))
    const { chainId, enrolmentRoot, epoch, key } = scenario.context
    expect(values).toMatchObject({ enrolmentRoot, epoch: BigInt(epoch), consentVersion: 1n })
    expect(values.chainId).toBe(foldToField('chainId', chainId))
    const { nullifierKey } = scenario.own
    expect(values.nullifier).toBe(wellnessNullifier({ chainId, nullifierKey, epoch }))
    const points = [key, scenario.share.first, scenario.share.second].map((one) => one.toAffine())
    const { keyX, keyY, firstX, firstY, secondX, secondY } = values
    expect([keyX, keyY, firstX, firstY, secondX, secondY]).toEqual(
      points.flatMap(({ x, y }) => [x, y]),
    )
    expect(circuitInput['key']).toEqual([keyX, keyY].map(String))
  })

  const { x, y } = inputs.share.first
  const changes: readonly [string, Partial<WellnessPublicInputs>][] = [
    ['an epoch beyond 32 bits', { epoch: 2 ** 32 }],
    ['a version beyond 32 bits', { consentVersion: -1 }],
    ['a root that is no field element', { enrolmentRoot: fieldOrder }],
    ['a nullifier that is no field element', { nullifier: inputs.nullifier + fieldOrder }],
    [
      'a coordinate with a second form',
      { share: { ...inputs.share, first: { x, y: y + fieldOrder } } },
    ],
    ['the identity as key', { key: identity.toAffine() }],
  ]
  test.each(changes)('refuse %s', (_, change) => {
    expect(() => wellnessSignals({ ...inputs, ...change })).toThrow()
  })
})

describe('PRIV-2 the statement of a share', () => {
  test('is refused when the credential ends before the epoch', () => {
    const last = wellnessScenario({ seed: 1, credentialExpiryEpoch: 41 })
    expect(buildWellnessStatement(last).ok).toBe(true)
    const ended = wellnessScenario({ seed: 1, credentialExpiryEpoch: 40 })
    expect(buildWellnessStatement(ended)).toEqual({
      ok: false,
      error: { code: 'STATEMENT_CREDENTIAL', credentialExpiryEpoch: 40 },
    })
  })

  test('is refused under another root', () => {
    const context = { ...scenario.context, enrolmentRoot: 1n }
    expect(buildWellnessStatement({ ...scenario, context })).toEqual({
      ok: false,
      error: { code: 'STATEMENT_ENROLMENT' },
    })
  })

  test('is not built of an opening that the share does not have', () => {
    const { message, blinding } = scenario.opening
    for (const opening of [
      { message: message + 1, blinding },
      { message, blinding: blinding + 1n },
      { message: 1001, blinding },
    ]) {
      expect(() => buildWellnessStatement({ ...scenario, opening })).toThrow()
    }
  })
})
