/**
 * Both provers in Chromium, each in a worker of one page, built and under the product's content
 * security policy, in turns: wall time from the request to the checked proof, and processor time of
 * the page's process.
 */

import { cp } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { chromium, type CDPSession, type Page } from '@playwright/test'
import { servePage } from '../../e2e/servePage.ts'
import { provideChromium } from '../../scripts/lib/chromium.ts'
import { signalsOf } from '../../workers/prover/publicInputs.ts'
import { medianOf, type Measured } from '../measure.ts'
import {
  browserThreadsTable,
  measureBrowserThreads,
  type BrowserThreadFigures,
} from './browserThreads.ts'
import { gpuTable, measureGpu, type GpuFigures } from './gpu.ts'
import type { provers as pageProvers } from './page/main.ts'
import { processorMs } from './processorTime.ts'
import { artifactsFolder, requestOf, type Circuit } from './statements.ts'

declare const provers: typeof pageProvers

/** Those whose proofs a validator makes for the ledger. */
const circuits = ['emotional_proof', 'liveness_proof'] as const

const sides = ['ours', 'snarkjs'] as const

type Side = (typeof sides)[number]

export interface BrowserFigures {
  readonly browser: string
  readonly circuits: readonly {
    readonly circuit: Circuit
    readonly rows: readonly {
      readonly name: Side
      /** With everything to load. */
      readonly first: Measured
      readonly runs: readonly Measured[]
      readonly medianWallMs: number
      readonly medianCpuMs: number
    }[]
    readonly cpuRatio: number
  }[]
  readonly threads: readonly BrowserThreadFigures[]
  readonly gpu: GpuFigures
}

export async function measureBrowser(runs: number): Promise<BrowserFigures> {
  const site = await servePage(join(import.meta.dirname, 'page'), 'provers-page')
  await cp(artifactsFolder, join(import.meta.dirname, '../../.cache/provers-page/circuits'), {
    recursive: true,
  })
  const { path } = await provideChromium()
  const browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage()
    await page.goto(site.url)
    await page.waitForFunction(() => 'provers' in globalThis)
    const session = await browser.newBrowserCDPSession()
    const figures = []
    for (const circuit of circuits) figures.push(await measureCircuit(page, session, circuit, runs))
    const threads = []
    for (const circuit of circuits) {
      threads.push(await measureBrowserThreads(page, session, circuit, runs))
    }
    const violations = await page.evaluate(() => provers.violations)
    if (violations.length > 0) throw new Error(`the policy forbids ${violations.join()}`)
    const gpu = await measureGpu(path, site.url, circuits, runs)
    return { browser: browser.version(), circuits: figures, threads, gpu }
  } finally {
    await browser.close()
    await site.close()
  }
}

async function measureCircuit(
  page: Page,
  session: CDPSession,
  circuit: Circuit,
  runs: number,
): Promise<BrowserFigures['circuits'][number]> {
  const { circuitInput, publicInputs } = requestOf(circuit)
  const perform = (side: Side): Promise<number> =>
    side === 'ours'
      ? page.evaluate((request) => provers.ours(request), { circuitInput, publicInputs })
      : page.evaluate(([name, task]) => provers.snarkjs(name, task), [
          circuit,
          { circuitInput, signals: signalsOf(publicInputs) },
        ] as const)
  const measured = async (side: Side): Promise<Measured> => {
    const before = await processorMs(session)
    const wallMs = await perform(side)
    return { wallMs, cpuMs: (await processorMs(session)) - before }
  }
  const first = { ours: await measured('ours'), snarkjs: await measured('snarkjs') }
  const later: Readonly<Record<Side, Measured[]>> = { ours: [], snarkjs: [] }
  for (let run = 0; run < runs; run += 1) {
    for (const side of sides) later[side].push(await measured(side))
  }
  const rows = sides.map((name) => ({
    name,
    first: first[name],
    runs: later[name],
    medianWallMs: medianOf(later[name].map(({ wallMs }) => wallMs)),
    medianCpuMs: medianOf(later[name].map(({ cpuMs }) => cpuMs)),
  }))
  const [ours, theirs] = rows.map(({ medianCpuMs }) => medianCpuMs)
  return { circuit, rows, cpuRatio: (ours ?? NaN) / (theirs ?? NaN) }
}

export function browserTable({
  browser,
  circuits,
  threads,
  gpu,
}: BrowserFigures): readonly string[] {
  const cells = (values: readonly string[]): string =>
    values.map((value) => value.padStart(13)).join('')
  const tables = circuits.flatMap(({ circuit, rows, cpuRatio }) => [
    `${`Chromium ${browser}`.padEnd(26)}${circuit}`,
    `${''.padEnd(16)}${cells(['first wall', 'first cpu', 'median wall', 'median cpu'])}`,
    ...rows.map(({ name, first, medianWallMs, medianCpuMs }) => {
      const figures = [first.wallMs, first.cpuMs, medianWallMs, medianCpuMs]
      return name.padEnd(16) + cells(figures.map((ms) => `${ms.toFixed(0)} ms`))
    }),
    `processor time, ours to snarkjs: ${cpuRatio.toFixed(2)}`,
  ])
  return [...tables, ...browserThreadsTable(threads, cpus().length), ...gpuTable(gpu)]
}
