/** Validators from this tab's state when it runs, else from the relay; seated ones first. */

import type { NodeClient, ValidatorSummary } from '../node/api.ts'
import { count } from './format.ts'
import type { Explorer } from './services.ts'

export async function listValidators(
  client: NodeClient | undefined,
  explorer: Explorer,
): Promise<readonly ValidatorSummary[]> {
  const list = await (client === undefined ? explorer.validators() : client.validators())
  return [...list].sort(
    (left, right) =>
      Number(right.seated) - Number(left.seated) ||
      right.reputation - left.reputation ||
      (left.id < right.id ? -1 : 1),
  )
}

export function standingOf(validator: ValidatorSummary, epoch: number | undefined): string {
  const { jailedUntilEpoch } = validator
  if (jailedUntilEpoch !== undefined && (epoch === undefined || jailedUntilEpoch > epoch)) {
    return `excluded until epoch ${count(jailedUntilEpoch)}`
  }
  if (validator.seated) return 'seated'
  return validator.absent ? 'absent, announced' : 'ready to be drawn'
}
