/**
 * The answer to a breathing challenge (LIVE-1, LIVE-6): statements of its windows from the chain
 * and the measured beats, then a proof of each.
 */
import { err, ok, type Result } from '../../core/base/result.ts'
import type { Liveness, LivenessWindow } from '../../core/codec/chain.ts'
import { nullifierKeyHash } from '../../core/emotion/commitments.ts'
import { bytesToInteger } from '../../core/emotion/field.ts'
import { askedBeacon } from '../../core/ledger/livenessStatement.ts'
import { circuitChainId } from '../../core/ledger/readyStatement.ts'
import { validatorOf } from '../../core/ledger/validators.ts'
import { lastAnswerEpoch } from '../../core/liveness/schedule.ts'
import { answerAmong, provenWindowsMax } from '../../core/liveness/shareClaims.ts'
import { buildLivenessStatement, type LivenessStatement } from '../../core/liveness/statement.ts'
import type { BreathWindow } from '../../core/liveness/window.ts'
import type { Prover } from '../../ports/prover.ts'
import { duty, type Author } from './ownTransactions.ts'
import { nullifierKeyOf } from './secrets.ts'

export interface AnswerError {
  readonly code: string
}

/** Of the fewest windows that answer, in their order. */
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
  const nullifierKey = nullifierKeyOf(proofSecret)
  // A proof would hold for that key and not for the registration: it is not even made.
  if (nullifierKeyHash(nullifierKey) !== bytesToInteger(validator?.nkHash ?? new Uint8Array(32))) {
    return err({ code: 'OTHER_ENROLMENT' })
  }
  let refusal = 'WEAK_RESPONSE'
  const claims = windows.slice(0, provenWindowsMax).flatMap((intervals, window) => {
    const built = buildLivenessStatement({
      intervals,
      nullifierKey,
      context: { chainId: circuitChainId(state), epoch, beacon: beacon.value, identity, window },
    })
    if (built.ok) {
      return [{ window, shareBp: built.value.publicInputs.shareMinBp, statement: built.value }]
    }
    // LIVE-7: the words of the detector, whoever says them. Another window may still answer.
    refusal = built.error.code.replace('LIVENESS_', '')
    return []
  })
  const answer = answerAmong(claims)
  return answer ? ok(answer.map(({ statement }) => statement)) : err({ code: refusal })
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
    const { shareMinBp, window } = statement.publicInputs
    windows.push({ share: shareMinBp, proof: proof.value, window })
  }
  return ok(windows)
}

/** Signed. It waits for a block as long as it may count (LIVE-2), not only in this epoch. */
export function answerBytes(author: Author, liveness: Liveness): Uint8Array {
  return duty(author, { liveness, expiryEpoch: lastAnswerEpoch(liveness.epoch) })
}
