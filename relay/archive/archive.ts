/**
 * ARC-3, ARC-4: follows the chain and keeps it. Pulls final blocks, checks each certificate,
 * executes, and makes them durable before anybody is told of them.
 *
 * The database may be away at any time: the archive then holds its point in memory, asks for
 * nothing, and goes on from the last durable height when it is back. No block is kept for later:
 * the network has them.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { equalBytes } from '../../src/core/base/bytes.ts'
import { ok, type Result } from '../../src/core/base/result.ts'
import { readHeader } from '../../src/core/chain/certified.ts'
import { CertifiedBlock } from '../../src/core/codec/chain.ts'
import { decodeStrict } from '../../src/core/codec/strict.ts'
import { readSingle, type LedgerState } from '../../src/core/ledger/state.ts'
import { epochRecord } from '../../src/core/ledger/tables.ts'
import type { Verdict } from '../../src/ports/transport.ts'
import type {
  ArchiveReader,
  ArchiveStatus,
  FinalBlockEvent,
  StateWitness,
  Submitted,
} from '../api/context.ts'
import { textOf, type Failure } from '../failure.ts'
import type { RelayMetrics } from '../metrics/metrics.ts'
import type { Candidate, FinalBlockSource } from './finalBlocks.ts'
import { compareStored, judgeAhead, judgeGossip } from './judge.ts'
import { LinkClosed, type DatabaseLink } from './link.ts'
import { genesisPoint, loadPoint } from './loadPoint.ts'
import type { ArchiveDatabase } from './pool.ts'
import { readBlocks } from './queries/blocks.ts'
import {
  refuse,
  replayBlock,
  type ReplayEnv,
  type ReplayError,
  type ReplayPoint,
} from './replay.ts'
import type { ArchiveBlock } from './rows.ts'
import { originOf, rowsOf } from './rowsOf.ts'
import { witnessAccount } from './witness.ts'
import { appendBlocks, openArchive } from './write.ts'

export interface ArchiveOptions {
  readonly link: DatabaseLink
  readonly source: FinalBlockSource
  readonly replay: ReplayEnv
  readonly genesisHash: Uint8Array
  /** State before the first block. */
  readonly genesisState: LedgerState
  readonly metrics: RelayMetrics
  readonly log: Logger
}

const blockBytesMax = 1024 * 1024
const retryMs = 500
/** Refusals that another copy of the block could cure; any other one stops the archive. */
const giversFault: ReadonlySet<string> = new Set([
  ...['ARCHIVE_BLOCK_MALFORMED', 'ARCHIVE_BLOCK_UNCERTIFIED', 'ARCHIVE_GAP'],
])

export class Archive implements ArchiveReader {
  readonly #options: ArchiveOptions
  readonly #listeners = new Set<(event: FinalBlockEvent) => void>()
  readonly #closing = new AbortController()
  #point: ReplayPoint
  /** The point is what the database holds. */
  #isFollowing = false
  /** Why it waits, or stopped for good. */
  #trouble: Failure | undefined
  #isStopped = false
  #running: Promise<void> = Promise.resolve()
  /** Appends one after the other: the follower's and those of clients. */
  #queue: Promise<unknown> = Promise.resolve()

  constructor(options: ArchiveOptions) {
    this.#options = options
    this.#point = genesisPoint(options.genesisState, options.genesisHash)
  }

  start(): void {
    this.#running = this.#run()
  }

