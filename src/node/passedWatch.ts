/**
 * Whether a peer whose blocks do not fit follows a restart that passed this node by (RECOVER-1).
 * A look asks for pages and may cost an aggregate of thousands of keys, so that all peers together
 * get one in a while (NET-6).
 */
import type { Clock } from '../ports/clock.ts'
import type { PeerId } from '../ports/transport.ts'
import { findPassedRestart, type Looking, type PassedRestart } from './passedRestart.ts'
import { notePassed, passedEpoch } from './startAnew.ts'

/** From the end of one look to the next one. */
export const lookEveryMs = 10_000

/**
 * True: it does, or its turn to be looked at has not come, so that it is not charged. Once a
 * restart is known, what peers have is no fault of theirs any more. `onPassed`: said once.
 */
export function watchPassed(
  looking: Looking & { readonly clock: Clock },
  onPassed: (passed: PassedRestart) => Promise<void>,
): (peer: PeerId) => Promise<boolean> {
  const { clock } = looking
  const { store } = looking.chain
  let isKnown = false
  let isLooking = false
  let last: { readonly peer: PeerId; readonly atMs: number } | undefined
  const look = async (peer: PeerId): Promise<boolean> => {
    const passed = await findPassedRestart(looking, peer)
    last = { peer, atMs: clock.nowMs() }
    if (passed === undefined) return false
    isKnown = true
    await notePassed(store, passed.epoch)
    await onPassed(passed)
    return true
  }
  return async (peer) => {
    isKnown ||= (await passedEpoch(store)) !== undefined
    if (isKnown || isLooking) return true
    // Absolute, since the clock may be set back.
    const isRecent = last !== undefined && Math.abs(clock.nowMs() - last.atMs) < lookEveryMs
    // Who was looked at in vain is charged for whatever else does not fit meanwhile.
    if (isRecent) return last?.peer !== peer
    isLooking = true
    return look(peer).finally(() => {
      isLooking = false
    })
  }
}
