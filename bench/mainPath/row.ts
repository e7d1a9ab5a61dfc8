/** One figure of the main path: what was measured, each value of it, and its budget. */

export interface Row {
  readonly name: string
  readonly unit: 'ms' | 's' | 'MB'
  /** Measured one after the other; the median counts. */
  readonly values: readonly number[]
  /** The most that the median may be. */
  readonly budget: number
}
