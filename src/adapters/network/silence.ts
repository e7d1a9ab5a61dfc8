/** Whether the other end of a port still lives. */
import type { Clock } from '../../ports/clock.ts'
import { portLimits } from './portProtocol.ts'

/** Calls back once when it has been silent for too long; returns how to stop watching. */
export function watchSilence(
  link: { readonly heard: number },
  clock: Clock,
  onSilent: (() => void) | undefined,
): () => void {
  let heard = link.heard
  let heardMs = clock.nowMs()
  let cancel = (): void => undefined
  const look = (): void => {
    if (link.heard !== heard) {
      heard = link.heard
      heardMs = clock.nowMs()
    }
    if (clock.nowMs() - heardMs >= portLimits.silentMs) onSilent?.()
    else cancel = clock.after(portLimits.pingMs, look)
  }
  cancel = clock.after(portLimits.pingMs, look)
  return () => {
    cancel()
  }
}
