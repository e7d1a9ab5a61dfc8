/**
 * Builds what the prover proves: the circuit's input and the public inputs that belong to it.
 *
 * Everything that the circuit would refuse is refused here first, with a code, so that a prover
 * that starts also ends well.
 */

import { err, ok, type Result } from '../base/result.ts'
import { fieldOutOfBounds, type Baseline } from './baseline.ts'
import {
  commitBaseline,
  commitLevel,
  enrolmentLeaf,
  epochNullifier,
  nullifierKeyHash,
} from './commitments.ts'
import {
  followedLevel,
  missedEpochs,
  restLevelBp,
  type Followed,
  type Level,
} from './continuity.ts'
import { rootFromPath, type EnrolmentPath } from './enrolmentTree.ts'
import type { Provenance } from './provenance.ts'
import { publicSignalValues, type EmotionalPublicInputs } from './publicSignals.ts'
import { checkQuality, type QualityReason } from './quality.ts'
import { scoreWindow, type Score } from './score.ts'
import { claimedBp, type ScoreMode } from './scoreMode.ts'
import { beatsMax, jumpsOf, type RrWindow } from './window.ts'

/** What the validator keeps: never leaves the device (PRIV-3). */
export interface EnrolmentSecrets {
  readonly nullifierKey: bigint
  readonly baseline: Baseline
  readonly baselineSalt: bigint
}

/** What the proof is about, as the chain has it. */
export interface StatementContext {
  readonly chainId: Uint8Array
  readonly epoch: number
  readonly beacon: Uint8Array
  readonly identity: Uint8Array
  /** Least score of the chain. */
  readonly thresholdBp: number
  /** What the proof before left, if the chain has one (FIT-3); too old is as none. */
  readonly before: Level | undefined
  readonly consentVersion: number
  readonly credentialExpiryEpoch: number
  readonly enrolmentRoot: bigint
  readonly path: EnrolmentPath
}

/** Circuit inputs by signal name; decimal texts, so that they cross to a worker as they are. */
export type CircuitInput = Readonly<Record<string, string | readonly string[]>>

export interface EmotionalStatement {
  readonly circuitInput: CircuitInput
  readonly publicInputs: EmotionalPublicInputs
  readonly score: Score
  readonly followed: Followed
}

export type StatementError =
  /** Below the gate there is no score (QUAL-1). */
  | { readonly code: 'STATEMENT_QUALITY'; readonly reasons: readonly QualityReason[] }
  | { readonly code: 'STATEMENT_BASELINE'; readonly field: keyof Baseline }
  /** Not calm enough by one's own baseline: rest, and measure again. */
  | {
      readonly code: 'STATEMENT_SCORE'
      readonly score: Score
      readonly countedBp: number
      readonly thresholdBp: number
    }
  /** The liveness credential ends before the epoch: renew it. */
  | { readonly code: 'STATEMENT_CREDENTIAL'; readonly credentialExpiryEpoch: number }
  /** The enrolment on chain is another one than these secrets': fetch path and leaf again. */
  | { readonly code: 'STATEMENT_ENROLMENT' }

