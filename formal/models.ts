/**
 * Every model that `npm run model-check` explores: the agreement as the product has it, which must
 * hold, and what is known to break it, which the search must find.
 */
import { agreement } from './agreement.ts'
import { treeOf } from './blocks.ts'
import { fastPath, fastRulesOf, type FastRules } from './fastPath.ts'
import { interleaved } from './interleaved.ts'
import { productRules, seatsOf, type Rules } from './rules.ts'
import { sealRulesOf, type SealRules } from './seal.ts'
import { explore, type Exploration } from './search.ts'
import { viewByView } from './viewByView.ts'

export interface NamedModel {
  readonly name: string
  readonly seats: string
  readonly views: number
  /** How the first violation begins; undefined when there must be none. */
  readonly expected: string | undefined
  /** `quick` ones are also a unit test; `deep` ones run only when asked for. */
  readonly size: 'quick' | 'usual' | 'deep'
  readonly run: (options: { readonly statesMax: number }) => Exploration
}

interface Options {
  readonly size?: NamedModel['size']
  readonly total?: number
  readonly faulty?: number
  readonly quorum?: number
  readonly views?: number
  readonly roots?: number
  readonly twins?: number
  readonly rules?: Partial<Rules>
  readonly fails?: string
}

function committee(options: Options) {
  const { total = 4, faulty = 1, quorum, views = 3, roots = 1, twins = 1 } = options
  const seats = seatsOf({ total, faulty, quorum })
  return {
    seats,
    views,
    rules: { ...productRules, ...options.rules },
    tree: treeOf({ views, roots, twins }),
    head: {
      seats: `n=${total} q=${seats.quorum} faulty=${faulty}`,
      views,
      expected: options.fails,
      size: options.size ?? 'quick',
    },
  }
}

function views(
  name: string,
  options: Options & { readonly crashes?: boolean; readonly mayStop?: boolean } = {},
): NamedModel {
  const { seats, rules, tree, head } = committee(options)
  const { crashes = false, mayStop = false } = options
  const run: NamedModel['run'] = (limits) =>
    explore(viewByView(tree, agreement({ seats, rules, crashes, mayStop })), limits)
  return { name, ...head, run }
}

function epoch(
  name: string,
  options: Options & { readonly seal?: Partial<SealRules>; readonly fewerSeals?: number } = {},
): NamedModel {
  const { seats, rules, tree, head, views: count } = committee({ views: 2, ...options })
  const base = sealRulesOf(seats, { views: count })
  const quorum = base.quorum - (options.fewerSeals ?? 0)
  const seal = options.seal && { ...base, quorum, ...options.seal }
  const run: NamedModel['run'] = (limits) =>
    explore(interleaved({ tree, seats, rules, ...(seal && { seal }) }), limits)
  return { name, ...head, run }
}

function fast(name: string, options: Options & { readonly fast?: Partial<FastRules> }): NamedModel {
  const { seats, rules, tree, head } = committee({ total: 6, views: 2, ...options })
  const fastRules = { ...fastRulesOf(seats, 1), ...options.fast }
  const run: NamedModel['run'] = (limits) =>
    explore(viewByView(tree, fastPath({ seats, rules, fast: fastRules })), limits)
  return { name, ...head, run }
}

const agreementModels: readonly NamedModel[] = [
  views('agreement'),
  views('agreement', { views: 4, size: 'usual' }),
  views('agreement', { total: 5 }),
  views('agreement', { total: 6, size: 'usual' }),
  views('agreement', { total: 9, faulty: 2, views: 2, size: 'usual' }),
  views('agreement', { total: 21, faulty: 6, views: 1, size: 'usual' }),
  views('agreement, two blocks on each parent', { views: 2, twins: 2 }),
  views('agreement, two roots', { roots: 2 }),
  views('agreement, crashes with a durable record', { views: 1, crashes: true }),
  views('agreement, crashes with a durable record', { views: 2, crashes: true, size: 'usual' }),
  epoch('agreement, every interleaving', { size: 'usual' }),
  epoch('agreement, every interleaving', { total: 5, size: 'usual' }),
]

