/**
 * From an alarm on (FORK-1), or from storage that failed or an invariant of this node that broke,
 * wherever it happened, nothing is signed by this process: no duty, and after a failure no seat
 * (BFT-10). Its owner is told by the same event.
 */
import type { Node } from './node.ts'
import { stoppedReason } from './stoppedReason.ts'

/** The first to hear of it. */
export function stopOnFailure(node: Node): Node {
  node.events.on((event) => {
    if (event.type === 'alarm') node.mayAct.stop(event.code)
    const reason = event.type === 'failure' ? stoppedReason(event) : undefined
    if (reason === undefined) return
    node.mayAct.stop(reason)
    node.running?.engine.stop()
  })
  return node
}
