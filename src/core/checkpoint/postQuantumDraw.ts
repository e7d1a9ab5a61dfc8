/**
 * Who adds ML-DSA-87 (CKPT-1): 128 different units of stake, of 1 µEMO each, are drawn by the
 * beacon, and a voter signs once for all of its units. 77 of them must sign.
 *
 * Units and not voters are drawn without replacement, because no threshold over voters is safe: who
 * splits a small stake over many accounts would fill the places that a large voter cannot take
 * twice. Units make the number that an adversary gets hypergeometric whatever the split, and its
 * tail is below the binomial one (Hoeffding, JASA 58, 1963, theorem 4): with a third of the stake,
 * P(≥ 77 of 128) < 2^-30; 76 would be above. Where 3/4 of the stake signs, a draw has fewer than 77
 * of it with a chance of 7.5e-5; where 2/3 signs, 0.05; the next number draws again.
 */
import { integerSource, type DrawSeed } from './beaconDraw.ts'
import { checkpointProtocol } from './parameters.ts'
import type { VoterSet } from './voterSet.ts'

/** Units by index of the voter, ascending; together 128, which every set has (`voterSetOf`). */
export function postQuantumDraw(
  set: Pick<VoterSet, 'voters' | 'stakeMicro'>,
  seed: DrawSeed,
): ReadonlyMap<number, number> {
  const next = integerSource('postQuantum', seed)
  const units = new Set<bigint>()
  while (units.size < checkpointProtocol.postQuantumDraws) units.add(next(set.stakeMicro))
  const ascending = [...units].toSorted((left, right) => (left < right ? -1 : 1))
  const drawn = new Map<number, number>()
  let voter = -1
  let endMicro = 0n
  for (const unit of ascending) {
    while (unit >= endMicro) {
      voter += 1
      endMicro += set.voters[voter]?.stakeMicro ?? set.stakeMicro
    }
    drawn.set(voter, (drawn.get(voter) ?? 0) + 1)
  }
  return drawn
}
