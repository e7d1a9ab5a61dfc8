/**
 * How long evidence takes (EVID-1): from the moment when the first honest node holds both halves to
 * the finality of a block with it, at the first honest node.
 *
 * Bodies of simulated blocks are empty, so this is modelled: who finds evidence sends it to
 * everybody at once over the same links, and a block holds it when its leader is honest and had it
 * when it began to build. Without processor costs a node finds it when the second half arrives.
 */
import type { Contradiction } from '../../src/core/bft/types.ts'
import { Vote } from '../../src/core/codec/chain.ts'
import { quantiles } from '../metrics.ts'
import type { Instance } from '../node/instance.ts'
import type { Simulation } from '../simulation.ts'

/** A vote or two with a header: most evidence is smaller. */
const transactionBytes = 1024

interface Held {
  readonly foundUs: number
  /** When a node had it, µs, by node. */
  readonly atUs: Map<number, number>
}

export class EvidenceWatch {
  readonly #sim: Simulation
  readonly #held = new Map<string, Held>()

  constructor(sim: Simulation) {
    this.#sim = sim
    const perform = sim.perform.bind(sim)
    sim.perform = (instance, effect): void => {
      if (effect.type === 'evidence') this.#found(instance, effect.contradiction)
      perform(instance, effect)
    }
  }

  /** Milliseconds until final; Infinity for what no block held. Only what was found `before`. */
  delaysMs(before: number): readonly number[] {
    const { blocks } = this.#sim.metrics
    const { byzantine } = this.#sim.oracle
    const final = [...blocks.values()].filter(
      ({ finalUs, leader }) => finalUs.size > 0 && !byzantine.has(leader),
    )
    return [...this.#held.values()]
      .filter(({ foundUs }) => foundUs <= before)
      .map(({ foundUs, atUs }) => {
        const carrying = final.filter(({ begunUs, leader }) => {
          return begunUs >= (atUs.get(leader) ?? Infinity)
        })
        const timesUs = carrying.flatMap(({ finalUs }) =>
          [...finalUs].filter(([id]) => !byzantine.has(id)).map(([, us]) => us),
        )
        const firstUs = Math.min(...timesUs)
        return (firstUs - foundUs) / 1000
      })
  }

  /** From one final block's beginning to the next one's, at the median: an unspoiled view. */
  viewMs(): number {
    const begun = [...this.#sim.metrics.blocks.values()]
      .filter(({ finalUs }) => finalUs.size > 0)
      .map(({ begunUs }) => begunUs / 1000)
      .toSorted((left, right) => left - right)
    return quantiles(begun.slice(1).map((at, index) => at - (begun[index] ?? at))).p50
  }

  #found(by: Instance, contradiction: Contradiction): void {
    const { oracle, queue, links, instances } = this.#sim
    if (oracle.byzantine.has(by.validator)) return
    const { kind, seat, first } = contradiction
    if ('shown' in contradiction) oracle.shown(kind, Vote.encode(first), contradiction.shown)
    const key = `${kind}:${String(first.epoch)}:${String(first.view)}:${String(seat)}`
    const held = this.#held.get(key) ?? { foundUs: queue.nowUs, atUs: new Map<number, number>() }
    this.#held.set(key, held)
    const had = (id: number, atUs: number): void => {
      held.atUs.set(id, Math.min(atUs, held.atUs.get(id) ?? Infinity))
    }
    had(by.id, queue.nowUs)
    for (const to of instances) {
      if (to === by) continue
      const atUs = links.send(by.validator, to.validator, transactionBytes, queue.nowUs)
      if (atUs !== undefined) had(to.id, atUs)
    }
  }
}
