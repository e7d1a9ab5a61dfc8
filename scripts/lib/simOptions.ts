/** Which options of `npm run sim` each kind of run understands. */

/** The options that ask for another kind of run than the finality of a large network. */
export const runKinds = ['endurance', 'campaign', 'scenario'] as const

type RunKind = (typeof runKinds)[number] | 'network'

const everywhere = ['seed', 'json']

const understood: Readonly<Record<RunKind, readonly string[]>> = {
  endurance: ['endurance', 'committee'],
  campaign: ['campaign'],
  scenario: ['scenario', 'seeds', 'committee', 'byzantine', 'crypto', 'svg'],
  network: [
    'validators',
    'committee',
    'regions',
    'offline',
    'byzantine',
    'draws',
    'seconds',
    'loss',
    'interval',
    'followers',
    'tps',
    'execute',
    'svg',
  ],
}

const reasons: Readonly<Record<RunKind, string>> = {
  endurance: 'it runs one committee with a network of its own',
  campaign: 'it draws scenarios, committees and faults by itself',
  scenario: 'a scenario chooses network, length and faults by itself',
  network: 'it times modelled signatures of one seed',
}

/** What is wrong with these options for that run, and what to do; undefined when nothing is. */
export function conflictOf(kind: RunKind, given: readonly string[]): string | undefined {
  const known = [...everywhere, ...understood[kind]]
  const useless = given.filter((name) => !known.includes(name))
  if (useless.length === 0) return undefined
  const names = useless.map((name) => `--${name}`).join(' ')
  const run = kind === 'network' ? 'a run without --scenario' : `--${kind}`
  const kinds = [...runKinds, 'network'] as const
  const others = kinds.filter((one) => useless.every((name) => understood[one].includes(name)))
  const instead = others.map((one) => (one === 'network' ? 'no --scenario' : `--${one}`))
  const hint = instead.length === 0 ? '' : `, or use ${instead.join(' or ')}`
  return `${names} means nothing with ${run}: ${reasons[kind]}. Leave it out${hint}.`
}
