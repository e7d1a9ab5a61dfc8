/**
 * Everything at once, drawn from the seed: liars of two kinds and seats that fail, F in all, among
 * bad links, cuts and crashes of everybody. Safety holds all along; when only the liars are left,
 * finality is back within 30 s.
 */
import { equivocate } from '../adversary/equivocate.ts'
import { proposeMalformed } from '../adversary/malformed.ts'
import type { SeededRandom } from '../base/random.ts'
import type { Place } from '../network/links.ts'
import { regionSets } from '../network/regions.ts'
import { homesIn, type SimOptions } from '../options.ts'
import type { Filter, Simulation } from '../simulation.ts'
import { misbehaviours } from './byzantine.ts'
import { signEverything } from './mixed.ts'
import { Judge, faultyOf, simulate, type Scenario, type Setting } from './scenario.ts'

type Misbehave = (sim: Simulation, faulty: ReadonlySet<number>) => Filter

const silent: Misbehave = (_sim, faulty) => (from, _to, message) =>
  faulty.has(from.validator) ? [] : [message]

const twoStories: Misbehave = (sim, byzantine) =>
  equivocate(sim, { byzantine, isSecondSide: (seat) => seat % 2 === 0, votesTwice: true })

const wrongBytes: Misbehave = (sim, byzantine) =>
  proposeMalformed(sim, { byzantine, isVotedFor: true })

const ways: Readonly<Record<string, Misbehave>> = {
  silent,
  twoStories,
  wrongBytes,
  signEverything,
  ...misbehaviours,
}

const troubleMs = 40_000
const healMs = 30_000

interface Plan {
  readonly liars: readonly number[]
  readonly weak: readonly number[]
  readonly options: Partial<SimOptions>
  readonly kinds: readonly [string, string]
}

/** Who is bad, in which network; the same for a run and its repetition. */
function planOf(setting: Setting, random: SeededRandom): Plan {
  const bad = random.sample(faultyOf(setting), setting.seats)
  const liars = bad.slice(0, random.below(bad.length + 1))
  const lossShare = random.pick([0, 0, 0.01, 0.05])
  const places = (draw: SeededRandom): readonly Place[] =>
    homesIn(
      regionSets['ten'] ?? [],
      setting.seats,
      20,
    )(draw).map((place) => ({
      ...place,
      uploadMbps: random.pick([20, 20, 5, 1]),
    }))
  const links = { lossShare, lossIsFinal: random.below(2) === 0, uploadQueueMs: 2000 }
  const epochs = random.below(3) === 0 ? { epochMs: 8000, boundaryMs: 6000 } : {}
  const names = Object.keys(ways)
  return {
    liars,
    weak: bad.slice(liars.length),
    options: { byzantine: liars, links, places, ...epochs },
    kinds: [random.pick(names), random.pick(names)],
  }
}

/** Each half of the liars in its own way. */
export function lie(sim: Simulation, { liars, kinds }: Pick<Plan, 'liars' | 'kinds'>): Filter {
  const half = Math.ceil(liars.length / 2)
  const first = new Set(liars.slice(0, half))
  const [one, two] = [
    ways[kinds[0]]?.(sim, first),
    ways[kinds[1]]?.(sim, new Set(liars.slice(half))),
  ]
  return (from, to, message) => {
    const said = one?.(from, to, message) ?? [message]
    return two === undefined ? said : said.flatMap((part) => two(from, to, part))
  }
}

/** One more trouble of those that end by themselves. */
function trouble(sim: Simulation, { weak }: Plan, random: SeededRandom): string {
  const kind = random.pick(['crash', 'crash', 'freeze', 'clock', 'cut', 'cut', 'everybody'])
  const lastsMs = 200 + random.below(4000)
  const after = (run: () => void): void => {
    sim.queue.after(lastsMs * 1000, run)
  }
  const honest = sim.instances.filter(({ validator }) => !sim.oracle.byzantine.has(validator))
  const some = weak.filter(() => random.below(2) === 0)
  if (kind === 'cut') {
    const sides = sim.instances.map(() => random.below(2))
    const isOneWay = random.below(3) === 0
    const cut: Simulation['isLinked'] = (from, to) =>
      sides[from.id] === sides[to.id] || (isOneWay && sides[from.id] === 0)
    sim.isLinked = cut
    after(() => {
      if (sim.isLinked === cut) sim.isLinked = () => true
    })
  } else if (kind === 'crash' || kind === 'everybody') {
    const gone = kind === 'crash' ? some : honest.map(({ id }) => id)
    for (const index of gone) sim.crash(index)
    after(() => {
      for (const index of gone) if (sim.instances[index]?.isUp === false) sim.restart(index)
    })
  } else if (kind === 'freeze') for (const index of some) sim.freeze(index, lastsMs)
  else for (const index of some) sim.setClock(index, random.below(8000) - 4000, 0.02)
  return kind
}

export const randomFaults: Scenario = {
  name: 'random-faults',
  about: 'liars, crashes, cuts, skew, loss and slow seats up to F, drawn at random; back in 30 s',
  run: (setting) => {
    const random = simulate(setting).random.fork(96)
    const plan = planOf(setting, random)
    const sim = simulate(setting, plan.options)
    sim.filter = lie(sim, plan)
    for (const index of plan.weak) {
      const instance = sim.instances[index]
      if (instance !== undefined) instance.slowness = random.pick([1, 5, 40])
    }
    const kinds: string[] = []
    while (sim.elapsedMs < troubleMs) {
      sim.run(500 + random.below(3000))
      kinds.push(trouble(sim, plan, random))
    }
    // The last trouble ends by itself; clocks come right.
    sim.run(4500)
    sim.isLinked = () => true
    for (const { id, isUp } of sim.instances) {
      sim.setClock(id, 0)
      if (!isUp) sim.restart(id)
    }
    const before = sim.leastHeight()
    const healedMs = sim.elapsedMs
    while (sim.leastHeight() <= before && sim.elapsedMs < healedMs + healMs) sim.run(100)
    const isBack = sim.leastHeight() > before
    return new Judge(sim)
      .fact(
        'liars',
        plan.liars.length === 0 ? 'none' : `${String(plan.liars.length)} ${plan.kinds.join('+')}`,
      )
      .fact('weak', plan.weak.length)
      .fact('troubles', kinds.length)
      .fact('backMs', sim.elapsedMs - healedMs)
      .expect(isBack, 'no finality at every honest seat within 30 s of the last trouble')
      .outcome()
  },
}
