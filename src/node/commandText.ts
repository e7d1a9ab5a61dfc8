/** Answers to an owner's commands in words: what happened and what to do. */
import { unhex } from '../core/base/bytes.ts'
import type { CommandResult } from './api.ts'
import type { MempoolError } from './mempool.ts'

const texts: Readonly<Record<string, string>> = {
  NO_SENSOR: 'No sensor is connected. Pair a strap or allow the camera first.',
  LOCKED: 'Your keys are locked. Unlock them first.',
  RESTART_PASSED:
    'The network was restarted below what is final here, so this node signs nothing. Begin its ' +
    'chain again first.',
  FORK: 'Two chains are final, so this node signs nothing. Ask the operator of your network.',
  STATE_DIVERGED:
    'The network agreed on what this node computes differently, so it signs nothing. Reload the ' +
    'page for the newest version.',
  BUSY: 'This is already under way. Wait for it to finish.',
  NO_BASELINE: 'Your rest baseline is missing. Record it first: sit still and breathe calmly.',
  FUNDS_MISSING: 'Your balance does not cover the bond. Receive EMO first.',
  FAUCET_FAILED: 'The faucet gave nothing. Try again in a minute.',
  REGISTRATION_REFUSED: 'The network refused the registration.',
  REGISTRATION_TIMEOUT: 'No final block took it up in time. Check the connection and try again.',
  OTHER_ENROLMENT:
    'These keys are not the ones that this account was registered with, so no proof of theirs ' +
    'counts for it. Restore the backup that was made when you registered.',
  LIVENESS_INVALID:
    'The proof of your answer does not hold for this account and challenge. Reload the page for ' +
    'its newest version, and answer the next challenge.',
  LIVENESS_ANSWERED: 'This challenge is answered already. Nothing to do.',
  LIVENESS_NOT_ELIGIBLE:
    'An answer counts only with the whole bond and outside of jail. Bond what is missing first.',
  CONSENT_NONE: 'No consent of this account stands, so there is nothing to take back.',
  CONSENT_GIVEN: 'Consent to this version stands already.',
  CONSENT_QUOTA: 'Consent was granted in this epoch already. Try again in the next.',
  CONSENT_VERSION: 'The network asks for consent to another version. Reload the page.',
  CHALLENGE_OVER: 'This challenge is not asked any more. The next one comes with its own guide.',
  WEAK_RESPONSE:
    'The answer of your heart was too weak to tell. Take another window, or the next challenge.',
  OTHER_RHYTHM: 'Your heart followed another rhythm than the guide. Take the next window.',
  WINDOW_GAPS: 'Beats were missing at an end of the window. Breathe it again.',
  WINDOW_TOO_FEW_BEATS:
    'Too few clear beats were in the window. Check the sensor and breathe it again.',
  RECIPIENT_INVALID: 'The recipient is not an account: 64 hexadecimal digits are needed.',
  UNBOND_AMOUNT: 'No bond of this account stands, so there is nothing to unbond.',
  UNBOND_MANY: 'Too many parts of the bond are unbonding already. Withdraw what is free first.',
  WITHDRAW_NOTHING: 'Nothing has finished unbonding yet. The settings say when it has.',
  AMOUNT_INVALID: 'The amount must be a whole number of µEMO above zero.',
  OPERATOR_LABEL:
    'This is no label that its operator countersigned for this validator on this chain. Have it ' +
    'countersigned again: npm run countersign.',
  TX_BALANCE: 'The balance does not cover amount and fee.',
  TX_EXPIRED: 'The transaction has expired. Send it again.',
  RESTART_NOT_PASSED:
    'The network follows the chain of this node. There is nothing to begin again.',
  MEMPOOL_FULL: 'Too many transactions wait. Try again in a few seconds.',
}

export function failure(code: string, detail?: string): CommandResult {
  const text = texts[code] ?? `This did not work (${code}).`
  return { ok: false, code, message: detail === undefined ? text : `${text} (${detail})` }
}

export function resultOf(
  done: { readonly ok: true } | { readonly ok: false; readonly error: { readonly code: string } },
): CommandResult {
  return done.ok ? { ok: true } : failure(done.error.code)
}

export function refusalText(error: MempoolError): { code: string; message: string } {
  const { code } = error
  return { code, message: texts[code] ?? `The network refused it (${code}).` }
}

/** Bytes of an exact length from hex; undefined for anything else. */
export function hexBytes(text: string, length: number): Uint8Array | undefined {
  const bytes = unhex(text)
  return bytes.ok && bytes.value.length === length ? bytes.value : undefined
}
