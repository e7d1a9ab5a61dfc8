/**
 * Real nodes in one process over the in-memory transport: a small chain with fast blocks, whose
 * stores outlive the nodes that use them.
 */
import { MemoryNetwork } from '../../test/sim/memoryTransport.ts'
import { testSigner } from '../../test/support/testSigner.ts'
import { unwrap } from '../../test/support/unwrap.ts'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { nodeClock } from '../adapters/node/clock.ts'
import { createMemoryDisk, openMemoryStore } from '../adapters/storage/memoryStore.ts'
import { hex } from '../core/base/bytes.ts'
import type { HeldCheckpoint } from '../core/checkpoint/held.ts'
import type { Genesis } from '../core/codec/state.ts'
import { testGenesis, type TestKeys } from '../core/ledger/testChain.fixture.ts'
import type { Params } from '../core/params.ts'
import type { Clock } from '../ports/clock.ts'
import type { Prover } from '../ports/prover.ts'
import type { SignatureVerifier } from '../ports/signatureVerifier.ts'
import type { Store } from '../ports/store.ts'
import type { Transport } from '../ports/transport.ts'
import type { GatheringPolicy } from './checkpoints/host.ts'
import type { NodeEvent } from './nodeEvents.ts'
import { Node } from './node.ts'
import type { RetentionPolicy } from './retention.ts'
import { snapshotDefaults, type SnapshotPolicy } from './snapshotShelf.ts'
import type { SharingCrypto } from './sharing/crypto.ts'
import { inProcessSharing } from './sharing/inProcess.ts'
import { judgedOnce } from './sharing/judgedOnce.fixture.ts'

/** No block of these tests carries a READY, so nothing may be asked of the prover. */
export const noProver: Prover = {
  prove: () => Promise.reject(new Error('no proof is made here')),
  verify: () => Promise.reject(new Error('no proof is checked here')),
  close: () => Promise.resolve(),
}

const seats = 4

export interface Running {
  readonly node: Node
  readonly events: NodeEvent[]
}

export class TestNodes {
  readonly network = new MemoryNetwork()
  readonly genesis: Genesis
  readonly keys: readonly TestKeys[]
  readonly disks = Array.from({ length: seats + 1 }, () => createMemoryDisk())
  readonly running: Running[] = []
  prover: Prover = noProver
  signatures: SignatureVerifier | undefined
  readonly #sharing = judgedOnce(inProcessSharing())
  /** Of the node with this number. */
  sharing: (index: number) => SharingCrypto = () => this.#sharing
  /** Of nodes that are opened from now on. */
  snapshots: SnapshotPolicy = snapshotDefaults
  retention: RetentionPolicy | undefined
  checkpoint: HeldCheckpoint | undefined
  gathering: GatheringPolicy | undefined
  clock: (index: number) => Clock = () => nodeClock
  wrap: (transport: Transport) => Transport = (transport) => transport
  wrapStore: (store: Store, index: number) => Store = (store) => store

  /** Node 4 follows; with a fifth validator it has keys and no seat. */
  constructor(
    epochMs: number,
    change: Partial<Params> = {},
    validators = seats,
    /** Without a devnet nobody has a restart key. */
    rest: { readonly withDevnet?: boolean; readonly credentialExpiry?: number } = {},
  ) {
    const params = { epochMs, blockIntervalMs: 50, timePastMs: 5000, ...change }
    const { genesis, keys } = testGenesis(bls, { validators, seats, params, ...rest })
    this.keys = keys
    const named = genesis.seats.map((seat, index) => ({ ...seat, peerId: `peer${String(index)}` }))
    this.genesis = { ...genesis, startMs: Date.now() + 500, seats: named }
  }

  async start(index: number): Promise<Running> {
    const running = await this.open(index)
    await running.node.start()
    return running
  }

  /** Without its start, for a service that starts it. */
  async open(index: number): Promise<Running> {
    const keys = this.keys[index]
    const node = unwrap(
      await Node.open({
        genesis: this.genesis,
        clock: this.clock(index),
        store: this.wrapStore(openMemoryStore(this.disks[index]), index),
        transport: this.wrap(this.network.attach(`peer${String(index)}`)),
        prover: this.prover,
        sharing: this.sharing(index),
        ...(this.signatures && { signatures: this.signatures }),
        bls,
        snapshots: this.snapshots,
        ...(this.retention && { retention: this.retention }),
        ...(this.checkpoint && { checkpoint: this.checkpoint }),
        ...(this.gathering && { gathering: this.gathering }),
        ...(keys && { signer: testSigner(bls, keys, { index, epochs: [0] }) }),
      }),
    )
    const events: NodeEvent[] = []
    node.events.on((event) => events.push(event))
    const running = { node, events }
    this.running[index] = running
    return running
  }

  async stop(index: number): Promise<void> {
    await this.running[index]?.node.stop()
  }

  get heights(): number[] {
    return this.running.map(({ node }) => node.chain.tip.height)
  }
}

export async function until(condition: () => boolean, timeoutMs = 60_000): Promise<void> {
  const endMs = Date.now() + timeoutMs
  while (!condition()) {
    if (Date.now() > endMs) throw new Error('the condition did not come true')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

export function hashesOf({ events }: Running): string[] {
  return events.flatMap((event) => (event.type === 'final' ? [hex(event.block.hash)] : []))
}

/** What must not happen among honest nodes, whatever stops in between. */
export function troublesOf(running: readonly Running[]): readonly NodeEvent[] {
  return running.flatMap(({ events }) =>
    events.filter(({ type }) => ['alarm', 'failure', 'evidence'].includes(type)),
  )
}
