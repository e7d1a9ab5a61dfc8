/**
 * Who is drawn for a restart (RECOVER-1): the lowest κ = −ln(u)/stake, as for committees (COM-2:
 * stake above the cap gains nothing), with u from a hash. The aggregator of an attempt follows from
 * what all nodes share at the boundary before the epoch, whatever they saw since; the seats follow
 * from the base, so that nobody knew them while the base was made, and from the attempt.
 */
import { readU64be, u32be, u64be } from '../base/bytes.ts'
import { negativeLnQ64 } from '../committee/ln.ts'
import { hash } from '../crypto/hash.ts'
import type { RestartEnv } from './env.ts'

type DrawEnv = Pick<RestartEnv, 'set' | 'epoch' | 'beacon'> & {
  readonly params: Pick<RestartEnv['params'], 'stakeCapMicro'>
}

const uses = { aggregator: 1, seats: 2 } as const

interface Ticket {
  readonly voter: number
  readonly lnQ64: bigint
  readonly stakeMicro: bigint
}

/** The voter who makes the list of this attempt. */
export function restartAggregator(env: DrawEnv, attempt: number): number {
  const seed = { use: 'aggregator', source: env.beacon, attempt } as const
  const everybody = env.set.voters.map((_, voter) => voter)
  return ordered(env, everybody, seed)[0] ?? 0
}

/** Of `reporters`, indices in any order, those who get the seats; best first. */
export function restartSeats(
  env: DrawEnv,
  reporters: Iterable<number>,
  place: { readonly base: Uint8Array; readonly attempt: number; readonly count: number },
): readonly number[] {
  const seed = { use: 'seats', source: place.base, attempt: place.attempt } as const
  return ordered(env, [...new Set(reporters)], seed).slice(0, place.count)
}

/** Also orders the leaders. */
export function restartSeed(base: Uint8Array, attempt: number): Uint8Array {
  return hash('restartDraw', Uint8Array.of(0), base, u32be(attempt))
}

function ordered(
  env: DrawEnv,
  voters: readonly number[],
  seed: {
    readonly use: keyof typeof uses
    readonly source: Uint8Array
    readonly attempt: number
  },
): readonly number[] {
  const tag = Uint8Array.of(uses[seed.use])
  const place = [u64be(env.epoch), u32be(seed.attempt)]
  const tickets = voters.flatMap((voter): Ticket[] => {
    const entry = env.set.voters[voter]
    if (entry === undefined) return []
    const digest = hash('restartDraw', tag, seed.source, ...place, entry.account)
    const uniform = (readU64be(digest) << 64n) | readU64be(digest.subarray(8))
    const { stakeCapMicro } = env.params
    const stakeMicro = entry.stakeMicro < stakeCapMicro ? entry.stakeMicro : stakeCapMicro
    return [{ voter, lnQ64: negativeLnQ64(uniform + 1n), stakeMicro }]
  })
  // κ compared exactly, by the products.
  tickets.sort((left, right) => {
    const difference = left.lnQ64 * right.stakeMicro - right.lnQ64 * left.stakeMicro
    if (difference !== 0n) return difference < 0n ? -1 : 1
    return left.voter - right.voter
  })
  return tickets.map(({ voter }) => voter)
}
