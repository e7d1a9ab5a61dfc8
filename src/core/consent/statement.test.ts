import { describe, expect, test } from 'vitest'
import { unwrap } from '../../../test/support/unwrap.ts'
import { fieldOrder, foldToField } from '../emotion/field.ts'
import { testEnrolment } from '../emotion/ownEnrolment.fixture.ts'
import {
  consentSignalNames,
  consentSignals,
  consentSignalValues,
  type ConsentPublicInputs,
} from './publicSignals.ts'
import { buildConsentStatement } from './statement.ts'

const bytes = (value: number): Uint8Array => new Uint8Array(32).fill(value)
const { own, enrolmentRoot } = testEnrolment(1)
const context = { chainId: bytes(1), epoch: 41, scope: bytes(2), enrolmentRoot }
const { publicInputs: inputs } = unwrap(buildConsentStatement(own, context))

describe('ZK-1 public signals of consent_proof', () => {
  test('stand in the order of their names', () => {
    const values = consentSignalValues(inputs)
    expect(consentSignals(inputs)).toEqual(consentSignalNames.map((name) => values[name]))
    expect(values).toMatchObject({ enrolmentRoot, epoch: 41n, consentVersion: 1n })
    expect(values.scope).toBe(foldToField('scope', bytes(2)))
    expect(values.scope).not.toBe(foldToField('beacon', bytes(2)))
  })

  const changes: readonly [string, Partial<ConsentPublicInputs>][] = [
    ['an epoch beyond 32 bits', { epoch: 2 ** 32 }],
    ['a version that is no number', { consentVersion: NaN }],
    ['a root that is no field element', { enrolmentRoot: -1n }],
    ['a nullifier that is no field element', { nullifier: inputs.nullifier + fieldOrder }],
  ]
  test.each(changes)('refuse %s', (_, change) => {
    expect(() => consentSignals({ ...inputs, ...change })).toThrow()
  })
})

describe('PRIV-4 the statement of consent', () => {
  test('is refused for a record that is not in the tree of that root', () => {
    const refused = { ok: false, error: { code: 'STATEMENT_ENROLMENT' } }
    expect(buildConsentStatement({ ...own, consentVersion: 2 }, context)).toEqual(refused)
    expect(buildConsentStatement(own, { ...context, enrolmentRoot: 0n })).toEqual(refused)
  })
})
