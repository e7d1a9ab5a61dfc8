/**
 * How long evidence takes (EVID-1): from the moment when the first honest node holds both halves to
 * the finality of a block with it, at the first honest node; and how long it may take.
 */
import { deltaMs } from '../../src/core/bft/pacemaker.ts'
import { leaderOf } from '../../src/core/bft/signing.ts'
import type { FoundOffence } from '../node/evidence.ts'
import type { Simulation } from '../simulation.ts'

/** Building, agreeing on and executing the block that carries it, ms (EVID-1). */
const agreedMs = 500

export interface EvidenceTime {
  /** Infinity for what no block held. */
  readonly ms: number
  /** Half a second and a block interval. */
  readonly plainMs: number
  /** Half a second, the view in which it was found, and each in between with a faulty leader. */
  readonly allowedMs: number
  readonly faultyLeaders: number
}

/** Of what was found before `untilUs`. */
export function evidenceTimes(sim: Simulation, untilUs: number): readonly EvidenceTime[] {
  const { evidence } = sim
  if (evidence === undefined) return []
  const plainMs = agreedMs + sim.options.times.blockIntervalMs
  return [...evidence.found].flatMap(([offence, found]) => {
    if (found.atUs > untilUs) return []
    const final = evidence.final.get(offence)
    const ms = final === undefined ? Infinity : (final.atUs - found.atUs) / 1000
    const between = faultyViews(sim, found, final?.view ?? found.view)
    const viewsMs = [found.view, ...between].map((view) => viewMs(sim, view))
    const allowedMs = viewsMs.reduce((sum, one) => sum + one, agreedMs)
    return [{ ms, plainMs, allowedMs, faultyLeaders: between.length }]
  })
}

/** Views whose faulty leader had still to propose when it was found, below the one that carries. */
function faultyViews(sim: Simulation, found: FoundOffence, until: number): readonly number[] {
  const [first] = sim.instances
  const { validators } = sim.committees.of(0)
  const from = found.isProposed ? found.view + 1 : found.view
  const views = Array.from({ length: Math.max(0, until - from) }, (_none, index) => from + index)
  return views.filter((view) => {
    const seat = first === undefined ? -1 : leaderOf(first.env, view)
    return sim.oracle.byzantine.has(validators[seat] ?? -1)
  })
}

/** The longest that a view lasts (PACE-1, BFT-9): the interval, or 3Δ when its block is lost. */
function viewMs(sim: Simulation, view: number): number {
  const [first] = sim.instances
  const { blockIntervalMs } = sim.options.times
  const views = [...sim.oracle.chain.values()].map((block) => block.view)
  if (first === undefined || views.includes(view)) return blockIntervalMs
  const below = Math.max(0, ...views.filter((one) => one < view))
  return Math.max(blockIntervalMs, 3 * deltaMs(first.env, view, below))
}
