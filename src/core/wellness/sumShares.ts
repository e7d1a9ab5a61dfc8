/** The sum over at least a hundred people, still encrypted (PRIV-2). */
import { mapKey } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import type { WellnessError } from './errors.ts'
import { identity } from './group.ts'
import type { WellnessShare } from './makeShare.ts'
import { peopleMax, peopleMin } from './rules.ts'

export interface PersonShare {
  /** The account whose proof of well-formedness was verified. */
  readonly person: Uint8Array
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
  const seen = new Set<string>()
  let [first, second] = [identity, identity]
  for (const [index, { person, share }] of shares.entries()) {
    const key = mapKey(person)
    if (seen.has(key)) return err({ code: 'WELLNESS_PERSON_TWICE', index })
    seen.add(key)
    first = first.add(share.first)
    second = second.add(share.second)
  }
  return ok({ first, second, people })
}
