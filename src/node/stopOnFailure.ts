/**
 * From an alarm on (FORK-1), or from storage that failed or an invariant of this node that broke,
 * wherever it happened, nothing is signed by this process: no duty, and after a failure no seat
 * (BFT-10). Its owner is told by the same event.
 */
import type { RunningEpoch } from './epochRunner.ts'
import type { MayAct } from './mayAct.ts'
import type { NodeEvents } from './nodeEvents.ts'
import { stoppedReason } from './stoppedReason.ts'

interface Signing {
  readonly events: NodeEvents
  readonly mayAct: MayAct
  readonly running: RunningEpoch | undefined
}

/** The first to hear of it. */
export function stopOnFailure<T extends Signing>(node: T): T {
  node.events.on((event) => {
    if (event.type === 'alarm') node.mayAct.stop(event.code)
    const reason = event.type === 'failure' ? stoppedReason(event) : undefined
    if (reason === undefined) return
    node.mayAct.stop(reason)
    node.running?.engine.stop()
  })
  return node
}
