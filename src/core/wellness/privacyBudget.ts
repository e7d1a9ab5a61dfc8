/**
 * What a device has given away (PRIV-2): zero-concentrated differential privacy adds up
 * (Bun, Steinke, TCC 2016, lemma 1.7), so the sum over a sliding window is what its owner limits.
 */
import { assert } from '../base/assert.ts'
import { err, ok, type Result } from '../base/result.ts'
import type { WellnessError } from './errors.ts'
import { dailyBudget, shareRhoMicro } from './rules.ts'

export interface PrivacySpending {
  readonly epoch: number
  readonly rhoMicro: number
}

/** Oldest first; kept on the device before the share is sent. */
export type PrivacyBudget = readonly PrivacySpending[]

/** The budget after one more share in `epoch`; what left the window is forgotten. */
export function spendPrivacy(
  budget: PrivacyBudget,
  epoch: number,
  {
    rhoMicroMax,
    windowEpochs,
  }: { readonly rhoMicroMax: number; readonly windowEpochs: number } = dailyBudget,
): Result<PrivacyBudget, WellnessError> {
  const newest = budget.at(-1)
  assert(newest === undefined || newest.epoch <= epoch, 'epochs do not go back')
  const inWindow = budget.filter((spent) => spent.epoch > epoch - windowEpochs)
  let room = rhoMicroMax - shareRhoMicro - inWindow.reduce((sum, { rhoMicro }) => sum + rhoMicro, 0)
  if (room >= 0) return ok([...inWindow, { epoch, rhoMicro: shareRhoMicro }])
  for (const spent of inWindow) {
    room += spent.rhoMicro
    if (room >= 0) {
      return err({ code: 'PRIVACY_BUDGET_SPENT', nextEpoch: spent.epoch + windowEpochs })
    }
  }
  // Less is allowed than one share costs.
  return err({ code: 'PRIVACY_BUDGET_SPENT', nextEpoch: Number.MAX_SAFE_INTEGER })
}
