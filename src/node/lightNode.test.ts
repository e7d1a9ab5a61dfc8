import { afterEach, describe, expect, it } from 'vitest'
import { MemoryNetwork } from '../../test/sim/memoryTransport.ts'
import { unwrap } from '../../test/support/unwrap.ts'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { nodeClock } from '../adapters/node/clock.ts'
import { openMemoryStore } from '../adapters/storage/memoryStore.ts'
import { CertifiedChain } from '../core/chain/certifiedChain.fixture.ts'
import { lightAnchor, lightGenesis, type LightTip } from '../core/chain/lightClient.ts'
import { Body, SyncRequest, SyncResponse } from '../core/codec/chain.ts'
import { decodeTransaction } from '../core/ledger/transactionBytes.ts'
import type { PeerId, Transport } from '../ports/transport.ts'
import { askTransaction } from './askProof.ts'
import { followPage } from './lightFollow.ts'
import { Node } from './node.ts'
import { noProver, until } from './testNodes.fixture.ts'

const full = 'full' as PeerId
let running: Node | undefined

afterEach(async () => {
  await running?.stop()
})

/** A full node that replays a chain which somebody serves, and a client beside it. */
async function replay(source: CertifiedChain): Promise<Transport> {
  const network = new MemoryNetwork()
  network.attach('source').onRequest('sync', (_peer, bytes) => {
    const { fromHeight, countMax } = SyncRequest.decode(bytes)
    const blocks = source.held.slice(fromHeight - 1, fromHeight - 1 + countMax)
    const page = { blocks: blocks.map(({ block }) => block), tipHeight: source.held.length }
    return Promise.resolve(SyncResponse.encode(page))
  })
  const node = unwrap(
    await Node.open({
      genesis: source.chain.genesis,
      clock: nodeClock,
      store: openMemoryStore(),
      transport: network.attach(full),
      prover: noProver,
      bls,
    }),
  )
  running = node
  await node.start()
  await until(() => node.chain.tip.height === source.held.length)
  expect(network.penalties).toEqual([])
  return network.attach('client')
}

describe('SYNC-2, RECOVER-1 a light client behind a full node', () => {
  it('comes to the same committee across tails and restarts, and proves a record', async () => {
    const source = new CertifiedChain(bls, 6, { restartAfterMs: 1_000 })
    source.runEpoch([], { tails: 2 })
    source.runEpoch([], { restart: true })
    source.runEpoch([])
    const client = await replay(source)
    const genesis = lightGenesis(source.chain.genesis)
    const { tip, boundaries } = unwrap(await followPage(client, full, genesis, bls))
    expect(tip.hash).toEqual(source.tipHash)
    expect(tip.epoch).toBe(3)
    expect(boundaries).toEqual(source.boundaries)

    const [first] = boundaries
    if (first === undefined) throw new Error('there are three boundaries')
    const { chainId, restartKey } = genesis
    const { header } = first.block
    const second = unwrap(lightAnchor({ chainId, restartKey, header, next: first.next }))
    const opening = source.held.find(({ block }) => block === source.boundaries[1]?.restart)
    const [bytes] = bodyOf(opening)
    const { id } = unwrap(decodeTransaction(bytes ?? new Uint8Array(0), 10_000))
    const height = opening?.header.height ?? 0
    const trustedBefore = (epoch: number): LightTip | undefined =>
      epoch === 1 ? second : undefined
    const asking = { transport: client, peer: full, bls, trustedBefore }
    const proven = unwrap(await askTransaction(asking, { height, id }))
    expect(proven.transaction.kind).toBe('restart')
    expect(proven.receipt?.transaction).toEqual(id)
  }, 120_000)
})

function bodyOf(held: CertifiedChain['held'][number] | undefined): readonly Uint8Array[] {
  return held === undefined ? [] : Body.decode(held.block.body).transactions
}
