/**
 * ARC-1: one run of the embedded PostgreSQL.
 *
 * It listens on a unix socket in a directory that only its owner may enter, and on nothing else,
 * with fsync on. It runs in a session of its own, so that Ctrl-C reaches the relay alone and the
 * relay closes it last. A small shell beside it holds a pipe to the relay: when the relay is gone
 * without a word (`kill -9`), the pipe closes and the shell asks the server to shut down in order.
 */

import type { ChildProcess } from 'node:child_process'
import { chown, mkdtemp, open, readFile, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { ok, type Result } from '../../../src/core/base/result.ts'
import { codeOf, fail, textOf, type Failure } from '../../failure.ts'
import type { Account } from './account.ts'
import type { PostgresBinaries } from './binaries.ts'
import { clusterUser, ensurePrivateDirectory } from './cluster.ts'
import { launch } from './command.ts'
import {
  readPostmasterFile,
  removeSocketDirectory,
  socketDirectoryPrefix,
  stopLeftover,
  stopProcess,
} from './postmaster.ts'

export interface PostgresServer {
  readonly connection: {
    readonly host: string
    readonly port: number
    readonly user: string
    readonly database: string
  }
  isRunning(): boolean
  /** Fast shutdown: open transactions are rolled back, everything committed is on disk. */
  stop(): Promise<void>
}

export interface ServerOptions {
  /** The cluster. */
  readonly directory: string
  /** Where its log file goes and, when the path is short enough, its socket. */
  readonly home: string
  readonly binaries: PostgresBinaries
  readonly account: Account
  readonly startTimeoutMs?: number
}

const port = 5432
/** `sun_path` holds 108 bytes with its final zero. */
const socketPathBytesMax = 107
const logBytesMax = 4 * 1024 * 1024

/**
 * Job control is off in this shell, so its children begin with SIGINT ignored: PostgreSQL sets its
 * own handler. The guard ends with the server, or it would signal whoever gets that number next.
 */
const guardScript = `
exec 3<&0
"$@" 3<&- </dev/null &
server=$!
( cat <&3 >/dev/null; kill -INT "$server" 2>/dev/null ) &
guard=$!
exec 3<&-
wait "$server"
kill "$guard" 2>/dev/null
`

export async function startServer(
  options: ServerOptions,
): Promise<Result<PostgresServer, Failure>> {
  if (!(await stopLeftover(options.directory))) return stuck(options.directory)
  try {
    const socketDirectory = await makeSocketDirectory(options)
    const child = await startProcess(options, socketDirectory)
    const server = makeServer(options, child, socketDirectory)
    const reason = await waitUntilReady(server, options.startTimeoutMs ?? 60_000)
    if (reason === undefined) return ok(server)
    const log = await readLogTail(options)
    await server.stop()
    return startFailed(reason, log)
  } catch (thrown) {
    return startFailed(textOf(thrown), '')
  }
}

function makeServer(
  options: ServerOptions,
  child: ChildProcess,
  socketDirectory: string,
): PostgresServer {
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve()
    })
    child.once('error', () => {
      resolve()
    })
  })
  return {
    connection: { host: socketDirectory, port, user: clusterUser, database: 'postgres' },
    isRunning: () =>
      child.pid !== undefined && child.exitCode === null && child.signalCode === null,
    async stop() {
      const file = await readPostmasterFile(options.directory)
      if (file !== undefined) await stopProcess(file.pid, options.directory)
      child.stdin?.end()
      const late = AbortSignal.timeout(20_000)
      late.onabort = () => child.kill('SIGKILL')
      await exited
      late.onabort = null
      await removeSocketDirectory(socketDirectory)
    },
  }
}

async function startProcess(
  options: ServerOptions,
  socketDirectory: string,
): Promise<ChildProcess> {
  const log = await openLog(options)
  try {
    const settings = {
      listen_addresses: '',
      unix_socket_directories: socketDirectory,
      unix_socket_permissions: '0700',
      port: String(port),
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      max_connections: '40',
      shared_buffers: '64MB',
      log_min_messages: 'warning',
      log_checkpoints: 'off',
      timezone: 'UTC',
    }
    const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const server = [options.binaries.postgres, '-D', options.directory, ...words]
    const child = launch(
      options.account,
      {
        program: 'sh',
        words: ['-c', guardScript, 'sh', ...server],
        environment: options.binaries.environment,
      },
      { stdio: ['pipe', log.fd, log.fd], detached: true },
    )
    // A pipe whose other end is gone must not end the relay.
    child.stdin?.on('error', () => undefined)
    return child
  } finally {
    await log.close()
  }
}

/** `undefined` when ready, else why not. */
async function waitUntilReady(
  server: PostgresServer,
  timeoutMs: number,
): Promise<string | undefined> {
  let last = 'it did not answer in time'
  const end = performance.now() + timeoutMs
  while (performance.now() < end) {
    if (!server.isRunning()) return 'it stopped at once'
    const client = new pg.Client({ ...server.connection, connectionTimeoutMillis: 5_000 })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.end()
      return undefined
    } catch (thrown) {
      if (codeOf(thrown) !== 'ENOENT') last = textOf(thrown)
    }
    await sleep(40)
  }
  return last
}

async function makeSocketDirectory(options: ServerOptions): Promise<string> {
  const near = join(options.home, 'socket')
  if (Buffer.byteLength(join(near, `.s.PGSQL.${String(port)}`)) <= socketPathBytesMax) {
    await ensurePrivateDirectory(near, options.account)
    return near
  }
  const away = await mkdtemp(join(tmpdir(), socketDirectoryPrefix))
  if (options.account.kind === 'service') {
    await chown(away, options.account.uid, options.account.gid)
  }
  return away
}

async function openLog(options: ServerOptions): Promise<Awaited<ReturnType<typeof open>>> {
  const path = join(options.home, 'server.log')
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  )
  return await open(path, size > logBytesMax ? 'w' : 'a', 0o600)
}

async function readLogTail(options: ServerOptions): Promise<string> {
  const text = await readFile(join(options.home, 'server.log'), 'utf8').catch(() => '')
  return text.trim().split('\n').slice(-3).join(' | ')
}

function startFailed(reason: string, log: string): { readonly ok: false; readonly error: Failure } {
  return fail(
    'POSTGRES_START_FAILED',
    `The embedded PostgreSQL did not start: ${reason}. ${log}`.trim(),
    'Read server.log in the data directory, free disk space, or use --database-url.',
  )
}

function stuck(directory: string): { readonly ok: false; readonly error: Failure } {
  return fail(
    'POSTGRES_STUCK',
    `A PostgreSQL from an earlier run still works in ${directory} and does not stop.`,
    'End that process (its number is the first line of postmaster.pid), then start again.',
  )
}
