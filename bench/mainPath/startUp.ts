/**
 * `npm start` as a newcomer meets it, with everything built: the URL, the page behind it, the first
 * final block of a new chain. Each run begins with an empty folder.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../e2e/network/freePort.ts'
import type { Row } from './row.ts'

const giveUpMs = 120_000

interface StartUp {
  readonly urlMs: number
  readonly pageMs: number
  readonly firstBlockMs: number
}

export async function measureStartUp(runs: number): Promise<readonly Row[]> {
  const all: StartUp[] = []
  for (let run = 0; run < runs; run += 1) all.push(await startOnce())
  const seconds = (of: (one: StartUp) => number): readonly number[] =>
    all.map((one) => of(one) / 1000)
  return [
    { name: 'npm start: URL', unit: 's', values: seconds((one) => one.urlMs), budget: 10 },
    {
      name: 'npm start: page answers',
      unit: 's',
      values: seconds((one) => one.pageMs),
      budget: 10,
    },
    {
      name: 'npm start: first final block',
      unit: 's',
      values: seconds((one) => one.firstBlockMs),
      budget: 90,
    },
  ]
}

async function startOnce(): Promise<StartUp> {
  const folder = await mkdtemp(join(tmpdir(), 'emo-start-'))
  const port = await freePort()
  const startedMs = performance.now()
  const child = spawn('npm', ['start', '--', '--data', folder, '--port', String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const ended = new Promise((done) => child.once('exit', done))
  try {
    const url = `http://localhost:${String(port)}/`
    let urlMs = 0
    child.stdout.on('data', (bytes: Buffer) => {
      if (urlMs === 0 && bytes.toString().includes(url)) urlMs = performance.now() - startedMs
    })
    const pageMs = await until(startedMs, async () => (await fetch(url)).ok)
    const firstBlockMs = await until(startedMs, () => hasBlock(url))
    return { urlMs, pageMs, firstBlockMs }
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT')
    await ended
    await rm(folder, { recursive: true, force: true })
  }
}

async function hasBlock(url: string): Promise<boolean> {
  const answer = await fetch(`${url}blocks?limit=1`)
  if (!answer.ok) return false
  const { items } = (await answer.json()) as { readonly items: readonly unknown[] }
  return items.length > 0
}

/** Milliseconds from the start until it holds. */
async function until(startedMs: number, holds: () => Promise<boolean>): Promise<number> {
  for (;;) {
    const now = performance.now()
    if (await holds().catch(() => false)) return now - startedMs
    if (now - startedMs > giveUpMs) throw new Error('the devnet did not come up within two minutes')
    await new Promise((done) => setTimeout(done, 50))
  }
}
