/** What differs between a tab, a Node validator and a relay. */
import type { Verdict } from '../../ports/transport.ts'
import type { Circuit } from './circuit.ts'
import type { HostSpec } from './host.ts'

export interface Role {
  readonly host: HostSpec
  readonly circuit?: Circuit
  /** Of gossip that no handler judges. */
  readonly verdictWithoutHandler: Verdict
  readonly peersTarget: number
  readonly asksForPeers: boolean
}
