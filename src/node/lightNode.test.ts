import { afterEach, describe, expect, it } from 'vitest'
import { MemoryNetwork } from '../../test/sim/memoryTransport.ts'
import { unwrap } from '../../test/support/unwrap.ts'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { nodeClock } from '../adapters/node/clock.ts'
import { openMemoryStore } from '../adapters/storage/memoryStore.ts'
import { CertifiedChain } from '../core/chain/certifiedChain.fixture.ts'
import { lightAnchor, lightGenesis, type LightTip } from '../core/chain/lightClient.ts'
import {
  endEpoch,
  restartableEpoch,
  restartByStake,
  shownVoters,
  standingChain,
} from '../core/chain/stakeRestartChain.fixture.ts'
import { RestartResponse, RestartVoters } from '../core/codec/restart.ts'
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

/** A peer whose answers to `restart` are changed. */
function changed(client: Transport, change: (shown: RestartVoters) => RestartVoters): Transport {
  return {
    ...client,
    request: async (peer, protocol, bytes, options) => {
      const answer = await client.request(peer, protocol, bytes, options)
      if (protocol !== 'restart' || !answer.ok) return answer
      const voters = change(RestartVoters.decode(RestartResponse.decode(answer.value).voters))
      const value = RestartResponse.encode({ voters: RestartVoters.encode(voters) })
      return { ok: true, value }
    },
  }
}

describe('SYNC-2, RECOVER-1 a light client behind a full node of a chain without a key', () => {
  it('follows across a restart by stake, and proves its record', async () => {
    const source = standingChain(bls)
    const opened = restartByStake(source)
    endEpoch(source, 1)
    source.runEpoch()
    const client = await replay(source)
    const genesis = lightGenesis(source.chain.genesis)
    const followed = unwrap(await followPage(client, full, genesis, bls))
    expect(followed.tip.hash).toEqual(source.tipHash)
    expect(followed.boundaries).toEqual(source.boundaries)
    const shown = followed.restartVoters.get(restartableEpoch)
    expect(shown).toEqual(shownVoters(source, restartableEpoch))
    expect(followed.restartVoters.size).toBe(1)

    const none = new Uint8Array(0)
    const refusals: [change: (voters: RestartVoters) => RestartVoters, error: object][] = [
      [(voters) => ({ ...voters, voters: none }), { code: 'VOTERS_COUNT', isPeerFault: true }],
      [
        (voters) => ({ ...voters, epoch: voters.epoch + 1 }),
        { code: 'RESTART_VOTERS_UNPROVEN', isPeerFault: true },
      ],
      [
        (voters) => ({ ...voters, record: none }),
        { code: 'RESTART_VOTERS_UNPROVEN', isPeerFault: true },
      ],
    ]
    for (const [change, error] of refusals) {
      const refused = await followPage(changed(client, change), full, genesis, bls)
      expect(refused).toMatchObject({ ok: false, error })
    }

    const [bytes] = bodyOf(opened)
    const { id } = unwrap(decodeTransaction(bytes ?? none, 10_000))
    const { chainId, restartKey } = genesis
    const boundary = followed.boundaries[restartableEpoch - 1]!
    const { header } = boundary.block
    const tip = unwrap(lightAnchor({ chainId, restartKey, header, next: boundary.next }))
    const trustedBefore = (epoch: number): LightTip | undefined =>
      epoch === restartableEpoch ? tip : undefined
    const asking = { transport: client, peer: full, bls, trustedBefore }
    const { height } = opened.header
    const proven = unwrap(await askTransaction(asking, { height, id }))
    expect(proven.transaction.kind).toBe('restart')
    expect(proven.receipt?.transaction).toEqual(id)
  }, 120_000)
})

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
