/**
 * Which of some equal votes are wrong, when their aggregate does not hold: by halves, so that one
 * wrong signature among 15 costs at most nine checks instead of 15.
 *
 * Sums are linear: of a set that fails one half fails, and when the first holds it is the second.
 * Nobody is called wrong by that alone. Wrong signatures made to cancel each other may pass
 * together, and their sum is as good as any; that makes none of them verified. Who spoils a second
 * sum of a view meets single checks, whose answers are kept.
 */
import type { Vote } from '../codec/chain.ts'
import { patchView, refuse, viewState, type Draft } from './draft.ts'
import { messageOf, voteIsSigned } from './signing.ts'
import type { AgreementEnv, VoteSlot } from './types.ts'

/** Of votes for one block whose aggregate fails: forgets the wrong ones, and gives the others. */
export function dropWrong(
  draft: Draft,
  kind: 'votes' | 'commits' | 'skips',
  equal: readonly VoteSlot[],
): readonly VoteSlot[] {
  const [first] = equal
  if (first === undefined) return []
  const { env, state } = draft
  const unknown = equal.filter(({ verified }) => !verified).map(({ vote }) => vote)
  const isAgain = equal.some(({ summed }) => summed === true)
  const suspects = new Set(isAgain ? unknown : failing(env, unknown))
  const slots = new Map(viewState(state, first.vote.view)[kind])
  const good: VoteSlot[] = []
  for (const { vote, verified } of equal) {
    if (suspects.has(vote) && !voteIsSigned(env, vote)) {
      slots.delete(vote.seat)
      refuse(draft, vote)
      continue
    }
    const isVerified = verified || suspects.has(vote)
    good.push(isVerified ? { vote, verified: true } : { vote, verified: false, summed: true })
  }
  for (const slot of good) slots.set(slot.vote.seat, slot)
  patchView(draft, first.vote.view, { [kind]: slots })
  return good
}

/** So few are asked one by one: as cheap as halves, and their answers can be kept. */
const aloneMax = 3

/** Where the wrong ones are. Precondition: they fail together. */
function failing(env: AgreementEnv, votes: readonly Vote[]): readonly Vote[] {
  if (votes.length <= aloneMax) return votes
  const middle = votes.length >>> 1
  const [left, right] = [votes.slice(0, middle), votes.slice(middle)]
  if (holdTogether(env, left)) return failing(env, right)
  if (holdTogether(env, right)) return failing(env, left)
  return [...failing(env, left), ...failing(env, right)]
}

function holdTogether(env: AgreementEnv, votes: readonly Vote[]): boolean {
  const [first] = votes
  const seats = new Set(votes.map(({ seat }) => seat))
  const keys = env.seats.filter((_, seat) => seats.has(seat)).map((seat) => seat.epochKey)
  // Bytes that are no signature have no sum.
  const signature = env.bls.aggregateSignatures(votes.map((vote) => vote.signature))
  if (first === undefined || signature === undefined) return false
  return env.bls.fastAggregateVerify(keys, messageOf(env, first), signature)
}
