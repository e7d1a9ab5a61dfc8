/** A whole enrolment and its statement for tests, from a seed. */

import { poseidon3 } from 'poseidon-lite/poseidon3'
import { isBaseline, type Baseline } from './baseline.ts'
import { enrolmentLeaf, epochNullifier, nullifierKeyHash } from './commitments.ts'
import { emptyEnrolmentTree, pathOf, setLeaf } from './enrolmentTree.ts'
import { followedLevel, type Level } from './continuity.ts'
import type { Provenance } from './provenance.ts'
import type { EmotionalPublicInputs } from './publicSignals.ts'
import { lnRmssdQ16, scoreWindow, windowHrCentiBpm } from './score.ts'
import { claimedBp, type ScoreMode } from './scoreMode.ts'
import { statesOf, type EnrolmentSecrets, type StatementContext } from './statement.ts'
import { windowSums } from './sums.ts'
import { seededGenerator, testWindow } from './testWindows.fixture.ts'
import type { RrWindow } from './window.ts'

export interface Scenario {
  readonly window: RrWindow
  readonly provenance: Provenance
  readonly secrets: EnrolmentSecrets
  readonly context: StatementContext
  readonly publicInputs: EmotionalPublicInputs
}

export interface ScenarioOptions {
  readonly seed: number
  readonly window?: RrWindow
  readonly baseline?: Baseline
  readonly provenance?: Provenance
  readonly thresholdBp?: number
  readonly epoch?: number
  readonly credentialExpiryEpoch?: number
  readonly before?: Level
  readonly scoreMode?: ScoreMode
  /** That the proof leaves, in place of the one that follows. */
  readonly levelBp?: number
}

export function testScenario(options: ScenarioOptions): Scenario {
  const { seed, provenance = 'simulated', thresholdBp = 7500, epoch = 41 } = options
  const { window = testWindow({ seed }), credentialExpiryEpoch = 160 } = options
  const next = seededGenerator(seed ^ 0x5eed)
  const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => next() & 255)
  const secret = (): bigint => bytes(31).reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)

  const secrets: EnrolmentSecrets = {
    nullifierKey: secret(),
    baseline: options.baseline ?? baselineOf(window),
    baselineSalt: secret(),
  }
  const [chainId, beacon, identity] = [bytes(32), bytes(32), bytes(32)]
  const consentVersion = 1
  const leaf = enrolmentLeaf({
    identity,
    nkHash: nullifierKeyHash(secrets.nullifierKey),
    baselineCommitment: commitUnchecked(secrets.baseline, secrets.baselineSalt),
    consentVersion,
    credentialExpiryEpoch,
  })
  const leafIndex = next() & 0xf_ffff
  const other = setLeaf(emptyEnrolmentTree, next() & 0xf_ffff, secret())
  const tree = setLeaf(other, leafIndex, leaf)
  const context: StatementContext = {
    chainId,
    epoch,
    beacon,
    identity,
    thresholdBp,
    before: options.before,
    consentVersion,
    credentialExpiryEpoch,
    enrolmentRoot: tree.root,
    path: pathOf(tree, leafIndex),
  }
  const { countedBp, levelBp } = followedUnchecked({ window, secrets, context, provenance })
  const { scoreMode = 'threshold' } = options
  const publicInputs: EmotionalPublicInputs = {
    enrolmentRoot: tree.root,
    nullifier: epochNullifier({ chainId, nullifierKey: secrets.nullifierKey, epoch }),
    chainId,
    epoch,
    beacon,
    identity,
    thresholdBp: claimedBp(scoreMode, countedBp, thresholdBp),
    consentVersion,
    provenance,
    scoreMode,
    ...statesOf(context, secrets.nullifierKey, options.levelBp ?? levelBp),
  }
  return { window, provenance, secrets, context, publicInputs }
}

/** The same with another window: its score and so the state that it leaves are others. */
export function withWindow(scenario: Scenario, window: RrWindow): Scenario {
  const { secrets, context, provenance, publicInputs } = scenario
  const { levelBp } = followedUnchecked({ window, secrets, context, provenance })
  const states = statesOf(context, secrets.nullifierKey, levelBp)
  return { ...scenario, window, publicInputs: { ...publicInputs, ...states } }
}

/** Also of windows that are refused, so that nothing else is wrong; 0 where there is no score. */
function followedUnchecked(
  scenario: Omit<Scenario, 'publicInputs'>,
): ReturnType<typeof followedLevel> {
  const { window, secrets, context, provenance } = scenario
  const { pairCount, pairSquares } = windowSums(window)
  const hasLn = pairCount > 0 && 256 * pairSquares < 134_217_727 * pairCount
  const hasScore = isBaseline(secrets.baseline) && hasLn
  const scoreBp = hasScore ? scoreWindow(window, secrets.baseline, provenance).scoreBp : 0
  return followedLevel(scoreBp, context.epoch, context.before)
}

/** The baseline of the window itself: z is 0. */
export function baselineOf(window: RrWindow): Baseline {
  const sums = windowSums(window)
  return {
    restHrCentiBpm: windowHrCentiBpm(sums),
    hrSigmaCentiBpm: 300,
    lnRmssdQ16: lnRmssdQ16(sums),
    lnRmssdSigmaQ16: 16_384,
  }
}

/** `commitBaseline` without its bounds, and written a second time to hold it to. */
export function commitUnchecked(baseline: Baseline, salt: bigint): bigint {
  const domain = BigInt('0x656d6f2f626173656c696e652f31') // "emo/baseline/1"
  const packed =
    BigInt(baseline.restHrCentiBpm) +
    65_536n * BigInt(baseline.hrSigmaCentiBpm) +
    4_294_967_296n * BigInt(baseline.lnRmssdQ16) +
    18_446_744_073_709_551_616n * BigInt(baseline.lnRmssdSigmaQ16)
  return poseidon3([domain, packed, salt])
}
