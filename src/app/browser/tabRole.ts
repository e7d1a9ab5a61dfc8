/** Which tab this is: the one that may run the node, or a second one that explains itself. */

import { signerLockName } from '../signerLock.ts'
import type { TabService } from '../services.ts'

const askEveryMs = 2000

/**
 * Looks, and takes nothing: the lock belongs to whoever starts the node. `mine` says whether that
 * was this tab.
 */
export class TabRole implements TabService {
  readonly #mine: () => boolean

  constructor(mine: () => boolean) {
    this.#mine = mine
  }

  onRole(handler: (role: 'first' | 'second') => void): () => void {
    if (!('locks' in navigator)) return () => undefined
    let last: 'first' | 'second' = 'first'
    const ask = async (): Promise<void> => {
      const { held } = await navigator.locks.query()
      const taken = held?.some(({ name }) => name === signerLockName) ?? false
      const role = taken && !this.#mine() ? 'second' : 'first'
      if (role === last) return
      last = role
      handler(role)
    }
    void ask()
    const timer = setInterval(() => void ask(), askEveryMs)
    return () => {
      clearInterval(timer)
    }
  }
}
