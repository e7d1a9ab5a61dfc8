/**
 * ARC-2: the one way to the database, for the embedded PostgreSQL and for any other: a `pg` pool
 * with Kysely above it.
 */

import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { assert } from '../../src/core/base/assert.ts'
import { codeOf } from '../failure.ts'
import type { ConnectionOptions } from './source.ts'
import type { ArchiveTables } from './tables.ts'

export type ArchiveDatabase = Kysely<ArchiveTables>

const int8Oid = 20

export function makePool(connection: ConnectionOptions): pg.Pool {
  return new pg.Pool({
    ...connection,
    max: 10,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    statement_timeout: 60_000,
    application_name: 'emotionalchain',
    types: { getTypeParser: getTypeParser as typeof pg.types.getTypeParser },
  })
}

export function makeDatabase(pool: pg.Pool): ArchiveDatabase {
  return new Kysely<ArchiveTables>({ dialect: new PostgresDialect({ pool }) })
}

/** Heights and times are integers below 2^53; sums of money are `numeric` and stay text. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  if (oid === int8Oid && format !== 'binary') return parseInteger
  return parserOf(oid, format)
}

/** The driver names the identifiers it knows; a server may send others. */
const parserOf = pg.types.getTypeParser as unknown as (
  oid: number,
  format?: 'text' | 'binary',
) => (text: string) => unknown

function parseInteger(text: string): number {
  const value = Number(text)
  assert(Number.isSafeInteger(value), 'integers in the archive are below 2^53')
  return value
}

const lossCodes = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH'],
  // Shut down by its operator, crashed, still starting.
  ...['57P01', '57P02', '57P03'],
])

/** The database is away, as opposed to refusing what it was asked. */
export function isConnectionLoss(thrown: unknown): boolean {
  const code = codeOf(thrown)
  if (code !== undefined) return lossCodes.has(code) || code.startsWith('08')
  const text = thrown instanceof Error ? thrown.message : ''
  return /connection terminated|timeout exceeded when trying to connect|not queryable/i.test(text)
}

/** Serialization failure or deadlock: the same transaction may succeed when tried again. */
export function isRetryable(thrown: unknown): boolean {
  const code = codeOf(thrown)
  return code === '40001' || code === '40P01'
}
