/** Proposals that are wrong by their bytes (E5), and votes for them (E6): named, and no harm. */
import { proposeMalformed } from '../adversary/malformed.ts'
import { withFaulty } from './byzantine.ts'
import type { Scenario } from './scenario.ts'

export const malformedScenarios: readonly Scenario[] = [
  withFaulty(
    'malformed-proposal',
    'a faulty leader’s certificates, time or seat are wrong: it is named (E5)',
    (sim, byzantine) => proposeMalformed(sim, { byzantine, isVotedFor: false }),
    (judge, _sim, faulty) => judge.named(faulty, 'E5_MALFORMED_PROPOSAL'),
  ),
  withFaulty(
    'vote-on-malformed',
    'faulty seats vote for what a faulty leader made wrong: all are named (E5, E6)',
    (sim, byzantine) => proposeMalformed(sim, { byzantine, isVotedFor: true }),
    (judge, _sim, faulty) =>
      judge.named(faulty, 'E5_MALFORMED_PROPOSAL').named(faulty, 'E6_VOTE_ON_MALFORMED'),
  ),
]
