/** What the parts of a node's shell need of the run around it. */
import type { AgreementRoot, BuildRequest } from '../../src/core/bft/types.ts'
import type { EventQueue } from '../base/eventQueue.ts'
import type { Committees } from '../committees.ts'
import type { Metrics } from '../metrics.ts'
import type { Links } from '../network/links.ts'
import type { Costs } from './costs.ts'
import type { FinalEntry, Instance } from './instance.ts'
import type { Message } from './message.ts'
import type { PacedBuilds } from './pacedBuilds.ts'

/** What a leader needs of the payments of a run (load.ts). */
export interface Payments {
  body(instance: Instance, request: BuildRequest): Uint8Array
  executeUs(body: Uint8Array): number
  note(key: string, body: Uint8Array): void
}

/** What a leader needs of the evidence of a run (evidence.ts). */
export interface EvidenceAtNodes {
  readonly paced: PacedBuilds
  body(instance: Instance, request: BuildRequest): Uint8Array
}

/** What a leader needs of the production ledger (ledgerRun.ts). */
export interface LedgerAtNodes {
  readonly paced: PacedBuilds
  build(instance: Instance, request: BuildRequest): void
}

export interface Network {
  readonly queue: EventQueue
  readonly costs: Costs
  readonly metrics: Metrics
  readonly committees: Committees
  readonly links: Links
  readonly instances: readonly Instance[]
  readonly isLinked: (from: Instance, to: Instance) => boolean
  isBoundary(timeMs: number, epoch: number): boolean
  readonly load: Payments | undefined
  readonly evidence: EvidenceAtNodes | undefined
  readonly ledger: LedgerAtNodes | undefined
  /** So many bytes that are no message of the agreement. */
  carry(from: Instance, to: Instance, bytes: number, arrived: () => void): void
  deliver(from: Instance, to: Instance, message: Message): void
  beginEpoch(instance: Instance, epoch: number, root: AgreementRoot): void
  /** Finality that came by sync. */
  reportSynced(instance: Instance, entry: FinalEntry): void
}
