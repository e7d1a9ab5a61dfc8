/**
 * Times beside intervals: what lies between two rows and is in no interval is a gap (SENS-3).
 *
 * Two kinds of table have them. In one a time is that of the beat that ends the interval, so that
 * times and intervals say the same; there a gap is what is longer than half an interval. In the
 * other it is when a packet came, late by up to seconds and with several beats or none; there a
 * gap is what makes a sample stale.
 */

import { InputError } from './inputError.ts'

const staleMs = 3000
/** Times are those of beats when most of them agree with their interval to within this. */
const agreeMs = 30
const unitsToMs = [1, 1000, 1e-3, 1e-6]
const longestMs = 24 * 3_600_000

export interface TimedInterval {
  readonly line: number
  readonly rrMs: number
  /** As it stands in the file. */
  readonly time: number
}

/** Milliseconds in no interval before each; undefined where the times are no times. */
export function missingMs(
  rows: readonly TimedInterval[],
  toMs: number | undefined,
): readonly number[] | undefined {
  const steps = rows.map(({ time, line }, index) => {
    const step = time - (rows[index - 1]?.time ?? time)
    if (step >= 0) return step
    throw new InputError('TIME_WRONG', `line ${line}: the time goes back to ${time}.`, line)
  })
  const factor = toMs ?? unitOf(steps, rows)
  if (factor === undefined) return undefined
  const left = leftOver(
    rows,
    steps.map((step) => factor * step),
  )
  const agreeing = left.filter((ms) => Math.abs(ms) <= agreeMs).length
  const areAlone = steps.every((step, index) => index === 0 || step > 0)
  const isOfBeats = areAlone && 2 * agreeing > left.length
  return left.map((ms, index) => {
    const { rrMs = 0, line } = rows[index] ?? {}
    if (ms > longestMs) {
      const text = `line ${line}: the time jumps by more than a day. Cut the file there.`
      throw new InputError('TIME_WRONG', text, line)
    }
    return ms > (isOfBeats ? rrMs / 2 : staleMs) ? ms : 0
  })
}

/** What a step of time has beyond its intervals; those of one time came in one packet. */
function leftOver(rows: readonly TimedInterval[], stepsMs: readonly number[]): readonly number[] {
  const left = rows.map(() => 0)
  let first = 0
  for (const [index, { rrMs, time }] of rows.entries()) {
    if (time !== rows[first]?.time) {
      first = index
      left[first] = stepsMs[index] ?? 0
    }
    if (first > 0) left[first] = (left[first] ?? 0) - rrMs
  }
  return left
}

/** The unit in which a packet and its intervals last about as long; a mere index has none. */
function unitOf(steps: readonly number[], rows: readonly TimedInterval[]): number | undefined {
  const packets = steps.filter((step) => step > 0).sort((one, other) => one - other)
  const step = packets[packets.length >> 1] ?? 0
  const wholeMs = rows.reduce((sum, { rrMs }) => sum + rrMs, 0)
  const packetMs = wholeMs / Math.max(1, packets.length)
  return unitsToMs.find((toMs) => toMs * step > packetMs / 2 && toMs * step < 2 * packetMs)
}
