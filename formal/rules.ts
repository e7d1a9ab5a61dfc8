/**
 * What a model asks before a vote: the predicates of the product (`src/core/bft/guards.ts`), and
 * what certifies. A mutant replaces one of them, and the search must then find a violation.
 */
import { mayCommit, maySignIn, maySkip, mayVote, skipsFillGap } from '../src/core/bft/guards.ts'
import { powerOf } from '../src/core/bft/certificate.ts'
import { quorumOf } from '../src/core/committee/quorum.ts'

export interface Rules {
  readonly maySignIn: typeof maySignIn
  readonly mayVote: typeof mayVote
  readonly mayCommit: typeof mayCommit
  readonly maySkip: typeof maySkip
  readonly skipsFillGap: typeof skipsFillGap
  /** A QC that every seat signed counts as a commit: BFT-5 says why it must not. */
  readonly fullQuorumCommits: boolean
  /** A crash takes the record with it, against BFT-10. */
  readonly losesRecord: boolean
  /** A vote leaves before its record is durable, against BFT-10. */
  readonly sendsBeforeDurable: boolean
}

export const productRules: Rules = {
  maySignIn,
  mayVote,
  mayCommit,
  maySkip,
  skipsFillGap,
  fullQuorumCommits: false,
  losesRecord: false,
  sendsBeforeDurable: false,
}

export interface Seats {
  readonly total: number
  /** Seats that count as having cast every vote there is. */
  readonly faulty: number
  /** `reaches[k]`: whether k seats are a quorum. */
  readonly reaches: readonly boolean[]
  readonly quorum: number
  readonly tolerated: number
}

/** A committee of equal seats; `quorum` replaces the one of the product (BFT-11). */
export function seatsOf(options: {
  readonly total: number
  readonly faulty: number
  readonly quorum?: number | undefined
}): Seats {
  const { total, faulty } = options
  const product = quorumOf(Array.from({ length: total }, () => 1))
  const quorum = options.quorum ?? product.quorumPower
  const env = { seats: Array.from({ length: total }, () => ({ epochKey: noKey, power: 1 })) }
  const reaches = Array.from(
    { length: total + 1 },
    (_, count) => powerOf(env, [...Array(count).keys()]) >= quorum,
  )
  return { total, faulty, reaches, quorum, tolerated: product.faultyPower }
}

const noKey = new Uint8Array(48)
