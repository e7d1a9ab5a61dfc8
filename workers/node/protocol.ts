/**
 * What the window and the node's worker say to each other besides the transport's own port: start,
 * commands with their answers, beats in, snapshots out. Plain structured-clonable data.
 */
import type {
  BlockSummary,
  CommandResult,
  NodeCommand,
  NodeSnapshot,
  ValidatorSummary,
} from '../../src/node/api.ts'
import type { BeatsEvent, Provenance } from '../../src/ports/sensor.ts'

export interface NodeStart {
  readonly kind: 'start'
  /** Exact bytes of the Genesis: decoded and checked in the worker. */
  readonly genesis: Uint8Array
  /** Absolute URL of the circuits' folder. */
  readonly artifactsUrl: string
  /** Absolute URL of the faucet; undefined where there is none. */
  readonly faucetUrl: string | undefined
  /** A checkpoint to begin with (SYNC-1), as text. */
  readonly checkpoint: string | undefined
  /** A stored chain whose state is corrupt is fetched again; keys and votes stay (SYNC-3). */
  readonly beginsAnew: boolean
  /** The transport's port (`servePort` in the window). */
  readonly transport: MessagePort
}

export type ToNode =
  | NodeStart
  | { readonly kind: 'command'; readonly id: number; readonly command: NodeCommand }
  | {
      readonly kind: 'blocks'
      readonly id: number
      readonly beforeHeight: number
      readonly countMax: number
    }
  | { readonly kind: 'validators'; readonly id: number }
  /** A sensor was attached, or taken away. */
  | {
      readonly kind: 'sensor'
      readonly provenance: Provenance | undefined
      /** As the device names itself. */
      readonly deviceName: string | undefined
    }
  | { readonly kind: 'beats'; readonly event: BeatsEvent }
  | { readonly kind: 'sensorLost' }
  | { readonly kind: 'stop'; readonly id: number }

export type Reply = CommandResult | readonly BlockSummary[] | readonly ValidatorSummary[]

export type FromNode =
  | { readonly kind: 'started' }
  /** The node cannot run; `code` is stable, `reason` for a log. */
  | { readonly kind: 'failed'; readonly code: string; readonly reason: string }
  | { readonly kind: 'snapshot'; readonly snapshot: NodeSnapshot }
  | { readonly kind: 'reply'; readonly id: number; readonly reply: Reply }
