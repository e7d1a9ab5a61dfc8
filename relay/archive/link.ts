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
  const link = new Link(source, log)
  link.start()
  return link
}

class Link implements DatabaseLink {
  readonly #source: DatabaseSource
  readonly #log: Logger
  readonly #waiters: Waiter[] = []
  #state: LinkState = { kind: 'connecting', failure: undefined }
  #pool: pg.Pool | undefined
  #timer: NodeJS.Timeout | undefined
  #attempt: Promise<void> = Promise.resolve()

  constructor(source: DatabaseSource, log: Logger) {
    this.#source = source
    this.#log = log
  }

  start(): void {
    this.#later(0, () => this.#connect(backoffMs.first))
  }

  state(): LinkState {
    return this.#state
  }

  ready(signal?: AbortSignal): Promise<ArchiveDatabase> {
    return new Promise((resolve, reject) => {
      const refuse = (): void => {
        reject(new LinkClosed('the relay is closing'))
      }
      if (this.#state.kind === 'ready') resolve(this.#state.database)
      else if (this.#isClosed() || signal?.aborted === true) refuse()
      else this.#waiters.push({ resolve, reject: refuse })
      signal?.addEventListener('abort', refuse, { once: true })
    })
  }

  report(thrown: unknown): void {
    if (isConnectionLoss(thrown)) this.#lost(thrown)
  }

  async close(): Promise<void> {
    this.#state = { kind: 'closed' }
    clearTimeout(this.#timer)
    for (const waiter of this.#waiters.splice(0)) waiter.reject()
    await this.#attempt.catch(() => undefined)
    await endPool(this.#pool)
  }

  #later(delayMs: number, action: () => Promise<void>): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#attempt = action()
    }, delayMs)
  }

  #isClosed(): boolean {
    return this.#state.kind === 'closed'
  }

  async #connect(delayMs: number): Promise<void> {
    const failure = await this.#tryConnect()
    if (this.#isClosed()) return
    if (failure === undefined) {
      this.#later(probeEveryMs, () => this.#probe())
      return
    }
    const known = this.#state.kind === 'connecting' ? this.#state.failure?.message : undefined
    if (known !== failure.message) {
      this.#log.warn({ code: failure.code, retryMs: delayMs }, failure.message)
    }
    this.#state = { kind: 'connecting', failure }
    const next = Math.min(delayMs * backoffMs.factor, backoffMs.last)
    this.#later(delayMs, () => this.#connect(next))
  }

  async #tryConnect(): Promise<Failure | undefined> {
    const connection = await this.#source.connection()
    if (!connection.ok) return connection.error
    if (this.#isClosed()) return undefined
    const pool = makePool(connection.value)
    pool.on('error', (thrown) => {
      this.#lost(thrown)
    })
    try {
      await migrateWith(pool)
    } catch (thrown) {
      await endPool(pool)
      return unavailable(this.#source, thrown)
    }
    if (this.#isClosed()) {
      await endPool(pool)
      return undefined
    }
    this.#pool = pool
    const database = makeDatabase(pool)
    this.#state = { kind: 'ready', database }
    this.#log.info({ database: this.#source.kind }, 'the archive has its database')
    for (const waiter of this.#waiters.splice(0)) waiter.resolve(database)
    return undefined
  }

  async #probe(): Promise<void> {
    try {
      await this.#pool?.query('SELECT 1')
      if (this.#state.kind === 'ready') this.#later(probeEveryMs, () => this.#probe())
    } catch (thrown) {
      this.#lost(thrown)
    }
  }

  #lost(thrown: unknown): void {
    if (this.#state.kind !== 'ready') return
    this.#log.warn({ reason: textOf(thrown) }, 'the archive lost its database')
    this.#state = { kind: 'connecting', failure: unavailable(this.#source, thrown) }
    void endPool(this.#pool)
    this.#pool = undefined
    this.#later(backoffMs.first, () => this.#connect(backoffMs.first))
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
      ? 'The relay starts it again by itself; postgres/server.log in its data directory says more.'
      : 'Start that PostgreSQL or correct --database-url; the relay tries again and catches up.',
  }
}
