/** The cores that two threads for a proof take (ZK-12): known before their code is loaded. */

import type { ThreadMode } from '../protocol.ts'

/** Below, the second thread would take the page's core, or that of votes. */
const coresMin = 3

/** As the browser says; some say less than there are. */
export function coreCount(): number {
  const { navigator } = globalThis as {
    readonly navigator?: { readonly hardwareConcurrency?: number }
  }
  return navigator?.hardwareConcurrency ?? 1
}

export function hasCoresFor(mode: ThreadMode, cores = coreCount()): boolean {
  return mode === 'forced' || cores >= coresMin
}
