/** True statements of the circuits by a seed, and what of each only a hash holds (ZK-8). */

import type { Result } from '../../src/core/base/result.ts'
import { buildConsentStatement } from '../../src/core/consent/statement.ts'
import { testEnrolment } from '../../src/core/emotion/ownEnrolment.fixture.ts'
import { markWindow } from '../../src/core/emotion/quality.ts'
import { buildSignedStatement } from '../../src/core/emotion/signedStatement.ts'
import {
  baselineOf,
  testScenario,
  type ScenarioOptions,
} from '../../src/core/emotion/statement.fixture.ts'
import { buildStatement } from '../../src/core/emotion/statement.ts'
import { signedScenario } from '../../src/core/emotion/testSensor.fixture.ts'
import { testWindow } from '../../src/core/emotion/testWindows.fixture.ts'
import type { RrWindow } from '../../src/core/emotion/window.ts'
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
  emotional_proof: (seed) => {
    const heart = heartOptions(seed)
    const scenario = testScenario(seed % 4 === 0 ? { ...heart, provenance: 'camera' } : heart)
    return requestOf(buildStatement({ ...scenario, ...heart }))
  },
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
  emotional_proof_signed: (seed) => {
    const heart = heartOptions(seed)
    return requestOf(buildSignedStatement({ ...signedScenario(heart), ...heart }))
  },
  emotional_proof_two: (seed) => {
    const heart = heartOptions(seed)
    return requestOf(buildTwoStatement({ ...twoScenario(heart), ...heart }))
  },
}

/**
 * Hearts of seven seeds in a row (FIT-1, HRV-3). `distance`: how far the baseline is from the
 * window, in deviations of heart rate and of ln RMSSD; clipped at 1 and at -3, and calm has bends
 * at 0 and -1.
 */
const hearts: readonly {
  readonly distance?: number
  readonly isEarly?: boolean
  readonly driftTicks?: number
}[] = [
  {},
  { distance: 4 },
  { distance: -0.5 },
  { distance: -1.5 },
  { distance: -4 },
  { isEarly: true },
  { driftTicks: 300 },
]

/** An odd seed follows a level that relaxes (FIT-3); one of three is quantised (PRIV-5). */
function heartOptions(seed: number): ScenarioOptions & { readonly window: RrWindow } {
  const { distance = 0, isEarly = false, driftTicks = 0 } = hearts[seed % hearts.length] ?? {}
  const even = testWindow({ seed, driftTicks })
  const window = isEarly ? earlyBeat(even) : even
  const own = baselineOf(window)
  const baseline = {
    ...own,
    restHrCentiBpm: own.restHrCentiBpm + distance * own.hrSigmaCentiBpm,
    lnRmssdQ16: own.lnRmssdQ16 - distance * own.lnRmssdSigmaQ16,
  }
  return {
    seed,
    window,
    baseline,
    thresholdBp: 0,
    scoreMode: seed % 3 === 0 ? 'quantised' : 'threshold',
    ...(seed % 2 === 1 && { before: { levelBp: 8200, epoch: 37 } }),
  }
}

/** One beat that comes early, and the pause after it: marks and jumps. */
function earlyBeat({ ticks, firstOffsetTicks }: RrWindow): RrWindow {
  const moved = new Map([
    [20, -300],
    [21, 300],
  ])
  const early = ticks.map((rr, index) => rr + (moved.get(index) ?? 0))
  return markWindow({ ticks: early, firstOffsetTicks })
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
