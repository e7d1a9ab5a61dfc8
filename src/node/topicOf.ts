/** On which gossip topic a transaction travels (NET-2). */
import type { Topic } from '../ports/transport.ts'

export function topicOf(kind: string): Topic {
  if (['ready', 'confirm', 'absence', 'sharing'].includes(kind)) return 'ready'
  return kind === 'evidence' || kind === 'doubleCheckpoint' ? 'evidence' : 'tx'
}
