/**
 * ARC-1: the server process that an earlier run may have left behind.
 *
 * `postmaster.pid` names it: process, data directory, start time, port, socket directory, a line
 * each. After a crash the file may be there with no process, or with a process that has nothing to
 * do with it; what counts is whether that process works in our data directory.
 */

import { readFile, readlink, rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { basename, dirname, join } from 'node:path'

/** Temporary socket directories of ours begin with this. */
export const socketDirectoryPrefix = 'emo-pg-'

interface PostmasterFile {
  readonly pid: number
  readonly socketDirectory: string | undefined
}

/** Stops a server that still works in `directory`; `false` when it did not go. */
export async function stopLeftover(directory: string): Promise<boolean> {
  const file = await readPostmasterFile(directory)
  if (file === undefined) return true
  if (await worksIn(file.pid, directory)) {
    const gone = await stopProcess(file.pid, directory)
    if (!gone) return false
  }
  await removeSocketDirectory(file.socketDirectory)
  return true
}

export async function readPostmasterFile(directory: string): Promise<PostmasterFile | undefined> {
  const text = await readFile(join(directory, 'postmaster.pid'), 'utf8').catch(() => '')
  const lines = text.split('\n')
  const pid = Number(lines[0])
  if (!Number.isSafeInteger(pid) || pid <= 1) return undefined
  return { pid, socketDirectory: lines[4] === '' ? undefined : lines[4] }
}

/** Fast shutdown first, then an immediate one, which the next start recovers from. */
export async function stopProcess(pid: number, directory: string): Promise<boolean> {
  const steps: readonly { readonly signal: NodeJS.Signals; readonly waitMs: number }[] = [
    { signal: 'SIGINT', waitMs: 15_000 },
    { signal: 'SIGQUIT', waitMs: 5_000 },
  ]
  for (const step of steps) {
    if (!sendSignal(pid, step.signal)) return true
    for (let waited = 0; waited < step.waitMs; waited += 50) {
      if (!(await worksIn(pid, directory))) return true
      await sleep(50)
    }
  }
  return false
}

/** The postmaster's working directory is its data directory. */
async function worksIn(pid: number, directory: string): Promise<boolean> {
  try {
    return (await readlink(`/proc/${String(pid)}/cwd`)) === directory
  } catch {
    // Gone, a zombie, or a system without /proc, where only the signal can tell.
    return process.platform === 'linux' ? false : sendSignal(pid, 0)
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}

/** Only a directory that we made ourselves, by its name. */
export async function removeSocketDirectory(directory: string | undefined): Promise<void> {
  if (directory === undefined || !basename(directory).startsWith(socketDirectoryPrefix)) return
  if (dirname(directory) === directory) return
  await rm(directory, { recursive: true, force: true })
}
