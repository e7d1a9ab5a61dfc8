/** Clocks that are wrong by seconds or an hour, that run fast, and that jump both ways (TIME-1). */
import { leaderOf } from '../../src/core/bft/signing.ts'
import { VoteKind } from '../../src/core/codec/chain.ts'
import type { Simulation } from '../simulation.ts'
import { Judge, faultyOf, simulate, type Scenario } from './scenario.ts'

interface Wrong {
  readonly name: string
  readonly offsetMs: number
  /** Share by which the clock runs fast. */
  readonly drift: number
  /** Beyond what a voter takes (TIME-1): no VOTE for a block of a right clock. */
  readonly isFar: boolean
}

/** A run knows no correction by the median of the seats: what is wrong stays wrong. */
const wrongWays: readonly Wrong[] = [
  { name: '+10 s', offsetMs: 10_000, drift: 0, isFar: true },
  { name: '-10 s', offsetMs: -10_000, drift: 0, isFar: true },
  { name: '+1 h', offsetMs: 3_600_000, drift: 0, isFar: true },
  { name: '-1 h', offsetMs: -3_600_000, drift: 0, isFar: true },
  { name: '5 % fast', offsetMs: 0, drift: 0.05, isFar: false },
]

const phaseMs = 12_000
/** Until what was on its way when a clock jumped has been dealt with. */
const settleMs = 3000

/** VOTEs of each of these validators for blocks of leaders whose clocks are right. */
function countVotes(sim: Simulation, wrong: readonly number[]): Map<number, number> {
  const votes = new Map(wrong.map((index) => [index, 0]))
  const seen = new Set<string>()
  sim.filter = (from, _to, message) => {
    const count = votes.get(from.validator)
    if (count === undefined || message.type !== 'vote') return [message]
    const { kind, view } = message.vote
    const place = `${String(from.id)}:${String(view)}`
    const isOwn = votes.has(leaderOf(from.env, view))
    if (kind !== VoteKind.VOTE || isOwn || seen.has(place)) return [message]
    seen.add(place)
    votes.set(from.validator, count + 1)
    return [message]
  }
  return votes
}

export const clockSkew: Scenario = {
  name: 'clock-skew',
  about:
    'F clocks jump to ±10 s and ±1 h, run 5 % fast, and come right; the others are off by 200 ms',
  run: (setting) => {
    const sim = simulate(setting)
    const judge = new Judge(sim)
    const wrong = sim.random.sample(faultyOf(setting), setting.seats)
    for (const instance of sim.instances) instance.offsetMs = sim.random.below(400) - 200
    sim.run(3000)
    const votes = countVotes(sim, wrong)
    for (let phase = 0; phase < wrongWays.length; phase += 1) {
      const before = sim.leastHeight(wrong)
      const ways = wrong.map((_one, order) => wrongWays[(phase + order) % wrongWays.length])
      wrong.forEach((index, order) => {
        const way = ways[order]
        sim.setClock(index, way?.offsetMs ?? 0, way?.drift)
      })
      sim.run(settleMs)
      for (const index of wrong) votes.set(index, 0)
      sim.run(phaseMs - settleMs)
      wrong.forEach((index, order) => {
        const [way, count] = [ways[order], votes.get(index) ?? 0]
        if (way?.isFar !== true) return
        judge.expect(
          count === 0,
          `seat ${String(index)} VOTEd ${String(count)} times at ${way.name}`,
        )
      })
      const blocks = sim.leastHeight(wrong) - before
      judge.expect(
        blocks >= 3,
        `only ${String(blocks)} blocks at the others in phase ${String(phase)}`,
      )
    }
    for (const index of wrong) sim.setClock(index, 0)
    sim.run(10_000)
    for (const index of wrong) votes.set(index, 0)
    sim.run(15_000)
    const silent = wrong.filter((index) => votes.get(index) === 0)
    const behind = sim.leastHeight(wrong) - sim.leastHeight()
    return judge
      .expect(silent.length === 0, `do not VOTE with a right clock: ${silent.join(', ')}`)
      .expect(behind <= 2, `a seat is ${String(behind)} blocks behind with a right clock`)
      .expect(sim.oracle.alarms.length === 0, 'an alarm for a clock')
      .nobodyNamed()
      .outcome()
  },
}
