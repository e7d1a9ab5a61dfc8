/**
 * One READY (READY-1): window, statement, proof and fresh epoch key for a coming epoch (EPOCH-0).
 * It is signed and sent when the epoch before that one opens.
 */
import { err, ok, type Result } from '../../core/base/result.ts'
import type { Ready } from '../../core/codec/chain.ts'
import { ticketMessage } from '../../core/crypto/vrf.ts'
import { bytesToInteger, fieldToBytes } from '../../core/emotion/field.ts'
import type { Level } from '../../core/emotion/continuity.ts'
import { scoreModeCodes, type ScoreMode } from '../../core/emotion/scoreMode.ts'
import {
  buildStatement,
  type EmotionalStatement,
  type EnrolmentSecrets,
} from '../../core/emotion/statement.ts'
import type { RrWindow } from '../../core/emotion/window.ts'
import { credentialExpiryAt, enrolmentPathAt } from '../../core/ledger/enrolment.ts'
import { beaconOf, boundaryOf, enrolmentBoundaryEpoch } from '../../core/ledger/epochs.ts'
import { circuitChainId } from '../../core/ledger/readyStatement.ts'
import { readSingle } from '../../core/ledger/state.ts'
import { epochRecord, parameters } from '../../core/ledger/tables.ts'
import { validatorOf } from '../../core/ledger/validators.ts'
import type { Prover, ProverProgress } from '../../ports/prover.ts'
import type { Provenance } from '../../ports/sensor.ts'
import type { DutyReason } from '../api.ts'
import type { MayAct } from '../mayAct.ts'
import { opensState, stateBeforeOf, type OwnLevels } from './ownLevels.ts'
import { provenanceCode, type Author } from './ownTransactions.ts'

export interface ReadyMade {
  readonly ready: Ready
  readonly epoch: number
  /** State that the proof opens (FIT-3), 0 for none. */
  readonly stateBefore: bigint
  /** Hex of the fresh epoch key. */
  readonly slot: string
  readonly epochKey: Uint8Array
  readonly scoreBp: number
  readonly tookMs: number
  readonly madeAtMs: number
}

export interface ReadyOptions {
  readonly author: Author
  /** Asked again once the proof is made, which takes seconds. */
  readonly mayAct: MayAct
  /** The epoch to serve. */
  readonly epoch: number
  readonly window: RrWindow
  readonly provenance: Provenance
  readonly secrets: EnrolmentSecrets
  readonly levels: OwnLevels
  readonly scoreMode: ScoreMode
  readonly prover: Prover
  readonly peerId: string
  readonly nowMs: () => number
  readonly signal: AbortSignal
  readonly onProgress: (progress: ProverProgress) => void
  /** The prover's own code for why there is no proof. */
  readonly onRefused: (code: string) => void
}

export async function makeReady(options: ReadyOptions): Promise<Result<ReadyMade, DutyReason>> {
  const { author, prover, signal, onProgress, nowMs } = options
  const startedMs = nowMs()
  const before = await levelBefore(options)
  if (!before.ok) return before
  const statement = statementOf(options, before.value)
  if (!statement.ok) return statement
  const { circuitInput, publicInputs, score, followed } = statement.value
  const proof = await prover.prove({ circuitInput, publicInputs }, { signal, onProgress })
  if (!proof.ok) {
    options.onRefused(proof.error.code)
    return err('PROOF_FAILED')
  }
  const { chainId } = author
  const { signer } = options.mayAct
  if (signer === undefined) return err(options.mayAct.stopped ?? 'STEPPED_DOWN')
  const epochKey = await signer.createEpochKey()
  const { epoch, beacon, thresholdBp } = publicInputs
  const stateAfter = fieldToBytes(publicInputs.stateAfter)
  options.levels.note(stateAfter, followed.levelBp)
  const ready = {
    epoch,
    ticket: signer.signVrf(ticketMessage({ chainId, epoch, beacon })),
    epochKey: epochKey.publicKey,
    epochKeyPossession: epochKey.possession,
    proof: proof.value,
    nullifier: fieldToBytes(publicInputs.nullifier),
    scoreThreshold: thresholdBp,
    provenance: provenanceCode(options.provenance),
    peerId: options.peerId,
    sharingKey: epochKey.sharing().publicKey,
    scoreMode: scoreModeCodes[publicInputs.scoreMode],
    stateAfter,
    stateMark: publicInputs.stateBefore === 0n ? 0 : epoch - publicInputs.missedEpochs,
  }
  const madeAtMs = nowMs()
  return ok({
    ready,
    epoch,
    stateBefore: publicInputs.stateBefore,
    slot: epochKey.slot,
    epochKey: epochKey.publicKey,
    scoreBp: score.scoreBp,
    tookMs: madeAtMs - startedMs,
    madeAtMs,
  })
}

/**
 * Whether it may be sent still: it opens the state that the chain has (FIT-3), and says of the
 * score what its owner wants said now (PRIV-5).
 */
export function isStillRight(
  { ready, ...made }: ReadyMade,
  author: Author,
  mode: ScoreMode,
): boolean {
  const isWanted = ready.scoreMode === scoreModeCodes[mode]
  return isWanted && opensState(made, author.state, author.signer.identity)
}

/** The level that the proof opens (FIT-3). */
async function levelBefore(options: ReadyOptions): Promise<Result<Level | undefined, DutyReason>> {
  const { author, epoch, levels, secrets } = options
  const { state, signer } = author
  const before = stateBeforeOf(state, signer.identity, epoch)
  if (before === undefined) return ok(undefined)
  const level = await levels.levelOf(state, secrets.nullifierKey, before)
  // Of another key than the one that is enrolled, which has no proof at all.
  return level === undefined ? err('NO_BASELINE') : ok(level)
}

function statementOf(
  options: ReadyOptions,
  before: Level | undefined,
): Result<EmotionalStatement, DutyReason> {
  const { author, epoch, window, provenance, secrets, scoreMode } = options
  const { state, signer } = author
  const record = readSingle(state, epochRecord)
  const validator = validatorOf(state, signer.identity)
  const beacon = beaconOf(record, epoch)
  const boundaryEpoch = enrolmentBoundaryEpoch(epoch)
  const boundary = boundaryOf(record, boundaryEpoch)
  if (validator === undefined || beacon === undefined || boundary === undefined) {
    return err('NO_BASELINE')
  }
  const path = enrolmentPathAt(state, validator.enrolmentIndex, boundaryEpoch)
  // What it is now, a renewal changed since: the proof is about the leaf under that root.
  const credentialExpiryEpoch = credentialExpiryAt(state, validator, boundaryEpoch)
  const statement = buildStatement({
    window,
    provenance,
    secrets,
    scoreMode,
    context: {
      chainId: circuitChainId(state),
      epoch,
      beacon,
      identity: signer.identity,
      thresholdBp: readSingle(state, parameters).scoreMin,
      before,
      consentVersion: validator.consentVersion,
      credentialExpiryEpoch,
      enrolmentRoot: bytesToInteger(boundary.enrolmentRoot),
      path,
    },
  })
  if (statement.ok) return statement
  switch (statement.error.code) {
    case 'STATEMENT_SCORE':
      return err('SCORE_LOW')
    case 'STATEMENT_QUALITY':
      return err('SIGNAL_QUALITY')
    case 'STATEMENT_CREDENTIAL':
      return err('NO_CREDENTIAL')
    default:
      return err('NO_BASELINE')
  }
}
