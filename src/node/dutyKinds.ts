/** Messages of duty: room of their own, first in a block, and by gossip to everybody. */
import type { DecodedTransaction } from '../core/ledger/transactionBytes.ts'

const kinds: ReadonlySet<string> = new Set([
  'ready',
  'confirm',
  'absence',
  'evidence',
  'duty',
  'checkpoint',
  'doubleCheckpoint',
  'sharing',
  'liveness',
  'endLiveness',
  'attest',
  'consent',
])

export function isDuty({ kind }: Pick<DecodedTransaction, 'kind'>): boolean {
  return kinds.has(kind)
}
