import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { digest, testBlock, testBlocks, testOrigin } from './blocks.fixture.ts'
import { migrate } from './migrate.ts'
import { makeDatabase, makePool, type ArchiveDatabase } from './pool.ts'
import { startTestPostgres, type TestPostgres } from './testDatabase.fixture.ts'
import { appendBlocks, openArchive } from './write.ts'

describe('ARC-3, ARC-4 writing final blocks', () => {
  let postgres: TestPostgres
  let database: ArchiveDatabase

  beforeAll(async () => {
    postgres = await startTestPostgres()
  })
  afterAll(async () => {
    await postgres.stop()
  })
  beforeEach(async () => {
    const pool = makePool(await postgres.freshDatabase())
    const client = await pool.connect()
    await migrate(client, { direction: 'up' })
    client.release()
    database = makeDatabase(pool)
    expect(await openArchive(database, testOrigin)).toMatchObject({
      ok: true,
      value: { height: 0 },
    })
  })
  afterEach(async () => {
    await database.destroy()
  })

  it('keeps every byte, the newest state and the counts', async () => {
    const blocks = testBlocks(25)
    const written = await appendBlocks(database, blocks)
    expect(written).toMatchObject({ ok: true, value: { height: 25 } })
    const rows = await database.selectFrom('blocks').selectAll().orderBy('height').execute()
    expect(rows.map((row) => text(row.header))).toEqual(blocks.map((block) => text(block.header)))
    expect(rows.map((row) => hexOf(row.hash))).toEqual(blocks.map((block) => hexOf(block.hash)))
    const account = await database
      .selectFrom('accounts')
      .selectAll()
      .where('id', '=', digest('a'))
      .executeTakeFirstOrThrow()
    expect(BigInt(account.balance_micro)).toBe(10n ** 24n - 25n)
    expect(await countsOf(database)).toEqual({ blocks: 25, transactions: 25 })
    const leaves = await database.selectFrom('state_leaves').selectAll().execute()
    expect(leaves.map((leaf) => hexOf(leaf.key)).sort()).toEqual(
      [digest('k'), digest('gone 25')].map(hexOf).sort(),
    )
    const epoch = await database
      .selectFrom('epochs')
      .selectAll()
      .where('epoch', '=', 0)
      .executeTakeFirstOrThrow()
    expect(epoch.boundary_height).toBe(9)
  })

  it('takes the same blocks again without a change, also overlapping', async () => {
    const blocks = testBlocks(20)
    await appendBlocks(database, blocks.slice(0, 12))
    expect(await appendBlocks(database, blocks.slice(0, 12))).toMatchObject({
      ok: true,
      value: { height: 12 },
    })
    expect(await appendBlocks(database, blocks.slice(5))).toMatchObject({ value: { height: 20 } })
    expect(await countsOf(database)).toEqual({ blocks: 20, transactions: 20 })
  })

  it('refuses another block at a stored height and keeps the first', async () => {
    await appendBlocks(database, testBlocks(5))
    expect(await appendBlocks(database, testBlocks(5, 'fork').slice(3))).toMatchObject({
      ok: false,
      error: { code: 'ARCHIVE_CONFLICT', height: 4 },
    })
    const stranger = testBlock(6, digest('elsewhere'), 'fork')
    expect(await appendBlocks(database, [stranger])).toMatchObject({
      ok: false,
      error: { code: 'ARCHIVE_CONFLICT', height: 6 },
    })
    expect(await countsOf(database)).toEqual({ blocks: 5, transactions: 5 })
  })

  it('refuses a gap and says from where on it needs blocks', async () => {
    const blocks = testBlocks(9)
    await appendBlocks(database, blocks.slice(0, 3))
    expect(await appendBlocks(database, blocks.slice(5))).toMatchObject({
      ok: false,
      error: { code: 'ARCHIVE_GAP', expected: 4 },
    })
    expect(await appendBlocks(database, [...blocks.slice(3, 5), ...blocks.slice(6)])).toMatchObject(
      {
        ok: false,
        error: { code: 'ARCHIVE_GAP', expected: 6 },
      },
    )
    expect(await countsOf(database)).toEqual({ blocks: 3, transactions: 3 })
  })

  it('lets two writers offer the same chain at once', async () => {
    const blocks = testBlocks(40)
    const results = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        appendBlocks(database, blocks.slice(0, 10 + 5 * index)),
      ),
    )
    expect(results.every((result) => result.ok)).toBe(true)
    expect(await countsOf(database)).toEqual({ blocks: 35, transactions: 35 })
  })

  it('refuses the archive of another chain', async () => {
    const other = { ...testOrigin, chainId: 'other', genesisHash: digest('other') }
    expect(await openArchive(database, other)).toMatchObject({
      ok: false,
      error: { code: 'ARCHIVE_OTHER_CHAIN' },
    })
    expect(await openArchive(database, testOrigin)).toMatchObject({ ok: true })
  })
})

async function countsOf(database: ArchiveDatabase): Promise<Record<string, number>> {
  const rows = await database.selectFrom('counts').selectAll().execute()
  return Object.fromEntries(rows.map((row) => [row.name, row.value]))
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8')
}
