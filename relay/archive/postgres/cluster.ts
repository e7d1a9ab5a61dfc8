/**
 * ARC-1: the directory of the embedded database.
 *
 * `initdb` writes into a directory beside the final one and only a finished cluster gets the name,
 * so an interrupted first start leaves nothing that looks like a database.
 */

import { chmod, chown, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ok, type Result } from '../../../src/core/base/result.ts'
import { codeOf, fail, textOf, type Failure } from '../../failure.ts'
import type { Account } from './account.ts'
import type { PostgresBinaries } from './binaries.ts'
import { runToEnd } from './command.ts'

export const clusterUser = 'emo'

/** The cluster at `directory`, made when there is none yet. */
export async function ensureCluster(
  directory: string,
  binaries: PostgresBinaries,
  account: Account,
): Promise<Result<undefined, Failure>> {
  try {
    const present = await readMajorVersion(directory)
    if (present === undefined) return await makeCluster(directory, binaries, account)
    const wanted = binaries.version.split('.')[0] ?? ''
    return present === wanted ? ok(undefined) : wrongVersion(directory, present, wanted)
  } catch (thrown) {
    return unwritable(directory, thrown)
  }
}

/** Owned by the account, closed to everybody else, also when it was there before. */
export async function ensurePrivateDirectory(directory: string, account: Account): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await chmod(directory, 0o700)
  if (account.kind === 'service') await chown(directory, account.uid, account.gid)
}

async function makeCluster(
  directory: string,
  binaries: PostgresBinaries,
  account: Account,
): Promise<Result<undefined, Failure>> {
  const part = `${directory}.part`
  await rm(part, { recursive: true, force: true })
  await ensurePrivateDirectory(part, account)
  const finished = await runToEnd(account, {
    program: binaries.initdb,
    words: [
      `--pgdata=${part}`,
      `--username=${clusterUser}`,
      '--auth-local=trust',
      '--auth-host=reject',
      '--encoding=UTF8',
      '--no-locale',
      '--data-checksums',
    ],
    environment: binaries.environment,
  })
  if (finished.exitCode !== 0) return initFailed(finished.output)
  await rename(part, directory)
  await flushDirectory(dirname(directory))
  return ok(undefined)
}

/** A rename lasts only when the directory that holds the name is on disk. */
async function flushDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function readMajorVersion(directory: string): Promise<string | undefined> {
  try {
    return (await readFile(join(directory, 'PG_VERSION'), 'utf8')).trim()
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return undefined
    throw thrown
  }
}

function wrongVersion(
  directory: string,
  present: string,
  wanted: string,
): { readonly ok: false; readonly error: Failure } {
  return fail(
    'POSTGRES_VERSION',
    `The database in ${directory} belongs to PostgreSQL ${present}; this relay brings ${wanted}.`,
    'Move that directory away: the archive is rebuilt from the network. Or run the older release.',
  )
}

function unwritable(
  directory: string,
  thrown: unknown,
): { readonly ok: false; readonly error: Failure } {
  return fail(
    'POSTGRES_DATA_UNWRITABLE',
    `The database directory ${directory} cannot be used: ${textOf(thrown)}`,
    'Make it writable for this user, free disk space, or choose another directory with --data.',
  )
}

function initFailed(output: string): { readonly ok: false; readonly error: Failure } {
  const lines = output.trim().split('\n')
  return fail(
    'POSTGRES_INIT_FAILED',
    `The embedded PostgreSQL could not make its files: ${lines.slice(-3).join(' | ')}`,
    'Check free disk space and the permissions of the data directory, or use --database-url.',
  )
}
