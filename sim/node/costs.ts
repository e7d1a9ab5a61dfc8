/**
 * What a seat's processor spends, in microseconds, for runs with modelled cryptography: as
 * `npm run bench -- consensus` splits it for the WebAssembly backend that a tab uses, lower deciles
 * on one thread of a server processor at 2.5 GHz that others used too (decision 0017); what no
 * signature costs, `step` and `execute`, is an assumption.
 */
export interface Costs {
  /** Hashing a message to the curve, once a message; what follows comes on top of it. */
  readonly hash: number
  readonly sign: number
  readonly verify: number
  /** fastAggregateVerify of an aggregate made here, and what each key adds to it. */
  readonly aggregateVerify: number
  readonly aggregateVerifyKey: number
  /** What an aggregate that came adds: decompression and subgroup check. */
  readonly aggregateDecode: number
  /** aggregateSignatures, for each signature: decompression and subgroup check. */
  readonly aggregateEach: number
  /** Whether a signature is decoded when it comes instead of when the quorum is there. */
  readonly prepares: boolean
  /** Everything else of a step, and of executing or building an empty block. */
  readonly step: number
  readonly execute: number
  /** Until a safety record is durable: IndexedDB with `durability: 'strict'`. */
  readonly durable: number
}

export const tabCosts: Costs = {
  hash: 2100,
  sign: 1350,
  verify: 7100,
  aggregateVerify: 6400,
  aggregateVerifyKey: 0,
  aggregateDecode: 700,
  aggregateEach: 700,
  prepares: true,
  step: 150,
  execute: 1000,
  durable: 700,
}

/** For runs that look at the rules and not at the time. */
export const noCosts: Costs = {
  hash: 0,
  sign: 0,
  verify: 0,
  aggregateVerify: 0,
  aggregateVerifyKey: 0,
  aggregateDecode: 0,
  aggregateEach: 0,
  prepares: false,
  step: 0,
  execute: 1000,
  durable: 3000,
}
