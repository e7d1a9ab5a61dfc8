import pino from 'pino'
import { Registry } from 'prom-client'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { blsBlst } from '../../src/adapters/crypto/blsBlst.ts'
import { nodeClock } from '../../src/adapters/node/clock.ts'
import { ok, type Result } from '../../src/core/base/result.ts'
import { StatusResponse, SyncRequest, SyncResponse } from '../../src/core/codec/chain.ts'
import { protocol } from '../../src/core/params.ts'
import type { PeerId } from '../../src/ports/transport.ts'
import { MemoryNetwork } from '../../test/sim/memoryTransport.ts'
import { makeMetrics } from '../metrics/metrics.ts'
import { Archive } from './archive.ts'
import { addMany, startChain, type CertifiedChain } from './chain.fixture.ts'
import { makeFinalBlockSource, type FinalBlockSource } from './finalBlocks.ts'
import { openLink, type DatabaseLink } from './link.ts'
import { makeReplayEnv } from './replay.ts'
import { makeExternalDatabase, type ConnectionOptions } from './source.ts'
import { present, startTestPostgres, type TestPostgres } from './testDatabase.fixture.ts'

const log = pino({ level: process.env['EMO_TEST_LOG'] ?? 'silent' })

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 300))

interface Peer {
  /** Blocks below it are forgotten. */
  readonly lowest?: number
  /** Of its newest block, as it says. */
  readonly claims?: number
  readonly genesis?: Uint8Array
  /** Its answers wait for this. */
  readonly after?: Promise<void>
}

describe('SYNC-4, ENC-2 an archive among peers that lie', { timeout: 120_000 }, () => {
  let postgres: TestPostgres
  let connection: ConnectionOptions
  let chain: CertifiedChain
  let network: MemoryNetwork
  let link: DatabaseLink
  let archive: Archive
  let source: FinalBlockSource
  const asked: string[] = []

  beforeAll(async () => {
    postgres = await startTestPostgres()
  })
  afterAll(async () => {
    await postgres.stop()
  })
  beforeEach(async () => {
    connection = await postgres.freshDatabase()
    chain = startChain()
    addMany(chain, 9)
    network = new MemoryNetwork()
    asked.length = 0
  })
  afterEach(async () => {
    await archive.close()
    await link.close()
  })

  /** A peer that holds the chain from `lowest` on, and answers as a node does. */
  function join(name: string, given: Peer): ReturnType<MemoryNetwork['attach']> {
    const { lowest = 0, claims = chain.blocks.length, after, genesis } = given
    const transport = network.attach(name)
    transport.onRequest('status', async () => {
      await after
      const own = { version: protocol.version, chainId: 'emo-test' }
      const status = { ...own, genesis: genesis ?? chain.genesisHash, height: claims }
      return StatusResponse.encode(status)
    })
    transport.onRequest('sync', (_peer, bytes) => {
      asked.push(name)
      const { fromHeight } = SyncRequest.decode(bytes)
      const page = chain.blocks.slice(fromHeight - 1, fromHeight + 6)
      const answer = fromHeight < lowest ? { lowestHeight: lowest } : { blocks: page }
      return Promise.resolve(SyncResponse.encode({ ...answer, tipHeight: claims }))
    })
    return transport
  }

  function start(): void {
    const { genesisHash, genesisState } = chain
    const connected = (): Promise<Result<ConnectionOptions, never>> =>
      Promise.resolve(ok(connection))
    link = openLink({ ...makeExternalDatabase(''), connection: connected }, log)
    const transport = network.attach('archive')
    source = makeFinalBlockSource({ transport, clock: nodeClock, chainId: 'emo-test', genesisHash })
    const metrics = makeMetrics(new Registry())
    const replay = makeReplayEnv(blsBlst)
    archive = new Archive({ link, source, replay, genesisHash, genesisState, metrics, log })
    archive.start()
  }

  async function reached(height: number): Promise<void> {
    await expect.poll(() => archive.status(), { timeout: 60_000 }).toMatchObject({ height })
  }

  it('one that says to have forgotten plants no failure while another has the block', async () => {
    let answer = (): void => undefined
    const after = new Promise<void>((resolve) => (answer = resolve))
    join('honest', { after })
    join('liar', { lowest: 5 })
    start()
    await expect.poll(() => asked, { timeout: 30_000 }).toContain('liar')
    await settled()
    expect(archive.status().failure).toBeUndefined()
    answer()
    await reached(9)
    expect(archive.status().failure).toBeUndefined()
  })

  it('says so when it is true of all, with the lowest block that one of them has', async () => {
    join('higher', { lowest: 7 })
    join('lower', { lowest: 4 })
    start()
    await expect
      .poll(() => archive.status().failure, { timeout: 60_000 })
      .toMatchObject({
        code: 'ARCHIVE_HISTORY_PRUNED',
        message: 'Block 1 is needed; the peers have those from 4 on.',
      })
    const whole = join('whole', {})
    expect(archive.status().failure).toBeUndefined()
    await reached(9)
    await whole.stop()
    expect(archive.status().failure).toBeUndefined()
  })

  it('forgets with a peer what it claimed', async () => {
    const liar = join('liar', { lowest: 5, claims: 1_000_000 })
    start()
    await expect.poll(() => archive.status().failure, { timeout: 60_000 }).toBeDefined()
    const [first] = chain.blocks
    source.offer({ block: present(first), height: 700, from: liar.self })
    expect(archive.status().networkHeight).toBeGreaterThanOrEqual(700)
    await liar.stop()
    expect(archive.status()).toMatchObject({ networkHeight: undefined, failure: undefined })
    join('honest', {})
    await reached(9)
  })

  it('ENC-2 forgets what one claimed before it turned out to be of another chain', async () => {
    let answer = (): void => undefined
    const after = new Promise<void>((resolve) => (answer = resolve))
    join('stranger', { genesis: new Uint8Array(32), after })
    start()
    await expect.poll(() => archive.status().state, { timeout: 30_000 }).toBe('following')
    const [first, second] = chain.blocks
    const from = 'stranger' as PeerId
    source.offer({ block: present(second), height: 2, from })
    expect(archive.status().networkHeight).toBe(2)
    answer()
    await expect.poll(() => archive.status().networkHeight, { timeout: 30_000 }).toBeUndefined()
    expect(network.penalties).toEqual(['archive of stranger: PEER_OTHER_GENESIS'])
    // The block that it brought is gone too: the next one comes alone.
    source.offer({ block: present(first), height: 1, from: undefined })
    await reached(1)
    await settled()
    expect(archive.status().height).toBe(1)
  })
})
