/**
 * What one peer showed of its clock (TIME-1). An answer that took R says where that clock stands to
 * within R / 2 either way, whoever delayed it and on whichever way; so the answer that was quickest
 * counts, of a few.
 */

export interface ClockSample {
  /** Ahead of this clock, in ms, as if the answer had taken as long as the question. */
  readonly offsetMs: number
  readonly roundTripMs: number
}

/**
 * Slower answers do not count. Delayed on one way only they move a clock by half of it, two honest
 * seats by as much in opposite directions, and a header of one must be timely for the other: a
 * header may be 500 ms ahead (TIME-1).
 */
export const roundTripMsMax = 500

/** A minute of one every 10 s. */
const samplesMax = 6

/** Rounding of times to whole ms, at either end. */
const slackMs = 8

/**
 * With `fresh` as the newest. What is too far from it to be true together with it was said before
 * one of the two clocks was set: it is left out.
 */
export function withSample(
  samples: readonly ClockSample[],
  fresh: ClockSample,
): readonly ClockSample[] {
  const agreeing = samples.filter(
    (one) =>
      2 * Math.abs(one.offsetMs - fresh.offsetMs) <= one.roundTripMs + fresh.roundTripMs + slackMs,
  )
  return [...agreeing, fresh].slice(-samplesMax)
}

/** Undefined while no answer was quick enough. */
export function bestOffset(samples: readonly ClockSample[]): number | undefined {
  const quick = samples.filter(({ roundTripMs }) => roundTripMs <= roundTripMsMax)
  const [best] = quick.toSorted((left, right) => left.roundTripMs - right.roundTripMs)
  return best?.offsetMs
}
