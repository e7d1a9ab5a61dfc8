/**
 * Our prover by one thread and by two (ZK-12), forced, in turns in one page of Chromium: wall time
 * from the request to the checked proof, and processor time of the page's process.
 */

import type { CDPSession, Page } from '@playwright/test'
import { medianOf, type Measured } from '../measure.ts'
import type { provers as pageProvers } from './page/main.ts'
import { processorMs } from './processorTime.ts'
import { requestOf, type Circuit } from './statements.ts'

declare const provers: typeof pageProvers

const ways = ['ours', 'threads'] as const

type Way = (typeof ways)[number]

export interface BrowserThreadFigures {
  readonly circuit: Circuit
  /** Proofs that one thread had to end, by their codes; they are in no figure. */
  readonly faults: readonly string[]
  readonly runs: Readonly<Record<Way, readonly Measured[]>>
  readonly medians: Readonly<Record<Way, Measured>>
}

export async function measureBrowserThreads(
  page: Page,
  session: CDPSession,
  circuit: Circuit,
  runs: number,
): Promise<BrowserThreadFigures> {
  const { circuitInput, publicInputs } = requestOf(circuit)
  const times: Record<Way, Measured[]> = { ours: [], threads: [] }
  const faults: string[] = []
  // Two turns on cold code are not counted.
  for (let run = -2; run < runs; run += 1) {
    for (const way of ways) {
      const before = await processorMs(session)
      const made = await page.evaluate(([name, request]) => provers[name](request), [
        way,
        { circuitInput, publicInputs },
      ] as const)
      const cpuMs = (await processorMs(session)) - before
      if (typeof made === 'string') faults.push(made)
      else if (run >= 0) times[way].push({ wallMs: made, cpuMs })
    }
  }
  return {
    circuit,
    faults,
    runs: times,
    medians: { ours: median(times.ours), threads: median(times.threads) },
  }
}

function median(times: readonly Measured[]): Measured {
  return {
    wallMs: medianOf(times.map(({ wallMs }) => wallMs)),
    cpuMs: medianOf(times.map(({ cpuMs }) => cpuMs)),
  }
}

export function browserThreadsTable(
  figures: readonly BrowserThreadFigures[],
  coreCount: number,
): readonly string[] {
  const cells = (values: readonly string[]): string =>
    values.map((value) => value.padStart(13)).join('')
  return [
    `one thread and two, in turns, on ${String(coreCount)} cores`,
    `${''.padEnd(16)}${cells(['one wall', 'one cpu', 'two wall', 'two cpu', 'wall ratio'])}`,
    ...figures.map(({ circuit, faults, medians: { ours, threads } }) => {
      const times = [ours.wallMs, ours.cpuMs, threads.wallMs, threads.cpuMs]
      const ratio = (threads.wallMs / ours.wallMs).toFixed(2)
      const row = circuit.padEnd(16) + cells([...times.map((ms) => `${ms.toFixed(0)} ms`), ratio])
      return faults.length === 0 ? row : `${row}  (not by two: ${faults.join()})`
    }),
  ]
}
