/**
 * Intervals between beats of one series, and which of them are doubtful (QUAL-1).
 *
 * An interval further than a fifth from its local median is an outlier, as Malik's filter has it
 * (Eur. Heart J. 10, 1989, with the neighbour; here the median of eleven, which one wrong beat does
 * not move): perhaps a beat was missed there, or one too many found.
 */

export interface FoundBeat {
  readonly timeMs: number
  readonly isDoubtful: boolean
  /** One standard deviation. */
  readonly uncertaintyMs?: number
}

export interface JudgedInterval {
  /** When it ends. */
  readonly timeMs: number
  readonly rrMs: number
  /** One standard deviation of `rrMs`, where both beats state theirs. */
  readonly uncertaintyMs?: number
  readonly isDoubtful: boolean
  readonly isOutlier: boolean
}

const medianShareMax = 0.2
const medianReach = 5

export function judgeIntervals(beats: readonly FoundBeat[]): readonly JudgedInterval[] {
  const rr = beats.slice(1).map(({ timeMs }, index) => timeMs - (beats[index]?.timeMs ?? 0))
  return rr.map((rrMs, index) => {
    const [left, right] = [beats[index], beats[index + 1]]
    const median = medianOf(rr.slice(Math.max(0, index - medianReach), index + medianReach + 1))
    return {
      timeMs: right?.timeMs ?? 0,
      rrMs,
      ...uncertaintyOf(left, right),
      isDoubtful: left?.isDoubtful === true || right?.isDoubtful === true,
      isOutlier: Math.abs(rrMs - median) > medianShareMax * median,
    }
  })
}

function uncertaintyOf(
  left: FoundBeat | undefined,
  right: FoundBeat | undefined,
): { readonly uncertaintyMs?: number } {
  if (left?.uncertaintyMs === undefined || right?.uncertaintyMs === undefined) return {}
  return { uncertaintyMs: Math.hypot(left.uncertaintyMs, right.uncertaintyMs) }
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[sorted.length >> 1] ?? 0
}
