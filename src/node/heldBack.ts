/**
 * What the agreement made final and this node may not take yet (RECOVER-1): while the attempt of a
 * restart runs that it signed or took, final blocks of an earlier committee wait, in order and each
 * with its own certificate; when the attempt brought nothing they are taken.
 */
import { equalBytes } from '../core/base/bytes.ts'
import type { BlockNode } from '../core/bft/types.ts'
import type { StoredBlock } from '../ports/store.ts'
import type { Chain } from './chain.ts'
import type { FinalEffect } from './engine.ts'

export interface Taken {
  readonly nodes: readonly BlockNode[]
  /** Of the same blocks. */
  readonly blocks: readonly StoredBlock[]
}

export class HeldBack {
  #waiting: readonly FinalEffect[] = []

  /** Takes what may be taken now, what waited first. */
  async take(
    chain: Pick<Chain, 'tip' | 'executedOf' | 'finalise'>,
    effects: readonly FinalEffect[],
  ): Promise<readonly Taken[]> {
    const all = [...this.#waiting, ...effects]
    const taken: Taken[] = []
    this.#waiting = []
    for (const [at, effect] of all.entries()) {
      const nodes = effect.nodes.filter(({ header }) => header.height > chain.tip.height)
      const [first, last] = [nodes[0], nodes.at(-1)]
      // Others brought it meanwhile, or a restart what took its place: no gap is ever stored.
      if (first === undefined || last === undefined) continue
      if (!equalBytes(first.header.parent, chain.tip.hash)) continue
      if (chain.executedOf(last.key) === undefined) continue
      const blocks = await chain.finalise({ ...effect, nodes })
      if (blocks.length === 0) {
        this.#waiting = all.slice(at)
        break
      }
      taken.push({ nodes, blocks })
    }
    return taken
  }
}
