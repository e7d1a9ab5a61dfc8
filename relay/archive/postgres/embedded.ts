/**
 * ARC-1: the embedded PostgreSQL as a source of connections; it starts when first asked, and again
 * when it has died.
 *
 * The caller holds the lock of the data directory, so no other relay works in it.
 */

import { createHash } from 'node:crypto'
import { mkdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { ok, type Result } from '../../../src/core/base/result.ts'
import { fail, textOf, type Failure } from '../../failure.ts'
import { chooseAccount, serviceAccount, serviceDirectory, type Account } from './account.ts'
import { copyBinaries, linkBinaries, type PostgresBinaries } from './binaries.ts'
import { ensureCluster, ensurePrivateDirectory } from './cluster.ts'
import { startServer, type PostgresServer, type ServerOptions } from './server.ts'
import type { DatabaseSource } from '../source.ts'

export interface EmbeddedOptions {
  /** The relay's data directory. */
  readonly data: string
  /** Only for tests: leaves out the attempt with a user namespace. */
  readonly forceServiceUser?: boolean
}

export function makeEmbeddedPostgres(options: EmbeddedOptions): DatabaseSource {
  let server: PostgresServer | undefined
  let stopped = false
  return {
    kind: 'embedded',
    async connection() {
      if (stopped) return fail('POSTGRES_STOPPED', 'The relay is closing.', 'Start it again.')
      if (server?.isRunning() === true) return ok(server.connection)
      await server?.stop()
      const started = await startEmbedded(options)
      if (!started.ok) return started
      server = started.value
      return ok(server.connection)
    },
    async stop() {
      stopped = true
      await server?.stop()
      server = undefined
    },
  }
}

async function startEmbedded(options: EmbeddedOptions): Promise<Result<PostgresServer, Failure>> {
  const prepared = await prepare(options)
  if (!prepared.ok) return prepared
  const { directory, binaries, account } = prepared.value
  const cluster = await ensureCluster(directory, binaries, account)
  if (!cluster.ok) return cluster
  return await startServer(prepared.value)
}

async function prepare(options: EmbeddedOptions): Promise<Result<ServerOptions, Failure>> {
  try {
    await mkdir(options.data, { recursive: true, mode: 0o700 })
    const home = join(await realpath(options.data), 'postgres')
    await mkdir(home, { recursive: true, mode: 0o700 })
    const binaries = await linkBinaries(home)
    if (!binaries.ok) return binaries
    const account = await selectAccount(options, binaries.value, home)
    if (!account.ok) return account
    if (account.value.kind === 'service') return await prepareService(home, account.value)
    return ok({
      home,
      directory: join(home, 'cluster'),
      binaries: binaries.value,
      account: account.value,
    })
  } catch (thrown) {
    return fail(
      'DATA_UNWRITABLE',
      `The data directory ${options.data} cannot be used: ${textOf(thrown)}`,
      'Make it writable for this user or choose another with --data.',
    )
  }
}

async function selectAccount(
  options: EmbeddedOptions,
  binaries: PostgresBinaries,
  home: string,
): Promise<Result<Account, Failure>> {
  if (options.forceServiceUser === true) return await serviceAccount()
  return await chooseAccount({ program: binaries.postgres, data: home })
}

/** Programs and data where the service user can reach them; a directory for each `--data`. */
async function prepareService(
  home: string,
  account: Account,
): Promise<Result<ServerOptions, Failure>> {
  await mkdir(serviceDirectory, { recursive: true, mode: 0o755 })
  const binaries = await copyBinaries(serviceDirectory)
  if (!binaries.ok) return binaries
  const name = createHash('sha256').update(home).digest('hex').slice(0, 12)
  const own = join(await realpath(serviceDirectory), name)
  await ensurePrivateDirectory(own, account)
  return ok({ home: own, directory: join(own, 'cluster'), binaries: binaries.value, account })
}
