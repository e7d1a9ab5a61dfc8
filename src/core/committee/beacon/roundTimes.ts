/** When what counts in a round of the sharing (BEACON-6): thirtieths of the epoch (EPOCH-1). */
import type { Params } from '../../params.ts'

/** Milliseconds since the start of the epoch. */
export interface RoundTimes {
  /** The first block from here on fixes the set of deals: 14 s of 30. */
  readonly fixMs: number
  /** From here on shares count as well: 18 s of 30. */
  readonly sharesMs: number
  /** From here on a boundary need not wait any longer: 40 s of 30. */
  readonly limitMs: number
}

export function roundTimesOf({ epochMs }: Pick<Params, 'epochMs'>): RoundTimes {
  const thirtieths = (count: number): number => Math.floor((epochMs * count) / 30)
  return { fixMs: thirtieths(14), sharesMs: thirtieths(18), limitMs: thirtieths(40) }
}
