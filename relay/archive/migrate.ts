/**
 * ARC-2: brings the tables to the newest form, or back; node-pg-migrate remembers what was done.
 */

import { join } from 'node:path'
import { runner } from 'node-pg-migrate'
import type pg from 'pg'
import { projectRoot } from '../root.ts'

export const migrationsDirectory = join(projectRoot, 'relay', 'archive', 'migrations')

export interface MigrationOptions {
  readonly direction: 'up' | 'down'
  /** How many; all when left out. */
  readonly count?: number
}

/** Names of the migrations that were run. Relays that start together wait for each other. */
export async function migrate(
  client: pg.ClientBase,
  options: MigrationOptions,
): Promise<readonly string[]> {
  const done = await runner({
    dbClient: client,
    dir: migrationsDirectory,
    migrationsTable: 'archive_migrations',
    direction: options.direction,
    count: options.count ?? Number.POSITIVE_INFINITY,
    advisoryLockMode: 'wait',
    checkOrder: true,
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
  })
  return done.map((migration) => migration.name)
}

function ignore(): void {
  // A failure is thrown as well, and reported by whoever asked.
}
