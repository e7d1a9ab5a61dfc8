/**
 * One relay for a data directory (ARC-1): a second one would share its keys and its database.
 *
 * The lock is a file with the process and when that process started, so that a number which was
 * given to another process after a crash or a reboot does not count as the owner.
 */

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ok, type Result } from '../src/core/base/result.ts'
import { codeOf, fail, textOf, type Failure } from './failure.ts'

export interface DataLock {
  release(): Promise<void>
}

export async function lockData(directory: string): Promise<Result<DataLock, Failure>> {
  const path = join(directory, 'relay.lock')
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const own = await describeProcess(process.pid)
    for (let attempt = 0; attempt < 3; attempt += 1) {
      if (await writeNew(path, own)) return ok({ release: () => rm(path, { force: true }) })
      const owner = await readFile(path, 'utf8').catch(() => '')
      const pid = Number(owner.split(' ')[0])
      const alive = owner !== '' && owner === (await describeProcess(pid))
      if (alive && pid !== process.pid) return inUse(directory, pid)
      await rm(path, { force: true })
    }
    return inUse(directory, undefined)
  } catch (thrown) {
    return fail(
      'DATA_UNWRITABLE',
      `The data directory ${directory} cannot be used: ${textOf(thrown)}`,
      'Make it writable for this user or choose another with --data.',
    )
  }
}

async function writeNew(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 })
    return true
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') return false
    throw thrown
  }
}

/** Number and start time; a number alone where there is no /proc. */
async function describeProcess(pid: number): Promise<string> {
  if (process.platform !== 'linux') return signalled(pid) ? `${String(pid)} ?` : ''
  try {
    const text = await readFile(`/proc/${String(pid)}/stat`, 'utf8')
    // The name in parentheses may hold spaces; the start time is the 20th field after it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
    return `${String(pid)} ${fields[19] ?? ''} ${boot.trim()}`
  } catch {
    return ''
  }
}

function signalled(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

function inUse(
  directory: string,
  pid: number | undefined,
): { readonly ok: false; readonly error: Failure } {
  const who = pid === undefined ? 'Another relay' : `Another relay (process ${String(pid)})`
  return fail(
    'DATA_IN_USE',
    `${who} already works in ${directory}.`,
    'Stop it first, or give this one a directory of its own with --data.',
  )
}