const agreementMutants: readonly NamedModel[] = [
  views('COMMIT after SKIP', {
    rules: { mayCommit: ({ commit }) => commit === undefined },
    fails: 'FC and NC',
  }),
  views('SKIP after COMMIT', {
    rules: { maySkip: ({ skip }) => skip === undefined },
    fails: 'FC and NC',
  }),
  views('two votes a view', { rules: { mayVote: () => true }, fails: 'two QCs' }),
  views('full QC taken as commit', { rules: { fullQuorumCommits: true }, fails: 'FC and NC' }),
  views('no justification: views left out without NC', {
    rules: { skipsFillGap: () => true },
    fails: 'fork',
  }),
  views('record lost in a crash', {
    views: 1,
    crashes: true,
    rules: { losesRecord: true },
    fails: 'two QCs',
  }),
  views('sent before the record is durable', {
    views: 1,
    crashes: true,
    rules: { sendsBeforeDurable: true },
    fails: 'two QCs',
  }),
  views('signs below its floor', {
    views: 1,
    crashes: true,
    rules: { maySignIn: () => true },
    fails: 'two QCs',
  }),
  views('q = 2F+1', { total: 5, quorum: 3, fails: 'two QCs' }),
  views('q = 2F+1', { total: 6, quorum: 3, fails: 'two QCs' }),
  views('q = 2F+1', {
    total: 21,
    faulty: 6,
    views: 1,
    quorum: 13,
    size: 'usual',
    fails: 'two QCs',
  }),
  views('q above n-F', { total: 5, quorum: 5, fails: 'view 1 cannot end' }),
  views('one faulty seat too many', { faulty: 2, mayStop: true, fails: 'two QCs' }),
]

const sealModels: readonly NamedModel[] = [
  epoch('SEAL-1, seals last', { seal: { last: true }, size: 'usual' }),
  epoch('SEAL-1, seals last', { total: 5, seal: { last: true }, size: 'usual' }),
  epoch('SEAL-1, seals at any time', { seal: {}, size: 'deep' }),
  epoch('SEAL-1, one block to start from', {
    total: 5,
    seal: { oneRoot: true },
    fails: 'two hand-overs',
  }),
  epoch('SEAL-1, one seal fewer', {
    total: 5,
    seal: {},
    fewerSeals: 1,
    fails: '1a<root0 is final',
  }),
  epoch('SEAL-1, signs after its seal', {
    total: 5,
    seal: { signsAfter: true },
    fails: '1a<root0 is final',
  }),
  epoch('SEAL-1, a seal hides a commit', {
    total: 5,
    seal: { hidesCommits: true },
    fails: '1a<root0 is final',
  }),
]

const fastModels: readonly NamedModel[] = [
  fast('fast path', { views: 1 }),
  fast('fast path', { size: 'usual' }),
  fast('fast path', { views: 3, size: 'deep' }),
  fast('fast path, one QC a view', { fast: { oneCertified: true }, fails: 'two QCs' }),
  fast('fast path, SKIP after VOTE as in BFT-5', {
    fast: { skipsFreely: true },
    fails: 'FC and NC',
  }),
  fast('fast path, COMMIT of another block as in BFT-4', {
    fast: { commitsOther: true },
    size: 'usual',
    fails: 'fork',
  }),
  fast('fast path, fast quorum n-2p', { fast: { fastQuorum: 4 }, fails: 'FC and NC' }),
  fast('fast path, evidence of F+p', { fast: { evidence: 2 }, fails: 'FC and NC' }),
  fast('fast path, evidence of F+p+2', { fast: { evidence: 4 }, fails: 'view 1 cannot end' }),
]

export const models: readonly NamedModel[] = [
  ...agreementModels,
  ...agreementMutants,
  ...sealModels,
  ...fastModels,
]
