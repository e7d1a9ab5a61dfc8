/**
 * Builds what `liveness_proof` proves of one window of a breathing challenge: the circuit's input
 * and the public inputs that belong to it (LIVE-6, `docs/spec/proof.md`).
 *
 * Everything that the circuit would refuse is refused here first, with a code, so that a prover
 * that starts also ends well.
 */

import { err, ok, type Result } from '../base/result.ts'
import { nullifierKeyHash } from '../emotion/commitments.ts'
import type { CircuitInput } from '../emotion/statement.ts'
import { codebook60 } from './codebook.ts'
import { drawCodeword } from './drawCodeword.ts'
import { energyOf } from './explained.ts'
import { livenessSignalValues, type LivenessPublicInputs } from './publicSignals.ts'
import { responseOf } from './response.ts'
import { rhythmOf } from './rhythm.ts'
import { shareClaimOf } from './shareClaims.ts'
import { lagCount, shareTablesOf } from './shareTables.ts'
import {
  breathQuarters,
  type BreathInterval,
  type BreathWindow,
  type BreathWindowError,
} from './window.ts'

/** What the proof is about, as the chain has it; `LivenessPublicInputs` says what each is. */
export type LivenessContext = Pick<
  LivenessPublicInputs,
  'chainId' | 'epoch' | 'beacon' | 'identity' | 'window'
>

export interface LivenessStatement {
  readonly circuitInput: CircuitInput
  /** With the name of the circuit, as the prover's port takes them. */
  readonly publicInputs: LivenessPublicInputs & { readonly circuit: 'liveness_proof' }
}

export type LivenessStatementError =
  | BreathWindowError
  /** Another codeword fits as well or better: answer another window. */
  | { readonly code: 'LIVENESS_OTHER_RHYTHM' }
  /** The asked codeword fits best, too weakly for the lowest claim. */
  | { readonly code: 'LIVENESS_WEAK_RESPONSE'; readonly shareBp: number }

/** `intervals` is the window of 60 s that answers window `context.window` of the challenge. */
export function buildLivenessStatement(options: {
  readonly intervals: BreathWindow
  readonly nullifierKey: bigint
  readonly context: LivenessContext
}): Result<LivenessStatement, LivenessStatementError> {
  const { intervals, nullifierKey, context } = options
  const quarters = breathQuarters(intervals, codebook60.seconds)
  if (!quarters.ok) return quarters
  const shares = responseOf(intervals, codebook60)
  if (!shares.ok) return shares
  const { beacon, chainId, identity, window } = context
  const asked = drawCodeword({ beacon, chainId, validatorKey: identity, window }, codebook60)
  const shareBp = shares.value[asked] ?? 0
  if (shares.value.some((share, index) => index !== asked && share >= shareBp)) {
    return err({ code: 'LIVENESS_OTHER_RHYTHM' })
  }
  const shareMinBp = shareClaimOf(shareBp)
  if (shareMinBp === 0) return err({ code: 'LIVENESS_WEAK_RESPONSE', shareBp })
  const nkHash = nullifierKeyHash(nullifierKey)
  const publicInputs = { circuit: 'liveness_proof', ...context, nkHash, shareMinBp } as const
  const circuitInput = livenessCircuitInput({
    quarters: quarters.value,
    firstOffsetTicks: intervals.firstOffsetTicks,
    shareBp,
    nullifierKey,
    publicInputs,
  })
  return ok({ circuitInput, publicInputs })
}

/** The input by signal name, without a check: tests build refused statements with it. */
export function livenessCircuitInput(options: {
  readonly quarters: readonly (BreathInterval | undefined)[]
  readonly firstOffsetTicks: number
  readonly shareBp: number
  readonly nullifierKey: bigint
  readonly publicInputs: LivenessPublicInputs
}): CircuitInput {
  const { quarters, publicInputs } = options
  const values = livenessSignalValues(publicInputs)
  const asked = Number(values.codeword)
  const rhythm = rhythmOf(quarters)
  const energies = (shareTablesOf(codebook60).breaths[asked] ?? []).map((pair) =>
    energyOf(rhythm, pair),
  )
  const chosen = lagCount * asked + energies.indexOf(Math.max(...energies))
  return {
    ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)])),
    ends: quarters.map((each) => (each === undefined ? '0' : '1')),
    endTicks: quarters.map((each) => String(each?.endTicks ?? 0)),
    marks: quarters.map((each) => (each?.isMarked === true ? '1' : '0')),
    firstOffsetTicks: String(options.firstOffsetTicks),
    chosen: Array.from({ length: lagCount * codebook60.codewords.length }, (_, index) =>
      index === chosen ? '1' : '0',
    ),
    share: String(options.shareBp),
    nullifierKey: String(options.nullifierKey),
  }
}