  /** Ends after the batch that is being written. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
    await this.#queue
  }

  status(): ArchiveStatus {
    const { height, hash, timeMs, state } = this.#point
    const link = this.#options.link.state()
    const following = this.#isFollowing && link.kind === 'ready'
    return {
      state: this.#isStopped ? 'stopped' : following ? 'following' : 'waiting',
      height,
      hash,
      epoch: readSingle(state, epochRecord).epoch,
      timeMs: height === 0 ? 0 : timeMs,
      networkHeight: this.#options.source.networkHeight(),
      failure: this.#trouble ?? (link.kind === 'connecting' ? link.failure : this.#historyPruned()),
    }
  }

  /** SYNC-4: it was away for longer than its peers keep blocks. */
  #historyPruned(): Failure | undefined {
    const needed = this.#point.height + 1
    const held = this.#options.source.prunedBelow(needed)
    if (held === undefined) return undefined
    return {
      code: 'ARCHIVE_HISTORY_PRUNED',
      message: `Block ${String(needed)} is needed; the peers have those from ${String(held)} on.`,
      fix: 'Connect a relay whose archive is whole (--bootstrap), or a validator with --keep-all.',
    }
  }

  database(): Result<ArchiveDatabase, Failure> {
    const link = this.#options.link.state()
    if (link.kind === 'ready') return ok(link.database)
    const failure = link.kind === 'connecting' ? link.failure : undefined
    return { ok: false, error: failure ?? startingFailure }
  }

  report(thrown: unknown): void {
    this.#options.link.report(thrown)
  }

  subscribe(listener: (event: FinalBlockEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  proveAccount(id: Uint8Array): StateWitness | undefined {
    return witnessAccount(this.#point, id)
  }

  /** State after the newest durable block; `undefined` while the archive does not follow. */
  ledgerState(): LedgerState | undefined {
    return this.#isFollowing ? this.#point.state : undefined
  }

  judge(block: CertifiedBlock): Verdict {
    return judgeGossip(this.#point, block, this.#options.replay.bls)
  }

  async submit(bytes: Uint8Array): Promise<Result<Submitted, Failure>> {
    const taken = await this.#take(bytes)
    if (!taken.ok) this.#options.metrics.archiveRefused.inc({ code: taken.error.code })
    return taken
  }

  async #take(bytes: Uint8Array): Promise<Result<Submitted, Failure>> {
    const decoded = decodeStrict(CertifiedBlock, bytes, blockBytesMax)
    if (!decoded.ok) return refuse('ARCHIVE_BLOCK_MALFORMED', decoded.error.code)
    const block = decoded.value
    const header = readHeader(block.header)
    if (!header.ok) return refuse('ARCHIVE_BLOCK_MALFORMED', header.error.code)
    const { height, epoch } = header.value.header
    const place = { height, epoch, hash: header.value.hash }
    if (block.certificate === undefined) {
      return refuse('ARCHIVE_BLOCK_UNCERTIFIED', 'it carries no certificate', String(height))
    }
    const database = this.database()
    if (!database.ok) return database
    if (!this.#isFollowing) return { ok: false, error: this.#trouble ?? startingFailure }
    return await this.#inTurn(async () => {
      const { bls } = this.#options.replay
      const { height: tipHeight } = this.#point
      if (height > tipHeight + 1) return judgeAhead(this.#point, block, place, bls)
      if (height <= tipHeight) {
        const compared = await compareStored(database.value, this.#point, block, place, bls)
        if (!compared.ok && !giversFault.has(compared.error.code)) this.#stop(compared.error)
        return compared
      }
      const result = await this.#append(database.value, [{ block, height, from: undefined }])
      return result.ok ? ok({ height, hash: place.hash, isNew: true }) : result
    })
  }

  async #run(): Promise<void> {
    const { link, log } = this.#options
    while (!this.#isOver()) {
      try {
        await this.#follow(await link.ready(this.#closing.signal))
      } catch (thrown) {
        if (thrown instanceof LinkClosed) return
        this.#isFollowing = false
        link.report(thrown)
        this.#trouble = writeFailure(thrown)
        log.warn({ reason: textOf(thrown) }, 'the archive goes back to its last durable block')
        await sleep(retryMs, undefined, { signal: this.#closing.signal }).catch(() => undefined)
      }
    }
  }

  async #follow(database: ArchiveDatabase): Promise<void> {
    await this.#inTurn(() => this.#load(database))
    const { source, log } = this.#options
    while (!this.#isOver()) {
      const candidates = await source.next(this.#point.height + 1, this.#closing.signal)
      const result = await this.#inTurn(() => this.#append(database, candidates))
      if (!result.ok) log.warn({ code: result.error.code }, result.error.message)
    }
  }

  /** The point in memory is kept when it is what the database holds. */
  async #load(database: ArchiveDatabase): Promise<void> {
    const { genesisState, genesisHash } = this.#options
    const opened = await openArchive(database, originOf(genesisState, genesisHash))
    if (!opened.ok) {
      this.#stop(opened.error)
      return
    }
    if (!equalBytes(opened.value.hash, this.#point.hash)) {
      const loaded = await loadPoint(database, opened.value)
      if (!loaded.ok) {
        this.#stop(loaded.error)
        return
      }
      const known = this.#point.height
      this.#point = loaded.value
      if (known > 0) await this.#tellStored(database, known + 1)
    }
    this.#trouble = undefined
    this.#isFollowing = true
    this.#options.metrics.archiveHeight.set(this.#point.height)
  }

  /** Blocks that became durable without an answer, or were written by another relay. */
  async #tellStored(database: ArchiveDatabase, fromHeight: number): Promise<void> {
    for (let next = fromHeight; next <= this.#point.height;) {
      const rows = await readBlocks(database, next, 100)
      const last = rows.at(-1)
      if (last === undefined) return
      for (const row of rows) this.#tell({ ...row, isBoundary: row.is_boundary })
      next = last.height + 1
    }
  }

  /** Writes as many as verify; the first refusal is the answer. */
  async #append(
    database: ArchiveDatabase,
    candidates: readonly Candidate[],
  ): Promise<Result<undefined, Failure>> {
    const rows: ArchiveBlock[] = []
    let point = this.#point
    let refusal: ReplayError | undefined
    for (const candidate of candidates) {
      // A client may have brought it while this batch was fetched.
      if (candidate.height <= point.height) continue
      const replayed = replayBlock(point, candidate.block, this.#options.replay)
      if (!replayed.ok) {
        refusal = replayed.error
        this.#blame(candidate, replayed.error)
        break
      }
      rows.push(rowsOf(point.state, candidate.block, replayed.value))
      point = replayed.value.point
    }
    const written = rows.length > 0 ? await this.#write(database, rows, point) : ok(undefined)
    return refusal === undefined || !written.ok ? written : { ok: false, error: refusal }
  }

  async #write(
    database: ArchiveDatabase,
    rows: readonly ArchiveBlock[],
    point: ReplayPoint,
  ): Promise<Result<undefined, Failure>> {
    const { metrics } = this.#options
    const endTimer = metrics.archiveAppendSeconds.startTimer()
    const written = await appendBlocks(database, rows)
    endTimer()
    if (!written.ok) {
      if (written.error.code === 'ARCHIVE_CONFLICT') this.#stop(written.error)
      // Another relay writes into the same database: go on from where it is.
      else await this.#load(database)
      return written
    }
    this.#point = point
    metrics.archiveHeight.set(point.height)
    metrics.archiveBlocks.inc(rows.length)
    for (const row of rows) {
      metrics.archiveTransactions.inc(row.transactions.length)
      this.#tell(row)
    }
    return ok(undefined)
  }

  #tell(event: FinalBlockEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  #blame(candidate: Candidate, error: ReplayError): void {
    if (!giversFault.has(error.code)) this.#stop(error)
    else this.#options.source.refuse(candidate, error.code)
    if (candidate.from !== undefined) this.#options.metrics.archiveRefused.inc({ code: error.code })
  }

  #stop(failure: Failure): void {
    this.#isStopped = true
    this.#isFollowing = false
    this.#trouble = failure
    this.#options.log.fatal({ code: failure.code }, `${failure.message} ${failure.fix}`)
  }

  #isOver(): boolean {
    return this.#closing.signal.aborted || this.#isStopped
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work, work)
    this.#queue = result.catch(() => undefined)
    return result
  }
}

const startingFailure: Failure = {
  code: 'ARCHIVE_DATABASE_UNAVAILABLE',
  message: 'The archive is still starting its database.',
  fix: 'Ask again in a few seconds; /health says when it is there.',
}

function writeFailure(thrown: unknown): Failure {
  return {
    code: 'ARCHIVE_WRITE_FAILED',
    message: `The archive could not write: ${textOf(thrown)}`,
    fix: 'It tries again from the last durable block; check disk space and the database’s log.',
  }
}
