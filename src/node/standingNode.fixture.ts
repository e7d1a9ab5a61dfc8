/**
 * A node alone with a chain that stands still: it has no restart key, and stake may restart its
 * running epoch (RECOVER-1). A peer that is no node gave it the blocks.
 */
import { MemoryNetwork } from '../../test/sim/memoryTransport.ts'
import { unwrap } from '../../test/support/unwrap.ts'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { nodeClock } from '../adapters/node/clock.ts'
import { createMemoryDisk, openMemoryStore } from '../adapters/storage/memoryStore.ts'
import type { CertifiedChain } from '../core/chain/certifiedChain.fixture.ts'
import { standingChain } from '../core/chain/stakeRestartChain.fixture.ts'
import { SyncRequest, SyncResponse } from '../core/codec/chain.ts'
import type { Clock } from '../ports/clock.ts'
import type { Signer } from '../ports/signer.ts'
import type { Store } from '../ports/store.ts'
import type { Transport } from '../ports/transport.ts'
import { Node } from './node.ts'
import { noProver, until } from './testNodes.fixture.ts'

export interface StandingNode {
  readonly node: Node
  readonly source: CertifiedChain
  readonly peer: Transport
  /** Some seconds after the newest block, and going on. */
  readonly clock: Clock
}

export async function standingNode(
  given: {
    readonly signer?: Signer
    /** What the store holds before the node is opened. */
    readonly prepare?: (store: Store) => Promise<void>
  } = {},
): Promise<StandingNode> {
  const source = standingChain(bls)
  const network = new MemoryNetwork()
  const peer = network.attach('peer')
  peer.onRequest('sync', (_from, bytes) => {
    const { fromHeight, countMax } = SyncRequest.decode(bytes)
    const blocks = source.held.slice(fromHeight - 1, fromHeight - 1 + countMax)
    const page = { blocks: blocks.map(({ block }) => block), tipHeight: source.held.length }
    return Promise.resolve(SyncResponse.encode(page))
  })
  const timeMs = source.held.at(-1)?.header.timeMs ?? 0
  const aheadMs = timeMs + 5_000 - nodeClock.nowMs()
  const clock = { ...nodeClock, nowMs: () => nodeClock.nowMs() + aheadMs }
  const store = openMemoryStore(createMemoryDisk())
  await given.prepare?.(store)
  const { genesis } = source.chain
  const transport = network.attach('own')
  const base = { genesis, clock, store, transport, prover: noProver, bls }
  const node = unwrap(await Node.open({ ...base, ...(given.signer && { signer: given.signer }) }))
  await node.start()
  await until(() => node.chain.tip.height === source.held.length)
  return { node, source, peer, clock }
}