export function buildStatement(options: {
  readonly window: RrWindow
  readonly provenance: Provenance
  readonly secrets: EnrolmentSecrets
  readonly context: StatementContext
  /** Says no more than that the score is enough, unless asked otherwise (PRIV-5). */
  readonly scoreMode?: ScoreMode
}): Result<EmotionalStatement, StatementError> {
  const { window, provenance, secrets, context, scoreMode = 'threshold' } = options
  const { epoch, thresholdBp, credentialExpiryEpoch } = context
  const { reasons } = checkQuality(window)
  if (reasons.length > 0) return err({ code: 'STATEMENT_QUALITY', reasons })
  const field = fieldOutOfBounds(secrets.baseline)
  if (field !== undefined) return err({ code: 'STATEMENT_BASELINE', field })
  if (credentialExpiryEpoch < epoch) {
    return err({ code: 'STATEMENT_CREDENTIAL', credentialExpiryEpoch })
  }
  const leaf = enrolmentLeaf({
    identity: context.identity,
    nkHash: nullifierKeyHash(secrets.nullifierKey),
    baselineCommitment: commitBaseline(secrets.baseline, secrets.baselineSalt),
    consentVersion: context.consentVersion,
    credentialExpiryEpoch,
  })
  if (rootFromPath(leaf, context.path) !== context.enrolmentRoot) {
    return err({ code: 'STATEMENT_ENROLMENT' })
  }
  const score = scoreWindow(window, secrets.baseline, provenance)
  const followed = followedLevel(score.scoreBp, epoch, context.before)
  const { countedBp } = followed
  const claimBp = claimedBp(scoreMode, countedBp, thresholdBp)
  if (countedBp < thresholdBp || claimBp < thresholdBp) {
    return err({ code: 'STATEMENT_SCORE', score, countedBp, thresholdBp })
  }

  const { nullifierKey } = secrets
  const nullifier = epochNullifier({ ...context, nullifierKey })
  const publicInputs: EmotionalPublicInputs = {
    enrolmentRoot: context.enrolmentRoot,
    nullifier,
    chainId: context.chainId,
    epoch,
    beacon: context.beacon,
    identity: context.identity,
    thresholdBp: claimBp,
    consentVersion: context.consentVersion,
    provenance,
    scoreMode,
    ...statesOf(context, nullifierKey, followed.levelBp),
  }
  const circuitInput = circuitInputOf({ window, secrets, context, publicInputs })
  return ok({ circuitInput, publicInputs, score, followed })
}

/** S and S′ of FIT-3. */
export function statesOf(
  context: Pick<StatementContext, 'chainId' | 'epoch' | 'before'>,
  nullifierKey: bigint,
  levelBp: number,
): Pick<EmotionalPublicInputs, 'stateBefore' | 'missedEpochs' | 'stateAfter'> {
  const { chainId, epoch, before } = context
  const missed = before && missedEpochs(before.epoch, epoch)
  const isOpened = before !== undefined && missed !== undefined
  return {
    stateBefore: isOpened ? commitLevel({ chainId, nullifierKey, ...before }) : 0n,
    missedEpochs: missed ?? 0,
    stateAfter: commitLevel({ chainId, nullifierKey, epoch, levelBp }),
  }
}

/** The input by signal name, without a check: tests build refused statements with it. */
export function circuitInputOf(options: {
  readonly window: RrWindow
  readonly secrets: EnrolmentSecrets
  readonly context: StatementContext
  readonly publicInputs: EmotionalPublicInputs
}): CircuitInput {
  const { window, secrets, context, publicInputs } = options
  const { baseline } = secrets
  const padding = Array.from({ length: beatsMax - window.ticks.length }, () => '0')
  const bit = (value: boolean): string => (value ? '1' : '0')
  const { before, epoch } = context
  const isOpened = before !== undefined && missedEpochs(before.epoch, epoch) !== undefined
  const publicTexts = Object.fromEntries(
    Object.entries(publicSignalValues(publicInputs)).map(([name, value]) => [name, String(value)]),
  )
  return {
    ...publicTexts,
    ticks: [...window.ticks.map(String), ...padding],
    selected: [...window.ticks.map(() => '1'), ...padding],
    marks: [...window.marks.map(bit), ...padding],
    jumps: [...jumpsOf(window.ticks).map(bit), ...padding],
    firstOffsetTicks: String(window.firstOffsetTicks),
    restHrCentiBpm: String(baseline.restHrCentiBpm),
    hrSigmaCentiBpm: String(baseline.hrSigmaCentiBpm),
    lnRmssdQ16: String(baseline.lnRmssdQ16),
    lnRmssdSigmaQ16: String(baseline.lnRmssdSigmaQ16),
    baselineSalt: String(secrets.baselineSalt),
    nullifierKey: String(secrets.nullifierKey),
    credentialExpiryEpoch: String(context.credentialExpiryEpoch),
    levelBefore: String(isOpened ? before.levelBp : restLevelBp),
    leafIndex: String(context.path.leafIndex),
    siblings: context.path.siblings.map(String),
  }
}
