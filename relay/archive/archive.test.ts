import pino from 'pino'
import { Registry } from 'prom-client'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { nodeClock } from '../../src/adapters/node/clock.ts'
import { blsBlst } from '../../src/adapters/crypto/blsBlst.ts'
import { hex } from '../../src/core/base/bytes.ts'
import { ok, type Result } from '../../src/core/base/result.ts'
import {
  CertifiedBlock,
  StatusResponse,
  SyncRequest,
  SyncResponse,
} from '../../src/core/codec/chain.ts'
import { Account, StateProof } from '../../src/core/codec/state.ts'
import { smtVerify } from '../../src/core/crypto/smtProof.ts'
import { accountOf } from '../../src/core/ledger/accounts.ts'
import { stateRoot } from '../../src/core/ledger/state.ts'
import { protocol } from '../../src/core/params.ts'
import type { PeerId, PeerInfo, TransportError } from '../../src/ports/transport.ts'
import type { FinalBlockEvent } from '../api/context.ts'
import { makeMetrics } from '../metrics/metrics.ts'
import { Archive } from './archive.ts'
import {
  addCertified,
  addMany,
  certify,
  headerHash,
  makeBlock,
  startChain,
  transferTo,
  type CertifiedChain,
} from './chain.fixture.ts'
import { makeFinalBlockSource, type FinalBlockSource } from './finalBlocks.ts'
import { openLink, type DatabaseLink } from './link.ts'
import { makePool } from './pool.ts'
import { readBlocks } from './queries/blocks.ts'
import { findEpoch } from './queries/epochs.ts'
import { makeReplayEnv } from './replay.ts'
import { makeExternalDatabase, type ConnectionOptions } from './source.ts'
import { present, startTestPostgres, type TestPostgres } from './testDatabase.fixture.ts'
import { Header } from '../../src/core/codec/chain.ts'

const log = pino({ level: process.env['EMO_TEST_LOG'] ?? 'silent' })
const peer = 'peer-1' as PeerId

/** A peer that holds a chain and answers from it, as a node does. */
function servingPeer(
  genesis: () => Uint8Array,
  served: () => readonly CertifiedBlock[],
  lowestHeight = (): number => 0,
) {
  const penalties: string[] = []
  return {
    penalties,
    peers: (): readonly PeerInfo[] => [{ peer, path: 'websocket', isRelay: false }],
    penalise: (_peer: PeerId, reason: string) => penalties.push(reason),
    request(
      _peer: PeerId,
      name: string,
      bytes: Uint8Array,
    ): Promise<Result<Uint8Array, TransportError>> {
      const blocks = served()
      if (name === 'status') {
        const own = { version: protocol.version, chainId: 'emo-test', genesis: genesis() }
        return Promise.resolve(ok(StatusResponse.encode({ ...own, height: blocks.length })))
      }
      const { fromHeight, countMax } = SyncRequest.decode(bytes)
      const page = blocks.slice(fromHeight - 1, fromHeight - 1 + Math.min(countMax, 7))
      const answer =
        fromHeight < lowestHeight() ? { lowestHeight: lowestHeight() } : { blocks: [...page] }
      return Promise.resolve(ok(SyncResponse.encode({ ...answer, tipHeight: blocks.length })))
    },
  }
}

