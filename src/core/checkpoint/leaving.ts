/**
 * How a set may shrink (CKPT-1). For each number passed, formed or not, a tenth of its stake may
 * leave, rounded down, or else one voter, whatever its stake. Who lapsed leaves from the end of the
 * list on, least stake first, so that what stays is as much as it can be; the first one that does
 * not fit ends the number.
 *
 * The order makes it checkable: whoever knows only who left, and not who lapsed as well, finds the
 * same steps, because those who left are the first of those who lapsed.
 */
import { checkpointProtocol } from './parameters.ts'
import type { VoterSet } from './voterSet.ts'

/**
 * Of `lapsed`, indices in any order, those that leave within `passed` numbers; from the end of the
 * list on.
 */
export function leaversOf(
  set: Pick<VoterSet, 'voters' | 'stakeMicro'>,
  lapsed: Iterable<number>,
  passed: number,
): readonly number[] {
  const waiting = [...new Set(lapsed)].toSorted((left, right) => right - left)
  let restMicro = set.stakeMicro
  let left = 0
  for (let number = 0; number < passed && left < waiting.length; number += 1) {
    const from = left
    const shareMicro = restMicro / checkpointProtocol.shrinkDivisor
    let goneMicro = 0n
    while (left < waiting.length) {
      const stakeMicro = set.voters[waiting[left] ?? 0]?.stakeMicro ?? 0n
      if (left > from && goneMicro + stakeMicro > shareMicro) break
      goneMicro += stakeMicro
      left += 1
    }
    restMicro -= goneMicro
  }
  return waiting.slice(0, left)
}
