/** What the provers of these benches are asked: the circuits, and a true statement of each. */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Result } from '../../src/core/base/result.ts'
import { buildConsentStatement } from '../../src/core/consent/statement.ts'
import { testEnrolment } from '../../src/core/emotion/ownEnrolment.fixture.ts'
import { testScenario } from '../../src/core/emotion/statement.fixture.ts'
import { buildStatement } from '../../src/core/emotion/statement.ts'
import {
  askedOf,
  breathWindow,
  livenessContext,
  testNullifierKey,
} from '../../src/core/liveness/statement.fixture.ts'
import { buildLivenessStatement } from '../../src/core/liveness/statement.ts'
import { wellnessScenario } from '../../src/core/wellness/statement.fixture.ts'
import { buildWellnessStatement } from '../../src/core/wellness/statement.ts'
import type { ProveRequest } from '../../src/ports/prover.ts'

export const artifactsFolder = fileURLToPath(new URL('../../public/circuits/', import.meta.url))
export const circuits = [
  'emotional_proof',
  'liveness_proof',
  'wellness_share',
  'consent_proof',
] as const

export type Circuit = (typeof circuits)[number]

/** A true statement of the circuit, as a validator's tab has it. */
export function requestOf(circuit: Circuit): ProveRequest {
  const statement = statements[circuit]()
  if (!statement.ok) throw new Error(statement.error.code)
  return statement.value
}

const statements = {
  emotional_proof: () => buildStatement(testScenario({ seed: 5 })),
  liveness_proof: () => {
    const context = livenessContext(7)
    const intervals = breathWindow({ seed: 1, codeword: askedOf(context) })
    return buildLivenessStatement({ intervals, nullifierKey: testNullifierKey, context })
  },
  wellness_share: () => buildWellnessStatement(wellnessScenario({ seed: 5 })),
  consent_proof: () => {
    const { own, enrolmentRoot } = testEnrolment(5)
    const [chainId, scope] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
    return buildConsentStatement(own, { chainId, epoch: 41, scope, enrolmentRoot })
  },
} as const satisfies Record<Circuit, () => Result<ProveRequest, { readonly code: string }>>

/** Witness generator, proving key, verification key. */
export function namesOf(circuit: Circuit): readonly [string, string, string] {
  return [`${circuit}.wasm`, `${circuit}.zkey`, `${circuit}.vkey.json`]
}

export function fileOf(name: string): Uint8Array {
  return new Uint8Array(readFileSync(`${artifactsFolder}${name}`))
}
