/** The sum over at least a hundred people, still encrypted (PRIV-2). */
import { err, ok, type Result } from '../base/result.ts'
import type { WellnessError } from './errors.ts'
import { identity } from './group.ts'
import type { WellnessShare } from './makeShare.ts'
import { peopleMax, peopleMin } from './rules.ts'

export interface PersonShare {
  /**
   * Of the share's verified proof (`publicSignals.ts`): one for each person and epoch, and it says
   * no name. An account is none of it: the proof names nobody, so an account proves nothing here.
   */
  readonly nullifier: bigint
  readonly share: WellnessShare
}

export interface EncryptedSum extends WellnessShare {
  readonly people: number
}

/** Nobody is asked to decrypt what this refuses. */
export function sumShares(shares: readonly PersonShare[]): Result<EncryptedSum, WellnessError> {
  const people = shares.length
  if (people < peopleMin) return err({ code: 'WELLNESS_TOO_FEW', people, peopleMin })
  if (people > peopleMax) return err({ code: 'WELLNESS_TOO_MANY', people, peopleMax })
  const seen = new Set<bigint>()
  let [first, second] = [identity, identity]
  for (const [index, { nullifier, share }] of shares.entries()) {
    if (seen.has(nullifier)) return err({ code: 'WELLNESS_PERSON_TWICE', index })
    seen.add(nullifier)
    first = first.add(share.first)
    second = second.add(share.second)
  }
  return ok({ first, second, people })
}
