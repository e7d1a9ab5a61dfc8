/**
 * Which intervals are no normal beats: ectopic, missed, extra, too long or too short (HRV-1).
 *
 * After Lipponen & Tarvainen, "A robust algorithm for heart rate variability time series artefact
 * correction using novel beat classification", J. Med. Eng. Technol. 2019. Deviations:
 * - the quartiles of a threshold are taken over the whole record: the paper's 91 beats do not fit
 *   in 60 s;
 * - a threshold is at least 1/16 of the median interval, so that a very even heart is not marked;
 * - intervals are marked, never corrected: the proof is over what the sensor sent;
 * - a pair that the statement's bound refuses (3/2) marks the member farther from the median.
 *
 * Thresholds are kept in 1/40 ticks: 5.2 · half the quartile distance is 26/40 of four times it.
 */

import { lowerMedian } from './integers.ts'
import { neighbours, withinPairBound } from './window.ts'

const medianReach = 5

interface Series {
  readonly ticks: readonly number[]
  /** Difference to the interval before; 0 for the first. */
  readonly steps: readonly number[]
  readonly stepBound40: number
  readonly localMedians: readonly number[]
  /** Distance to the local median, doubled when below it. */
  readonly departures: readonly number[]
  readonly departureBound40: number
}

export function artefactMarks(ticks: readonly number[]): readonly boolean[] {
  const marks = ticks.map(() => false)
  if (ticks.length < 3) return marks
  const median = lowerMedian(ticks)
  const series = describe(ticks, median)

  let index = 0
  while (index < ticks.length) index += classify(series, index, marks)
  markImpossiblePairs(ticks, median, marks)
  return marks
}

function describe(ticks: readonly number[], median: number): Series {
  const steps = [0, ...neighbours(ticks).map(([left, right]) => right - left)]
  const localMedians = ticks.map((_, index) =>
    lowerMedian(ticks.slice(Math.max(0, index - medianReach), index + medianReach + 1)),
  )
  const departures = ticks.map((rr, index) => {
    const departure = rr - (localMedians[index] ?? rr)
    return departure < 0 ? 2 * departure : departure
  })
  const boundMin40 = Math.floor((40 * median) / 16)
  const stepBound40 = Math.max(boundMin40, 26 * quartileDistance4(steps.slice(1)))
  const departureBound40 = Math.max(boundMin40, 26 * quartileDistance4(departures))
  return { ticks, steps, stepBound40, localMedians, departures, departureBound40 }
}

/** Four times the distance of the quartiles of the magnitudes, interpolated as NumPy does. */
function quartileDistance4(values: readonly number[]): number {
  const sorted = values.map((value) => Math.abs(value)).sort((left, right) => left - right)
  const at4 = (position4: number): number => {
    const low = sorted[position4 >> 2] ?? 0
    const high = sorted[(position4 >> 2) + 1] ?? low
    return 4 * low + (position4 & 3) * (high - low)
  }
  return at4(3 * (sorted.length - 1)) - at4(sorted.length - 1)
}

/** Marks what is found at `index` and returns how many intervals it covers. */
function classify(series: Series, index: number, marks: boolean[]): number {
  const { steps, stepBound40, departures, departureBound40 } = series
  const step40 = 40 * (steps[index] ?? 0)
  const isJump = Math.abs(step40) > stepBound40
  if (isJump && isEctopic(series, index)) {
    // Short then long, or long then short: both intervals touch the ectopic beat.
    marks[Math.max(0, index - 1)] = true
    marks[index] = true
    return 1
  }
  if (!isJump && 40 * Math.abs(departures[index] ?? 0) <= 3 * departureBound40) return 1

  const candidates = [index]
  const next = Math.abs(steps[index + 1] ?? 0)
  if (next < Math.abs(steps[index + 2] ?? 0)) candidates.push(index + 1)
  for (const candidate of candidates) {
    if (candidate >= series.ticks.length) continue
    const covered = markLongOrShort(series, candidate, marks)
    if (covered > 0) return candidate - index + covered
  }
  return 1
}

/** Equations 1 and 2 of the paper: a jump between two jumps the other way (c1 0.13, c2 0.17). */
function isEctopic({ steps, stepBound40 }: Series, index: number): boolean {
  const step = steps[index] ?? 0
  const before = steps[index - 1] ?? 0
  const after = steps[index + 1] ?? 0
  const around = step > 0 ? Math.max(before, after) : Math.min(before, after)
  // s12 < −0.13·d − 0.17·Th with Th = stepBound40 / 40, all times 4000; mirrored for d < 0.
  return step > 0
    ? 4000 * around < -520 * step - 17 * stepBound40
    : 4000 * around > -520 * step + 17 * stepBound40
}

/** Long and short beats, missed and extra ones. Returns the number of intervals marked. */
function markLongOrShort(series: Series, index: number, marks: boolean[]): number {
  const { ticks, steps, stepBound40, localMedians, departures, departureBound40 } = series
  const step40 = 40 * (steps[index] ?? 0)
  const after = [steps[index + 1] ?? 0, steps[index + 2] ?? 0] as const
  const isLong = step40 > stepBound40 && 40 * Math.min(...after) < -stepBound40
  const isShort = step40 < -stepBound40 && 40 * Math.max(...after) > stepBound40
  const isFar = 40 * Math.abs(departures[index] ?? 0) > 3 * departureBound40
  if (!isLong && !isShort && !isFar) return 0

  marks[index] = true
  const successor = ticks[index + 1]
  if (!isShort || successor === undefined) return 1
  const joined = (ticks[index] ?? 0) + successor - (localMedians[index] ?? 0)
  if (40 * Math.abs(joined) >= departureBound40) return 1
  marks[index + 1] = true
  return 2
}

function markImpossiblePairs(ticks: readonly number[], median: number, marks: boolean[]): void {
  for (const [index, pair] of neighbours(ticks).entries()) {
    if (marks[index] === true || marks[index + 1] === true || withinPairBound(pair)) continue
    const leftIsFarther = Math.abs(pair[0] - median) > Math.abs(pair[1] - median)
    marks[leftIsFarther ? index : index + 1] = true
  }
}
