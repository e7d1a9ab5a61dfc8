/** True statements of the circuits by a seed, and what of each only a hash holds (ZK-8). */

import type { Result } from '../../src/core/base/result.ts'
import { buildConsentStatement } from '../../src/core/consent/statement.ts'
import type { Level } from '../../src/core/emotion/continuity.ts'
import { testEnrolment } from '../../src/core/emotion/ownEnrolment.fixture.ts'
import { signedStatement } from '../../src/core/emotion/testSensor.fixture.ts'
import { testScenario } from '../../src/core/emotion/statement.fixture.ts'
import { buildStatement } from '../../src/core/emotion/statement.ts'
import {
  askedOf,
  breathWindow,
  livenessContext,
  testNullifierKey,
} from '../../src/core/liveness/statement.fixture.ts'
import { buildLivenessStatement } from '../../src/core/liveness/statement.ts'
import { twoScenario } from '../../src/core/liveness/twoStatement.fixture.ts'
import { buildTwoStatement } from '../../src/core/liveness/twoStatement.ts'
import { wellnessScenario } from '../../src/core/wellness/statement.fixture.ts'
import { buildWellnessStatement } from '../../src/core/wellness/statement.ts'
import type { ProveRequest } from '../../src/ports/prover.ts'
import type { CircuitName } from '../setup/paths.ts'

export const statements: Readonly<Record<CircuitName, (seed: number) => ProveRequest>> = {
  emotional_proof: (seed) =>
    requestOf(buildStatement(testScenario({ seed, ...levelBefore(seed) }))),
  liveness_proof: (seed) => {
    const context = livenessContext(seed)
    const intervals = breathWindow({ seed, codeword: askedOf(context), marked: [4, 40] })
    const nullifierKey = testNullifierKey
    return requestOf(buildLivenessStatement({ intervals, nullifierKey, context }))
  },
  wellness_share: (seed) => requestOf(buildWellnessStatement(wellnessScenario({ seed }))),
  consent_proof: (seed) => {
    const { own, enrolmentRoot } = testEnrolment(seed)
    const [chainId, scope] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
    const context = { chainId, epoch: 41, scope, enrolmentRoot }
    return requestOf(buildConsentStatement(own, context))
  },
  emotional_proof_signed: (seed) => requestOf(signedStatement({ seed, ...levelBefore(seed) })),
  emotional_proof_two: (seed) =>
    requestOf(buildTwoStatement(twoScenario({ seed, ...levelBefore(seed) }))),
}

/** An odd seed follows a level that relaxes (FIT-3), an even one none. */
function levelBefore(seed: number): { readonly before?: Level } {
  return seed % 2 === 1 ? { before: { levelBp: 8200, epoch: 37 } } : {}
}

/**
 * Private inputs that several of one digest are among. A witness can move along them together; that
 * no other is found is what the hash is for. Held in place for `movingWires`. The nullifier key is
 * none of them: its digest has no other input that is private.
 */
export const hashedInputs: Readonly<Record<CircuitName, readonly string[]>> = {
  emotional_proof: ['baselineSalt', 'siblings'],
  liveness_proof: [],
  wellness_share: ['identity', 'baselineCommitment', 'siblings'],
  consent_proof: ['identity', 'baselineCommitment', 'credentialExpiryEpoch', 'siblings'],
  emotional_proof_signed: ['baselineSalt', 'siblings'],
  emotional_proof_two: ['baselineSalt', 'siblings'],
}

function requestOf(built: Result<ProveRequest, { readonly code: string }>): ProveRequest {
  if (!built.ok) throw new Error(built.error.code)
  return built.value
}