describe('ARC-3, ARC-4 the archive follows the chain', { timeout: 120_000 }, () => {
  let postgres: TestPostgres
  let connection: ConnectionOptions
  let chain: CertifiedChain
  let link: DatabaseLink | undefined
  let archive: Archive | undefined

  beforeAll(async () => {
    postgres = await startTestPostgres()
  })
  afterAll(async () => {
    await postgres.stop()
  })
  beforeEach(async () => {
    connection = await postgres.freshDatabase()
    chain = startChain()
  })
  afterEach(async () => {
    await stop()
  })

  async function stop(): Promise<void> {
    await archive?.close()
    await link?.close()
    archive = undefined
    link = undefined
  }

  function start(
    served: () => readonly CertifiedBlock[] = () => [],
    transport = servingPeer(() => chain.genesisHash, served),
  ): { archive: Archive; source: FinalBlockSource; penalties: readonly string[] } {
    const made = openLink({ ...makeExternalDatabase(''), connection: connected }, log)
    const source = makeFinalBlockSource({
      transport,
      clock: nodeClock,
      chainId: 'emo-test',
      genesisHash: chain.genesisHash,
    })
    const { genesisHash, genesisState } = chain
    const metrics = makeMetrics(new Registry())
    const replay = makeReplayEnv(blsBlst)
    link = made
    archive = new Archive({ link, source, replay, genesisHash, genesisState, metrics, log })
    archive.start()
    return { archive, source, penalties: transport.penalties }
  }

  function connected(): Promise<Result<ConnectionOptions, never>> {
    return Promise.resolve(ok(connection))
  }

  async function reached(height: number): Promise<void> {
    await expect
      .poll(() => archive?.status(), { timeout: 60_000 })
      .toMatchObject({ state: 'following', height })
  }

  it('catches up from a peer over an epoch boundary and keeps the exact bytes', async () => {
    const newcomer = new Uint8Array(32).fill(5)
    addMany(chain, 3)
    addCertified(chain, [transferTo(chain, newcomer, 7n)])
    addMany(chain, 12)
    const running = start(() => chain.blocks)
    await reached(16)
    const database = await present(link).ready()
    const rows = await readBlocks(database, 1, 100)
    expect(rows.map((row) => hex(row.header))).toEqual(
      chain.blocks.map((block) => hex(block.header)),
    )
    expect(rows.map((row) => hex(row.hash))).toEqual(
      chain.blocks.map((block) => hex(headerHash(block))),
    )
    const boundary = present(rows.find((row) => row.is_boundary))
    const epoch = present(await findEpoch(database, 1))
    expect((await findEpoch(database, 0))?.epoch.boundary_height).toBe(boundary.height)
    expect(epoch.seats.length).toBe(4)
    const row = await database
      .selectFrom('accounts')
      .selectAll()
      .where('id', '=', newcomer)
      .executeTakeFirstOrThrow()
    expect(row.balance_micro).toBe('7')
    expect(running.penalties).toEqual([])
  })

  it('proves an account, and the absence of one, against a certified header', async () => {
    const newcomer = new Uint8Array(32).fill(5)
    addCertified(chain, [transferTo(chain, newcomer, 7n)])
    const last = addCertified(chain)
    const running = start(() => chain.blocks)
    await reached(2)
    const root = Header.decode(last.header).parentStateRoot
    for (const id of [newcomer, new Uint8Array(32).fill(9)]) {
      const witness = present(running.archive.proveAccount(id))
      expect(hex(witness.stateRoot)).toBe(hex(root))
      expect(smtVerify(root, witness.key, witness.value, StateProof.decode(witness.proof))).toBe(
        true,
      )
    }
    const shown = present(running.archive.proveAccount(newcomer)?.value)
    expect(Account.decode(shown).balanceMicro).toBe(7n)
  })

  it('goes on after a restart, from what is durable', async () => {
    addMany(chain, 4)
    start(() => chain.blocks)
    await reached(4)
    await stop()
    addMany(chain, 5)
    const running = start(() => chain.blocks)
    await reached(9)
    expect(running.archive.status().hash).toEqual(headerHash(present(chain.blocks[8])))
    const database = await present(link).ready()
    const leaves = await database.selectFrom('state_leaves').selectAll().execute()
    const tip = await database.selectFrom('tip').selectAll().executeTakeFirstOrThrow()
    expect(hex(tip.state_root)).toBe(hex(stateRoot(chain.chain.state)))
    expect(leaves.length).toBeGreaterThan(10)
  })

  it('SYNC-4 says so while its peers have forgotten what it needs', async () => {
    addMany(chain, 9)
    let lowest = 5
    const served = (): readonly CertifiedBlock[] => chain.blocks
    start(
      served,
      servingPeer(
        () => chain.genesisHash,
        served,
        () => lowest,
      ),
    )
    await expect
      .poll(() => archive?.status().failure, { timeout: 60_000 })
      .toMatchObject({
        code: 'ARCHIVE_HISTORY_PRUNED',
        message: 'Block 1 is needed; the peers have those from 5 on.',
      })
    expect(archive?.status().height).toBe(0)
    lowest = 0
    await reached(9)
    expect(archive?.status().failure).toBeUndefined()
  })

  it('loses no block when the database goes away in between', async () => {
    addMany(chain, 3)
    start(() => chain.blocks)
    await reached(3)
    const admin = makePool({ ...connection, database: 'postgres' })
    await admin.query(`ALTER DATABASE "${nameOf(connection)}" ALLOW_CONNECTIONS false`)
    await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
      nameOf(connection),
    ])
    addMany(chain, 6)
    await expect.poll(() => archive?.status().state, { timeout: 30_000 }).toBe('waiting')
    expect(archive?.status().failure?.code).toBe('ARCHIVE_DATABASE_UNAVAILABLE')
    await admin.query(`ALTER DATABASE "${nameOf(connection)}" ALLOW_CONNECTIONS true`)
    await admin.end()
    await reached(9)
  })

  it('takes gossiped blocks in any order and tells its followers in the right one', async () => {
    const running = start()
    await reached(0)
    const seen: FinalBlockEvent[] = []
    running.archive.subscribe((event) => seen.push(event))
    const [first, second, third] = addMany(chain, 3)
    const offers = [third, first, second].map(present)
    for (const block of offers) {
      expect(running.archive.judge(block)).toBe('accept')
      const height = Header.decode(block.header).height
      running.source.offer({ block, height, from: peer })
    }
    await reached(3)
    expect(seen.map((event) => event.height)).toEqual([1, 2, 3])
  })

  it('refuses what no quorum signed, makes its giver pay, takes the true block', async () => {
    const running = start()
    await reached(0)
    const forged = makeBlock(chain, 1_800_000_000_600, [], [0, 1])
    const block = addCertified(chain)
    expect(running.archive.judge(forged)).toBe('reject')
    running.source.offer({ block: forged, height: 1, from: peer })
    await expect.poll(() => running.penalties.length, { timeout: 30_000 }).toBe(1)
    expect(running.archive.status()).toMatchObject({ height: 0, state: 'following' })
    running.source.offer({ block, height: 1, from: peer })
    await reached(1)
  })

  it('ARC-3: a posted block needs its certificate', async () => {
    const running = start()
    await reached(0)
    const [first, second, third] = addMany(chain, 3).map((block) => CertifiedBlock.encode(block))
    const post = (bytes: Uint8Array) => running.archive.submit(bytes)
    const bare = CertifiedBlock.decode(present(first))
    delete bare.certificate
    expect(await post(CertifiedBlock.encode(bare))).toMatchObject({
      error: { code: 'ARCHIVE_BLOCK_UNCERTIFIED' },
    })
    const few = CertifiedBlock.decode(present(first))
    few.certificate = certify(Header.decode(few.header), headerHash(few), [0, 1])
    expect(await post(CertifiedBlock.encode(few))).toMatchObject({
      error: { code: 'ARCHIVE_BLOCK_UNCERTIFIED' },
    })
    expect(await post(Uint8Array.of(1, 2, 3))).toMatchObject({
      error: { code: 'ARCHIVE_BLOCK_MALFORMED' },
    })
    expect(await post(present(third))).toMatchObject({ error: { code: 'ARCHIVE_GAP' } })
    expect(await post(present(first))).toMatchObject({ ok: true, value: { isNew: true } })
    expect(await post(present(first))).toMatchObject({ ok: true, value: { isNew: false } })
    expect(await post(present(second))).toMatchObject({ value: { height: 2, isNew: true } })
    const foreign = CertifiedBlock.decode(present(first))
    foreign.header = makeBlock(startChain(), 1_800_000_000_700).header
    expect(await post(CertifiedBlock.encode(foreign))).toMatchObject({
      error: { code: 'ARCHIVE_BLOCK_UNCERTIFIED' },
    })
    expect(running.archive.status()).toMatchObject({ height: 2, state: 'following' })
  })

  it('stops and keeps what it has when two chains claim to be final', async () => {
    const running = start(() => chain.blocks)
    const other = startChain()
    addMany(chain, 2)
    await reached(2)
    const fork = addCertified(other, [transferTo(other, new Uint8Array(32).fill(1), 1n)])
    expect(await running.archive.submit(CertifiedBlock.encode(fork))).toMatchObject({
      error: { code: 'ARCHIVE_FORK' },
    })
    expect(running.archive.status()).toMatchObject({ state: 'stopped', height: 2 })
    const database = await present(link).ready()
    const rows = await readBlocks(database, 1, 10)
    expect(hex(present(rows[0]).hash)).toBe(hex(headerHash(present(chain.blocks[0]))))
  })

  it('refuses the database of another chain', async () => {
    start()
    await reached(0)
    await stop()
    chain = startChain(1)
    const running = start()
    await expect
      .poll(() => running.archive.status(), { timeout: 30_000 })
      .toMatchObject({ state: 'stopped', failure: { code: 'ARCHIVE_OTHER_CHAIN' } })
  })

  it('executes to the state that the chain has', async () => {
    addCertified(chain, [transferTo(chain, new Uint8Array(32).fill(5), 9n)])
    const running = start(() => chain.blocks)
    await reached(1)
    const id = present(chain.chain.keys[0]).account
    const database = await present(link).ready()
    const row = await database
      .selectFrom('accounts')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    expect(BigInt(row.balance_micro)).toBe(accountOf(chain.chain.state, id).balanceMicro)
    expect(running.archive.status().epoch).toBe(0)
  })
})

function nameOf(connection: ConnectionOptions): string {
  return 'database' in connection ? connection.database : ''
}
