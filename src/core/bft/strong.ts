/**
 * Strong finality (BFT-12): COMMITs that come after the commit certificate are kept as long as
 * their view is, and when enough power has signed, they make a larger certificate.
 */
import type { Vote } from '../codec/chain.ts'
import { equalBytes } from '../base/bytes.ts'
import { aggregate, certificateIsValid, powerOf, seatsOf } from './certificate.ts'
import { patchView, viewState, type Draft } from './draft.ts'
import { dropWrong } from './wrongVotes.ts'

/** Called after a COMMIT of `view` was kept, or its certificate was taken in. */
export function strengthen(draft: Draft, view: number): void {
  const { env } = draft
  const here = viewState(draft.state, view)
  const certificate = here.commitCertificate
  if (certificate === undefined || here.isStrong) return
  if (powerOf(env, seatsOf(env, certificate)) >= env.strongPower) {
    report(draft, view, certificate)
    return
  }
  const { block } = certificate
  const equal = [...here.commits.values()].filter((slot) => equalBytes(slot.vote.block, block))
  const power = (some: readonly Vote[]): number =>
    powerOf(
      env,
      some.map(({ seat }) => seat),
    )
  const votes = equal.map((slot) => slot.vote)
  if (power(votes) < env.strongPower) return
  const optimistic = aggregate(env, votes)
  if (optimistic !== undefined && certificateIsValid(env, optimistic)) {
    report(draft, view, optimistic)
    return
  }
  // Someone's signature is wrong: forget it, and count again when the next one comes.
  const good = dropWrong(draft, 'commits', equal)
  const rest = good.map((slot) => slot.vote)
  const certain = aggregate(env, rest)
  if (certain !== undefined && power(rest) >= env.strongPower) report(draft, view, certain)
}

function report(
  draft: Draft,
  view: number,
  certificate: NonNullable<ReturnType<typeof aggregate>>,
): void {
  patchView(draft, view, { isStrong: true })
  draft.late.push({ type: 'strong', certificate })
}
