/**
 * The draw of the freeze block (COM-3): the candidates with the lowest κ/min(score, cap), ties by
 * hash; the first n are seats, the next are backups. One entry per identity is the caller's part.
 */
import { compareBytes, hex } from '../base/bytes.ts'
import { hash } from '../crypto/hash.ts'

export interface Candidate {
  readonly validator: Uint8Array
  readonly kappaQ32: bigint
  /** Basis points. */
  readonly score: number
}

export function drawSeats<C extends Candidate>(
  candidates: readonly C[],
  options: { readonly beacon: Uint8Array; readonly count: number; readonly scoreCap: number },
): readonly C[] {
  const { beacon, count, scoreCap } = options
  const ties = new Map<string, Uint8Array>()
  const tieOf = (candidate: C): Uint8Array => {
    const key = hex(candidate.validator)
    const tie = ties.get(key) ?? hash('seatOrder', beacon, candidate.validator)
    ties.set(key, tie)
    return tie
  }
  const capped = (candidate: C): bigint => BigInt(Math.min(candidate.score, scoreCap))
  const ordered = candidates
    .filter((candidate) => candidate.score > 0)
    .toSorted((left, right) => {
      // κ/score compared exactly, by the products.
      const difference = left.kappaQ32 * capped(right) - right.kappaQ32 * capped(left)
      if (difference !== 0n) return difference < 0n ? -1 : 1
      return compareBytes(tieOf(left), tieOf(right))
    })
  return ordered.slice(0, count)
}
