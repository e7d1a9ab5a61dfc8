/**
 * Builds what `emotional_proof_two` proves: the statement of `emotional_proof` on the window of a
 * strap whose beats a camera saw, too (LIVE-5). No rule of the ledger takes it yet.
 */

import { err, ok, type Result } from '../base/result.ts'
import type { EmotionalPublicInputs } from '../emotion/publicSignals.ts'
import {
  buildStatement,
  type EmotionalStatement,
  type StatementError,
} from '../emotion/statement.ts'
import {
  beatTimes,
  cutSecondBeats,
  secondBeatsInput,
  type SecondBeatsError,
} from './secondBeats.ts'
import { matchHearts, type HeartMatch } from './twoHearts.ts'

/** Signals are those of `emotional_proof`; the circuit holds the provenance. */
export interface TwoPublicInputs extends EmotionalPublicInputs {
  readonly provenance: 'strap+camera'
}

export interface TwoStatement extends Omit<EmotionalStatement, 'publicInputs'> {
  /** With the name of the circuit, as the prover's port takes them. */
  readonly publicInputs: TwoPublicInputs & { readonly circuit: 'emotional_proof_two' }
  readonly match: HeartMatch
}

export type TwoStatementError =
  | StatementError
  | SecondBeatsError
  /** Two hearts, or too few beats that both could have seen: measure again. */
  | { readonly code: 'TWO_HEARTS'; readonly match: HeartMatch }

/**
 * `window` is the strap's; `secondBeats` are the camera's in ticks of 1/1024 s from the start of
 * that window, ascending, from before it on: a strap is late by up to 4 s.
 */
export function buildTwoStatement(
  options: Omit<Parameters<typeof buildStatement>[0], 'provenance'> & {
    readonly secondBeats: readonly number[]
  },
): Result<TwoStatement, TwoStatementError> {
  const { window, secondBeats } = options
  const built = buildStatement({ ...options, provenance: 'strap+camera' })
  if (!built.ok) return built
  const late = beatTimes(window)
  const match = matchHearts(secondBeats, late)
  if (match.verdict !== 'one') return err({ code: 'TWO_HEARTS', match })
  const cut = cutSecondBeats(secondBeats, late, match.lagTicks)
  const second = secondBeatsInput(window, cut, match.lagTicks)
  if (!second.ok) return second
  return ok({
    ...built.value,
    publicInputs: {
      ...built.value.publicInputs,
      provenance: 'strap+camera',
      circuit: 'emotional_proof_two',
    },
    circuitInput: { ...built.value.circuitInput, ...second.value },
    match,
  })
}
