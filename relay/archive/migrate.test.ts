import { readdir } from 'node:fs/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrate, migrationsDirectory } from './migrate.ts'
import { startTestPostgres, type TestPostgres } from './testDatabase.fixture.ts'

describe('ARC-2 migrations', () => {
  let postgres: TestPostgres

  beforeAll(async () => {
    postgres = await startTestPostgres()
  })
  afterAll(async () => {
    await postgres.stop()
  })

  it('go up one by one and down one by one, each leaving what was there before', async () => {
    const client = await connect()
    const names = (await readdir(migrationsDirectory)).sort()
    const shapes: string[] = [await shapeOf(client)]
    expect(shapes[0]).toBe('[]')
    for (const name of names) {
      expect(await migrate(client, { direction: 'up', count: 1 })).toEqual([withoutSuffix(name)])
      shapes.push(await shapeOf(client))
      expect(shapes.at(-1)).not.toBe(shapes.at(-2))
    }
    expect(await migrate(client, { direction: 'up' })).toEqual([])
    for (const name of names.toReversed()) {
      shapes.pop()
      expect(await migrate(client, { direction: 'down', count: 1 })).toEqual([withoutSuffix(name)])
      expect(await shapeOf(client)).toBe(shapes.at(-1))
    }
    expect((await migrate(client, { direction: 'up' })).length).toBe(names.length)
    await client.end()
  })

  it('wait for each other when two relays start together', async () => {
    const connection = await postgres.freshDatabase()
    const clients = [new pg.Client(connection), new pg.Client(connection)]
    await Promise.all(clients.map((client) => client.connect()))
    const done = await Promise.all(clients.map((client) => migrate(client, { direction: 'up' })))
    expect(done.flat().toSorted()).toEqual(
      (await readdir(migrationsDirectory)).map(withoutSuffix).sort(),
    )
    await Promise.all(clients.map((client) => client.end()))
  })

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client(await postgres.freshDatabase())
    await client.connect()
    return client
  }
})

function withoutSuffix(name: string): string {
  return name.replace(/\.sql$/, '')
}

/** Every column, index and constraint, except the list of migrations itself. */
async function shapeOf(client: pg.Client): Promise<string> {
  const columns = await client.query<{ table_name: string }>(
    `SELECT table_name, column_name, data_type, is_nullable, column_default
     FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name <> 'archive_migrations' ORDER BY 1, 2`,
  )
  const indexes = await client.query<{ indexdef: string }>(
    `SELECT indexdef FROM pg_indexes
     WHERE schemaname = 'public' AND tablename <> 'archive_migrations' ORDER BY 1`,
  )
  return JSON.stringify([...columns.rows, ...indexes.rows])
}
