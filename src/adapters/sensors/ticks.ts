/**
 * 1/1024 s ticks, the unit in which straps give intervals and the proof takes them (SENS-1, HRV-1).
 */

export const ticksPerSecond = 1024

/** 300 ms and 2000 ms: what counts as the interval of a heart (clause 1 of `emotional_proof`). */
export const rrTicksMin = 308
export const rrTicksMax = 2048

export function ticksToMs(ticks: number): number {
  return (ticks * 1000) / ticksPerSecond
}

export function msToTicks(durationMs: number): number {
  return (durationMs * ticksPerSecond) / 1000
}

export function isHeartInterval(rrTicks: number): boolean {
  return Number.isInteger(rrTicks) && rrTicks >= rrTicksMin && rrTicks <= rrTicksMax
}
