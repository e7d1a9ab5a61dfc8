/** One committee by the production draw, from tickets that only the seed decides. */
import { drawSeats, type Candidate } from '../../src/core/committee/draw.ts'
import { kappaQ32 } from '../../src/core/committee/ticket.ts'
import { concat, u32be } from '../../src/core/base/bytes.ts'
import { hash } from '../../src/core/crypto/hash.ts'

export const seatsDrawn = 21

export interface DrawPlace {
  readonly seed: number
  readonly round: number
}

/** Whether an identity is called at all, before the n least κ are taken (COM-1). */
export type IsCalled = (kappaQ32: bigint, uniform: number) => boolean

/** Of identities with these weights (2^-32): the places of those who are seated. */
export function ticketDraw(
  weights: readonly bigint[],
  { seed, round }: DrawPlace,
  isCalled: IsCalled = () => true,
): readonly number[] {
  const beacon = hash('beacon', u32be(seed), u32be(round))
  const members: (Candidate & { readonly index: number })[] = []
  for (const [index, weight] of weights.entries()) {
    const digest = hash('ticket', beacon, u32be(index))
    const kappa = kappaQ32(concat(digest, digest, digest), weight)
    const uniform = ((digest[0] ?? 0) + (digest[1] ?? 0) / 256) / 256
    if (!isCalled(kappa, uniform)) continue
    members.push({ validator: u32be(index), index, kappaQ32: kappa, score: 8000 })
  }
  const drawn = drawSeats(members, { beacon, count: seatsDrawn, scoreCap: 8500 })
  return drawn.map(({ index }) => index)
}
