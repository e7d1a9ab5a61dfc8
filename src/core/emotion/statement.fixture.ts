/** A whole enrolment and its statement for tests, from a seed. */

import type { Baseline } from './baseline.ts'
import { commitBaseline, enrolmentLeaf, nullifierKeyHash, epochNullifier } from './commitments.ts'
import { emptyEnrolmentTree, pathOf, setLeaf } from './enrolmentTree.ts'
import type { Provenance } from './provenance.ts'
import type { EmotionalPublicInputs } from './publicSignals.ts'
import { lnRmssdQ16, windowHrCentiBpm } from './score.ts'
import type { EnrolmentSecrets, StatementContext } from './statement.ts'
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
    baselineCommitment: commitBaseline(secrets.baseline, secrets.baselineSalt),
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
    consentVersion,
    credentialExpiryEpoch,
    enrolmentRoot: tree.root,
    path: pathOf(tree, leafIndex),
  }
  const publicInputs: EmotionalPublicInputs = {
    enrolmentRoot: tree.root,
    nullifier: epochNullifier({ chainId, nullifierKey: secrets.nullifierKey, epoch }),
    chainId,
    epoch,
    beacon,
    identity,
    thresholdBp,
    consentVersion,
    provenance,
  }
  return { window, provenance, secrets, context, publicInputs }
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
