/** How a run on the production ledger goes. */
export interface LedgerOptions {
  /** Between two payments of an account, ms. */
  readonly paymentEveryMs: number
  /** Judging the proof of a READY that comes with a block and was not here before, µs. */
  readonly proofUs: number
  /** The same for a part of the sharing. */
  readonly partUs: number
  readonly executeEachUs: number
  /** Validators that announce an absence in epoch 1 and are ready again in epoch 3. */
  readonly away: readonly number[]
  /** Validators whose blocks leave out every READY and CONFIRM of the others. */
  readonly censors: readonly number[]
}

export const standardLedger: LedgerOptions = {
  paymentEveryMs: 1500,
  proofUs: 11_100, // Decision 0031.
  partUs: 1400, // A deal among four (docs/spec/beacon.md).
  executeEachUs: 100,
  away: [],
  censors: [],
}
