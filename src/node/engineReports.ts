/** What an engine reports that its node only passes on. */
import type { EngineHost } from './engine.ts'
import type { NodeEvents } from './nodeEvents.ts'
import type { PeerSeats } from './peerSeats.ts'

export function engineReports(
  events: NodeEvents,
  peers: Pick<PeerSeats, 'onClockJump'>,
): Pick<EngineHost, 'onClockJump' | 'onStrong' | 'onFailure' | 'onNotice'> {
  return {
    onClockJump: () => {
      peers.onClockJump()
    },
    onStrong: (certificate) => {
      events.emit({ type: 'strong', certificate })
    },
    onFailure: (error) => {
      events.emit({ type: 'failure', error })
    },
    onNotice: (text) => {
      events.emit({ type: 'notice', text })
    },
  }
}
