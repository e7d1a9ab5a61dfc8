/** Processor time of a browser's threads, as the kernel counts it: in ns, whatever else runs. */

import { readdir, readFile } from 'node:fs/promises'
import type { CDPSession } from '@playwright/test'

export interface ThreadTimes {
  /** The thread of the page itself, of all renderers. */
  readonly mainMs: number
  readonly workersMs: number
  /** All threads of all renderers. */
  readonly allMs: number
}

export async function threadTimes(session: CDPSession): Promise<ThreadTimes> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  const renderers = processInfo.filter(({ type }) => type === 'renderer')
  const threads = (await Promise.all(renderers.map(({ id }) => threadsOf(id)))).flat()
  const sum = (of: readonly Thread[]): number => of.reduce((total, { cpuMs }) => total + cpuMs, 0)
  return {
    mainMs: sum(threads.filter(({ isMain }) => isMain)),
    workersMs: sum(threads.filter(({ name }) => name.startsWith('DedicatedWorker'))),
    allMs: sum(threads),
  }
}

interface Thread {
  readonly name: string
  readonly isMain: boolean
  readonly cpuMs: number
}

async function threadsOf(pid: number): Promise<readonly Thread[]> {
  const folder = `/proc/${String(pid)}/task`
  const ids = await readdir(folder).catch(() => [])
  const threads = await Promise.all(
    ids.map(async (id) => {
      // A thread that ended in between has no files.
      const text = (file: string): Promise<string> =>
        readFile(`${folder}/${id}/${file}`, 'utf8').catch(() => '')
      const [name, schedstat] = [await text('comm'), await text('schedstat')]
      const cpuMs = Number(schedstat.split(' ')[0] ?? 0) / 1e6
      return { name: name.trim(), isMain: id === String(pid), cpuMs }
    }),
  )
  return threads
}
