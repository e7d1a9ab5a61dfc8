/** A real PostgreSQL for the tests of a file: started once, a database of its own for each test. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { makeEmbeddedPostgres } from './postgres/embedded.ts'
import type { ConnectionOptions } from './source.ts'

export interface TestPostgres {
  /** An empty database that nobody else uses. */
  freshDatabase(): Promise<ConnectionOptions>
  stop(): Promise<void>
}

export async function startTestPostgres(): Promise<TestPostgres> {
  const data = await mkdtemp(join(tmpdir(), 'emo-db-'))
  const source = makeEmbeddedPostgres({ data })
  const started = await source.connection()
  if (!started.ok) throw new Error(JSON.stringify(started.error))
  const server = started.value
  let count = 0
  return {
    async freshDatabase() {
      count += 1
      const name = `test${String(count)}`
      const client = new pg.Client(server)
      await client.connect()
      await client.query(`CREATE DATABASE ${name}`)
      await client.end()
      return { ...server, database: name }
    },
    async stop() {
      await source.stop()
      await rm(data, { recursive: true, force: true })
    },
  }
}

export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the test expects a value here')
  return value
}
