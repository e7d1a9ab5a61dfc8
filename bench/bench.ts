/** What every bench of `main.ts` is. */

export interface Bench {
  (options: { readonly runs: number; readonly blocks?: number }): Promise<BenchReport>
}

interface BenchReport {
  readonly data: object
  /** Lines for people. */
  readonly table: readonly string[]
  /** A plot of it. */
  readonly svg?: string
}
