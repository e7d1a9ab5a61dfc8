/** What the oracle is told of what nodes say and find. */
import type { Effect } from '../../src/core/bft/types.ts'
import { Vote } from '../../src/core/codec/chain.ts'
import type { Committees } from '../committees.ts'
import type { Metrics } from '../metrics.ts'
import type { Oracle } from '../oracle/oracle.ts'
import type { Instance } from './instance.ts'
import { bytesOf, type Message } from './message.ts'

interface Seen {
  readonly oracle: Oracle
  readonly committees: Committees
  readonly metrics: Metrics
}

export function witnessMessage(oracle: Oracle, from: Instance, message: Message): void {
  const node = from.validator
  if (message.type === 'vote') oracle.sentVote(node, bytesOf(message))
  else if (message.type === 'proposal') oracle.sentProposal(node, bytesOf(message))
  else oracle.sentCertificate(node, bytesOf(message))
}

/** Whether an honest node found it, who files it then. */
export function witnessEvidence(
  { oracle, committees, metrics }: Seen,
  instance: Instance,
  contradiction: Extract<Effect, { type: 'evidence' }>['contradiction'],
): boolean {
  const { epoch } = instance.env
  const { kind, seat, first } = contradiction
  metrics.filing([instance.id, kind, epoch, first.view, seat].join(':'))
  const validator = committees.of(epoch).validators[seat]
  if (validator !== undefined) oracle.evidence(validator, kind)
  if (oracle.byzantine.has(instance.validator)) return false
  if ('shown' in contradiction) oracle.shown(kind, Vote.encode(first), contradiction.shown)
  return true
}

export function witnessAlarm(
  { oracle, committees }: Seen,
  instance: Instance,
  alarm: Extract<Effect, { type: 'alarm' }>,
): void {
  if (oracle.byzantine.has(instance.validator)) return
  const { validators } = committees.of(instance.env.epoch)
  const culprits = alarm.culprits.map((seat) => validators[seat] ?? -1)
  oracle.alarm(instance.id, alarm, culprits)
}
