/** Options of the simulator that would be ignored are refused, with what to do. */
import { expect, it } from 'vitest'
import { conflictOf } from './simOptions.ts'

it.each([
  ['scenario', ['scenario', 'committee', 'byzantine', 'crypto', 'seeds', 'seed', 'json']],
  ['network', ['validators', 'regions', 'offline', 'byzantine', 'tps', 'svg', 'seed']],
  ['campaign', ['campaign', 'seed', 'json']],
  ['endurance', ['endurance', 'committee', 'seed']],
] as const)('%s takes %s', (kind, given) => {
  expect(conflictOf(kind, given)).toBeUndefined()
})

it.each([
  [
    'scenario',
    ['scenario', 'regions'],
    /^--regions means nothing with --scenario.*no --scenario\.$/,
  ],
  ['scenario', ['scenario', 'tps', 'offline'], /^--tps --offline means nothing/],
  [
    'network',
    ['crypto'],
    /^--crypto means nothing with a run without --scenario.*use --scenario\.$/,
  ],
  ['campaign', ['campaign', 'committee'], /^--committee means nothing with --campaign/],
  ['endurance', ['endurance', 'scenario'], /^--scenario means nothing with --endurance/],
] as const)('%s with %s is refused', (kind, given, said) => {
  expect(conflictOf(kind, given)).toMatch(said)
})
