/**
 * One signer a data folder (BFT-10): a lock file that names the process and when it started, so
 * that a lock left by a crash is recognised even when its process number is in use again.
 *
 * The file appears with its content (`link`), and a lock is held only when it is still ours after a
 * pause: of two processes that clear the same left-over lock at once, at most one goes on.
 */

import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { err, ok, type Result } from '../../core/base/result.ts'

export interface SignerLockFile {
  release(): Promise<void>
}

export interface SignerElsewhere {
  /** Another process signs with the keys of this folder. Stop it first. */
  readonly code: 'SIGNER_ELSEWHERE'
  readonly pid: number
}

const settleMs = 50
const attemptsMax = 5

export async function takeSignerLockFile(
  folder: string,
): Promise<Result<SignerLockFile, SignerElsewhere>> {
  const path = join(folder, 'signer.lock')
  const own = `${await describe(process.pid)} ${randomUUID()}`
  let pid = 0
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    if (await appear(path, own)) {
      await pause(settleMs)
      if ((await read(path)) === own) return ok({ release: () => release(path, own) })
    }
    const found = await read(path)
    if (found === undefined) continue
    pid = Number(found.split(' ')[0])
    if (await isAlive(found)) return err({ code: 'SIGNER_ELSEWHERE', pid })
    await clear(path, found)
  }
  return err({ code: 'SIGNER_ELSEWHERE', pid })
}

/** Creates the file with its content, or not at all when there is one. */
async function appear(path: string, content: string): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, content, { flag: 'wx', mode: 0o600 })
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

/** Removes a lock whose holder is gone; one that came in between is put back. */
async function clear(path: string, leftOver: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`
  try {
    await rename(path, aside)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw error
  }
  if ((await read(aside)) !== leftOver) await link(aside, path).catch(() => undefined)
  await rm(aside, { force: true })
}

async function release(path: string, own: string): Promise<void> {
  if ((await read(path)) === own) await rm(path, { force: true })
}

async function isAlive(content: string): Promise<boolean> {
  const [pid = '', started = '', boot = ''] = content.split(' ')
  return (await describe(Number(pid))) === `${pid} ${started} ${boot}`
}

/** Process number, start and boot; where there is no /proc the number alone must do. */
async function describe(pid: number): Promise<string> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return ''
  if (process.platform !== 'linux') return isSignalled(pid) ? `${String(pid)} - -` : ''
  try {
    const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8')
    // The name in parentheses may hold spaces; the start time is the 20th field after it.
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '-'
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8')
    return `${String(pid)} ${started} ${boot.trim()}`
  } catch {
    return ''
  }
}

function isSignalled(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
