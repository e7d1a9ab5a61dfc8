/** On which gossip topic a transaction travels (NET-2). */
import type { Topic } from '../ports/transport.ts'

const dutyKinds = [
  ...['ready', 'confirm', 'absence', 'sharing', 'liveness', 'endLiveness', 'attest', 'consent'],
]

export function topicOf(kind: string): Topic {
  if (dutyKinds.includes(kind)) return 'ready'
  return kind === 'evidence' || kind === 'doubleCheckpoint' ? 'evidence' : 'tx'
}
