/** Proposals that are wrong by their bytes (E5), and votes for them (E6): named, and no harm. */
import { proposeMalformed } from '../adversary/malformed.ts'
import type { Simulation } from '../simulation.ts'
import { withFaulty } from './byzantine.ts'
import type { Judge, Scenario } from './scenario.ts'

function allNamedFor(
  ...kinds: readonly string[]
): (judge: Judge, sim: Simulation, faulty: ReadonlySet<number>) => void {
  return (judge, sim, faulty) => {
    for (const kind of kinds) {
      const named = [...faulty].filter((seat) => sim.oracle.convicted.get(seat)?.has(kind) === true)
      judge.fact(kind.slice(0, 2), named.length)
      judge.expect(named.length > 0, `nobody was named for ${kind}`)
    }
  }
}

export const malformedScenarios: readonly Scenario[] = [
  withFaulty(
    'malformed-proposal',
    'a faulty leader’s certificates, time or seat are wrong: it is named (E5)',
    (sim, byzantine) => proposeMalformed(sim, { byzantine, isVotedFor: false }),
    allNamedFor('E5_MALFORMED_PROPOSAL'),
  ),
  withFaulty(
    'vote-on-malformed',
    'faulty seats vote for what a faulty leader made wrong: all are named (E5, E6)',
    (sim, byzantine) => proposeMalformed(sim, { byzantine, isVotedFor: true }),
    allNamedFor('E5_MALFORMED_PROPOSAL', 'E6_VOTE_ON_MALFORMED'),
  ),
]
