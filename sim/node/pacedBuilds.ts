/**
 * Blocks that leaders may build, and that wait for their time (PACE-1): one at a node. Evidence
 * does not wait, whether it was there before or comes meanwhile; as in `src/node/engine.ts`.
 */
import type { BuildRequest } from '../../src/core/bft/types.ts'
import type { Instance } from './instance.ts'

interface PacedBuild {
  readonly request: BuildRequest
  readonly begin: () => void
}

export class PacedBuilds {
  readonly #waiting = new Map<number, PacedBuild>()
  readonly #presses: (leader: Instance, request: BuildRequest) => boolean

  /** `presses`: evidence waits at the leader that applies on the block's parent. */
  constructor(presses: (leader: Instance, request: BuildRequest) => boolean) {
    this.#presses = presses
  }

  /** `begin` builds, once, and only while the leader is in that view. */
  wait(leader: Instance, request: BuildRequest, begin: () => void): void {
    this.#waiting.set(leader.id, { request, begin })
    this.evidenceCame(leader)
  }

  evidenceCame(leader: Instance): void {
    const paced = this.#waiting.get(leader.id)
    if (paced === undefined || paced.request.view !== leader.state.view) return
    if (paced.request.isTail || !this.#presses(leader, paced.request)) return
    this.#waiting.delete(leader.id)
    paced.begin()
  }
}
