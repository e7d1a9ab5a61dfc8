/**
 * ARC-1: as whom PostgreSQL runs.
 *
 * PostgreSQL refuses to run as root. An ordinary user runs it directly. Root runs it in a user
 * namespace where it is somebody else: outside it is still root, so even a 0700 home stays
 * readable. Where namespaces are refused (most containers), it runs as a service user, with
 * programs and data in a place of its own.
 */

import { execFile } from 'node:child_process'
import { access, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { ok, type Result } from '../../../src/core/base/result.ts'
import { fail, textOf, type Failure } from '../../failure.ts'

const run = promisify(execFile)

export type Account =
  | { readonly kind: 'self' }
  /** Words to put before a command. */
  | { readonly kind: 'namespace'; readonly prefix: readonly string[] }
  | { readonly kind: 'service'; readonly uid: number; readonly gid: number }

export interface PasswdEntry {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

export const serviceUserName = 'emotionalchain'
export const serviceDirectory = '/var/lib/emotionalchain'

/** `programs` and `data` must be readable in the namespace, else it is no use. */
export async function chooseAccount(paths: {
  readonly program: string
  readonly data: string
}): Promise<Result<Account, Failure>> {
  if (process.geteuid?.() !== 0) return ok({ kind: 'self' })
  const prefix = namespacePrefix(parsePasswd(await readPasswd()))
  const namespace = await namespaceWorks(prefix, paths)
  return namespace ? ok({ kind: 'namespace', prefix }) : serviceAccount()
}

/**
 * `initdb` looks its user up by name, so the identity inside must be listed in `/etc/passwd`.
 * 65534 comes last: it is also what foreign files appear to belong to.
 */
export function namespacePrefix(entries: readonly PasswdEntry[]): readonly string[] {
  const usable = entries.filter((entry) => entry.uid > 0)
  const chosen = usable.find((entry) => entry.uid < 65_534) ?? usable[0]
  const { uid, gid } = chosen ?? { uid: 65_534, gid: 65_534 }
  return ['unshare', '-U', `--map-user=${String(uid)}`, `--map-group=${String(gid)}`, '--']
}

export function parsePasswd(text: string): readonly PasswdEntry[] {
  const entries: PasswdEntry[] = []
  for (const line of text.split('\n')) {
    const [name, , uid, gid] = line.split(':')
    if (name === undefined || !/^\d+$/.test(uid ?? '') || !/^\d+$/.test(gid ?? '')) continue
    entries.push({ name, uid: Number(uid), gid: Number(gid) })
  }
  return entries
}

async function namespaceWorks(
  prefix: readonly string[],
  paths: { readonly program: string; readonly data: string },
): Promise<boolean> {
  const script = 'test -x "$1" && test -w "$2" && test -O "$2"'
  try {
    const [command = '', ...words] = prefix
    await run(command, [...words, 'sh', '-c', script, 'sh', paths.program, paths.data])
    return true
  } catch {
    return false
  }
}

/** The service user, made when it is not there yet. */
export async function serviceAccount(): Promise<Result<Account, Failure>> {
  try {
    const known = await findServiceUser()
    if (known !== undefined) return ok(known)
    const shell = await firstExisting(['/usr/sbin/nologin', '/sbin/nologin', '/bin/false'])
    const words = ['--system', '--user-group', '--home-dir', serviceDirectory, '--shell', shell]
    await run('useradd', [...words, serviceUserName])
    const made = await findServiceUser()
    if (made !== undefined) return ok(made)
    return noAccount('the new user is not listed in /etc/passwd')
  } catch (thrown) {
    return noAccount(textOf(thrown))
  }
}

async function findServiceUser(): Promise<Account | undefined> {
  const entry = parsePasswd(await readPasswd()).find((item) => item.name === serviceUserName)
  return entry && { kind: 'service', uid: entry.uid, gid: entry.gid }
}

async function readPasswd(): Promise<string> {
  return await readFile('/etc/passwd', 'utf8').catch(() => '')
}

async function firstExisting(paths: readonly string[]): Promise<string> {
  for (const path of paths) {
    const exists = await access(path).then(
      () => true,
      () => false,
    )
    if (exists) return path
  }
  return '/bin/false'
}

function noAccount(reason: string): { readonly ok: false; readonly error: Failure } {
  return fail(
    'POSTGRES_NO_ACCOUNT',
    `PostgreSQL does not run as root, and no other identity could be had: ${reason.trim()}`,
    'Run the relay as an ordinary user, or give a database of your own with --database-url.',
  )
}
