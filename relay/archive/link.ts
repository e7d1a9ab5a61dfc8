/**
 * The archive's link to its database: connects, migrates, notices when the database is gone, and
 * connects again with back-off (ARC-1, ARC-2). The relay runs on without it meanwhile.
 */

import type { Logger } from 'pino'
import type pg from 'pg'
import type { Failure } from '../failure.ts'
import { textOf } from '../failure.ts'
import { migrate } from './migrate.ts'
import { isConnectionLoss, makeDatabase, makePool, type ArchiveDatabase } from './pool.ts'
import type { DatabaseSource } from './source.ts'

export type LinkState =
  | { readonly kind: 'connecting'; readonly failure: Failure | undefined }
  | { readonly kind: 'ready'; readonly database: ArchiveDatabase }
  | { readonly kind: 'closed' }

export interface DatabaseLink {
  state(): LinkState
  /** The database, as soon as it is there; rejects with `LinkClosed` when the relay closes. */
  ready(signal?: AbortSignal): Promise<ArchiveDatabase>
  /** Whoever sees a query fail says so: a lost connection is then noticed at once. */
  report(thrown: unknown): void
  close(): Promise<void>
}

export class LinkClosed extends Error {
  override readonly name = 'LinkClosed'
}

interface Waiter {
  readonly resolve: (database: ArchiveDatabase) => void
  readonly reject: () => void
}

const backoffMs = { first: 250, factor: 2, last: 10_000 } as const
const probeEveryMs = 1_000

export function openLink(source: DatabaseSource, log: Logger): DatabaseLink {
  let state: LinkState = { kind: 'connecting', failure: undefined }
  let pool: pg.Pool | undefined
  const waiters: Waiter[] = []
  let timer: NodeJS.Timeout | undefined
  let attempt: Promise<void> = Promise.resolve()

  function later(delayMs: number, action: () => Promise<void>): void {
    clearTimeout(timer)
    timer = setTimeout(() => {
      attempt = action()
    }, delayMs)
  }

  function isClosed(): boolean {
    return state.kind === 'closed'
  }

  async function connect(delayMs: number): Promise<void> {
    const failure = await tryConnect()
    if (isClosed()) return
    if (failure === undefined) {
      later(probeEveryMs, probe)
      return
    }
    const known = state.kind === 'connecting' ? state.failure?.message : undefined
    if (known !== failure.message)
      log.warn({ code: failure.code, retryMs: delayMs }, failure.message)
    state = { kind: 'connecting', failure }
    const next = Math.min(delayMs * backoffMs.factor, backoffMs.last)
    later(delayMs, () => connect(next))
  }

  async function tryConnect(): Promise<Failure | undefined> {
    const connection = await source.connection()
    if (!connection.ok) return connection.error
    if (isClosed()) return undefined
    const fresh = makePool(connection.value)
    fresh.on('error', lost)
    try {
      await migrateWith(fresh)
    } catch (thrown) {
      await fresh.end()
      return unavailable(source, thrown)
    }
    if (isClosed()) {
      await fresh.end()
      return undefined
    }
    pool = fresh
    const database = makeDatabase(fresh)
    state = { kind: 'ready', database }
    log.info({ database: source.kind }, 'the archive has its database')
    for (const waiter of waiters.splice(0)) waiter.resolve(database)
    return undefined
  }

  async function probe(): Promise<void> {
    try {
      await pool?.query('SELECT 1')
      later(probeEveryMs, probe)
    } catch (thrown) {
      lost(thrown)
    }
  }

  function lost(thrown: unknown): void {
    if (state.kind !== 'ready') return
    log.warn({ reason: textOf(thrown) }, 'the archive lost its database')
    state = { kind: 'connecting', failure: unavailable(source, thrown) }
    void endPool(pool)
    pool = undefined
    later(backoffMs.first, () => connect(backoffMs.first))
  }

  later(0, () => connect(backoffMs.first))
  return {
    state: () => state,
    ready: (signal) =>
      new Promise((resolve, reject) => {
        const refuse = (): void => {
          reject(new LinkClosed('the relay is closing'))
        }
        if (state.kind === 'ready') resolve(state.database)
        else if (state.kind === 'closed' || signal?.aborted === true) refuse()
        else waiters.push({ resolve, reject: refuse })
        signal?.addEventListener('abort', refuse, { once: true })
      }),
    report(thrown) {
      if (isConnectionLoss(thrown)) lost(thrown)
    },
    async close() {
      state = { kind: 'closed' }
      clearTimeout(timer)
      for (const waiter of waiters.splice(0)) waiter.reject()
      await attempt.catch(() => undefined)
      await endPool(pool)
    },
  }
}

async function migrateWith(pool: pg.Pool): Promise<void> {
  const client = await pool.connect()
  try {
    await migrate(client, { direction: 'up' })
    // It stays in the pool: an idle connection notices first when the server goes.
    client.release()
  } catch (thrown) {
    client.release(true)
    throw thrown
  }
}

async function endPool(pool: pg.Pool | undefined): Promise<void> {
  await pool?.end().catch(() => undefined)
}

function unavailable(source: DatabaseSource, thrown: unknown): Failure {
  const embedded = source.kind === 'embedded'
  return {
    code: 'ARCHIVE_DATABASE_UNAVAILABLE',
    message: `The archive cannot use its database: ${textOf(thrown) || 'no connection'}`,
    fix: embedded
      ? 'The relay starts it again by itself; if this stays, read postgres/server.log in its data directory.'
      : 'Start that PostgreSQL or correct --database-url; the relay tries again by itself and catches up.',
  }
}
