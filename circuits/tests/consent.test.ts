/** consent_proof: what it must refuse, one change at a time on a statement that it accepts. */

import { describe, expect, it } from 'vitest'
import {
  buildConsentStatement,
  consentCircuitInput,
  consentNullifier,
} from '../../src/core/consent/statement.ts'
import { epochNullifier } from '../../src/core/emotion/commitments.ts'
import { fieldOrder } from '../../src/core/emotion/field.ts'
import { testEnrolment } from '../../src/core/emotion/ownEnrolment.fixture.ts'
import type { CircuitInput } from '../../src/core/emotion/statement.ts'
import { wellnessNullifier } from '../../src/core/wellness/statement.ts'
import { prepareCircuits } from './prepared.fixture.ts'
import { accepts, idleChecks } from './witness.fixture.ts'

prepareCircuits()

const bytes = (value: number): Uint8Array => new Uint8Array(32).fill(value)
const { own, enrolmentRoot } = testEnrolment(5)
const context = { chainId: bytes(1), epoch: 41, scope: bytes(7), enrolmentRoot }
const built = buildConsentStatement(own, context)
if (!built.ok) throw new Error(built.error.code)
const { circuitInput: input, publicInputs } = built.value

const proves = (changed: CircuitInput): Promise<boolean> => accepts(changed, 'consent_proof')
const change = (changes: CircuitInput): Promise<boolean> => proves({ ...input, ...changes })

describe('PRIV-4 a proof of consent', () => {
  it('accepts a live record at any place of the tree', async () => {
    expect(await change({})).toBe(true)
    for (const seed of [6, 7, 8]) {
      const other = testEnrolment(seed, { consentVersion: seed })
      const made = buildConsentStatement(other.own, {
        ...context,
        enrolmentRoot: other.enrolmentRoot,
      })
      expect(made.ok && (await proves(made.value.circuitInput))).toBe(true)
    }
  })

  it.each(Object.keys(input).filter((name) => name !== 'siblings'))(
    'ZK-1 refuses another %s',
    async (name) => {
      const value = BigInt(String(input[name]))
      expect(await change({ [name]: String(value + 1n) })).toBe(false)
      expect(await change({ [name]: String((fieldOrder - value) % fieldOrder) })).toBe(value === 0n)
    },
  )

  it('ZK-1 refuses another path, and an index beyond the tree', async () => {
    const siblings = input['siblings'] as readonly string[]
    const [lowest = '', next = ''] = siblings
    expect(await change({ siblings: [next, lowest, ...siblings.slice(2)] })).toBe(false)
    for (const level of [0, 9, 19]) {
      expect(await change({ siblings: siblings.with(level, '1') })).toBe(false)
    }
    expect(await change({ leafIndex: String(own.path.leafIndex + (1 << 20)) })).toBe(false)
    expect(await change({ leafIndex: '-1' })).toBe(false)
  })

  it('ZK-1 refuses a record that is gone: the empty leaf opens for nobody', async () => {
    const empty = testEnrolment(5)
    const gone = { ...own, path: { ...own.path, leafIndex: own.path.leafIndex ^ 2 } }
    expect(await proves(consentCircuitInput(gone, publicInputs))).toBe(false)
    expect(empty.enrolmentRoot).toBe(enrolmentRoot)
    const old = { ...own, consentVersion: 2 }
    const { consentVersion } = old
    expect(await proves(consentCircuitInput(old, { ...publicInputs, consentVersion }))).toBe(false)
  })

  it('has a nullifier of its own for each key, chain, epoch, scope and use', () => {
    const { chainId, epoch, scope } = context
    const { nullifierKey } = own
    const base = { chainId, epoch, scope, nullifierKey }
    const all = [
      consentNullifier(base),
      consentNullifier({ ...base, scope: bytes(8) }),
      consentNullifier({ ...base, epoch: 42 }),
      consentNullifier({ ...base, chainId: bytes(2) }),
      consentNullifier({ ...base, nullifierKey: nullifierKey + 1n }),
      wellnessNullifier(base),
      epochNullifier(base),
    ]
    expect(new Set(all).size).toBe(all.length)
    expect(publicInputs.nullifier).toBe(all[0])
  })
})

describe('ZK-1 each check of consent_proof', () => {
  it('was the first to refuse something above', () => {
    expect(idleChecks('consent_proof')).toEqual([])
  })
})
