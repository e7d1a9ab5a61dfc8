/**
 * A true statement about beats that nobody had, to try out how long a device takes for a proof
 * (ZK-5). It costs the prover what any window costs: the circuit's work does not depend on what
 * stands in its slots. No chain takes it: its chain is a name of 32 zeros, and no boundary carries
 * its root.
 */
import { assert } from '../base/assert.ts'
import { commitBaseline, enrolmentLeaf, nullifierKeyHash } from './commitments.ts'
import { emptyEnrolmentTree, pathOf, rootFromPath } from './enrolmentTree.ts'
import { buildStatement, type EmotionalStatement, type EnrolmentSecrets } from './statement.ts'
import type { RrWindow } from './window.ts'

/** A minute at 61 beats, with a swing of a breath. */
const window: RrWindow = {
  firstOffsetTicks: 300,
  ticks: Array.from({ length: 60 }, (_none, beat) => 980 + 20 * Math.abs((beat % 6) - 3)),
  marks: Array.from({ length: 60 }, () => false),
}

const secrets: EnrolmentSecrets = {
  nullifierKey: 1n,
  baseline: {
    restHrCentiBpm: 6_100,
    hrSigmaCentiBpm: 300,
    lnRmssdQ16: 200_000,
    lnRmssdSigmaQ16: 16_384,
  },
  baselineSalt: 1n,
}

export function calibrationStatement(): EmotionalStatement {
  const nothing = new Uint8Array(32)
  const context = {
    chainId: nothing,
    epoch: 1,
    beacon: nothing,
    identity: nothing,
    thresholdBp: 0,
    before: undefined,
    consentVersion: 1,
    credentialExpiryEpoch: 1,
    path: pathOf(emptyEnrolmentTree, 0),
  }
  const leaf = enrolmentLeaf({
    ...context,
    nkHash: nullifierKeyHash(secrets.nullifierKey),
    baselineCommitment: commitBaseline(secrets.baseline, secrets.baselineSalt),
  })
  const enrolmentRoot = rootFromPath(leaf, context.path)
  const statement = buildStatement({
    window,
    secrets,
    provenance: 'simulated',
    context: { ...context, enrolmentRoot },
  })
  assert(statement.ok, 'the calibration statement is true')
  return statement.value
}
