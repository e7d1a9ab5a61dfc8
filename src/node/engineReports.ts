/** What an engine reports that its node only passes on. */
import type { EngineHost } from './engine.ts'
import type { NodeEvents } from './nodeEvents.ts'

export function engineReports(
  events: NodeEvents,
): Pick<EngineHost, 'onStrong' | 'onFailure' | 'onNotice'> {
  return {
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
