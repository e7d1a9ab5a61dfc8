/**
 * The answer to a breathing challenge (LIVE-1, LIVE-6): statements of its windows from the chain
 * and the measured beats, then a proof of each.
 */
import { err, ok, type Result } from '../../core/base/result.ts'
import type { LivenessWindow } from '../../core/codec/chain.ts'
import { askedBeacon } from '../../core/ledger/livenessStatement.ts'
import { circuitChainId } from '../../core/ledger/readyStatement.ts'
import { validatorOf } from '../../core/ledger/validators.ts'
import { answersChallenge, provenWindowsMax } from '../../core/liveness/shareClaims.ts'
import { buildLivenessStatement, type LivenessStatement } from '../../core/liveness/statement.ts'
import type { BreathWindow } from '../../core/liveness/window.ts'
import type { Prover } from '../../ports/prover.ts'
import type { Author } from './ownTransactions.ts'
import { nullifierKeyOf } from './secrets.ts'

export interface AnswerError {
  readonly code: string
}

/** Of the windows that are needed, the first ones first. */
export function statementsOf(
  { state, signer }: Author,
  asked: { readonly epoch: number; readonly windows: readonly BreathWindow[] },
  proofSecret: Uint8Array,
): Result<readonly LivenessStatement[], AnswerError> {
  const { epoch, windows } = asked
  const { identity } = signer
  const validator = validatorOf(state, identity)
  const beacon = validator && askedBeacon(state, validator, epoch)
  if (beacon?.ok !== true) return err({ code: 'CHALLENGE_OVER' })
  const statements: LivenessStatement[] = []
  for (const [window, intervals] of windows.slice(0, provenWindowsMax).entries()) {
    const built = buildLivenessStatement({
      intervals,
      nullifierKey: nullifierKeyOf(proofSecret),
      context: { chainId: circuitChainId(state), epoch, beacon: beacon.value, identity, window },
    })
    // LIVE-7: the words of the detector, whoever says them.
    if (!built.ok) return err({ code: built.error.code.replace('LIVENESS_', '') })
    statements.push(built.value)
    // One window that is enough needs no second proof.
    if (answersChallenge(statements.map(({ publicInputs }) => publicInputs.shareMinBp))) {
      return ok(statements)
    }
  }
  return err({ code: 'WEAK_RESPONSE' })
}

export async function proveWindows(
  statements: readonly LivenessStatement[],
  prover: Pick<Prover, 'prove'>,
  signal: AbortSignal,
): Promise<Result<LivenessWindow[], AnswerError>> {
  const windows: LivenessWindow[] = []
  for (const statement of statements) {
    const proof = await prover.prove(statement, { signal })
    if (!proof.ok) return err({ code: proof.error.code })
    windows.push({ share: statement.publicInputs.shareMinBp, proof: proof.value })
  }
  return ok(windows)
}
