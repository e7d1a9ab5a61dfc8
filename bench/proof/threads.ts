/**
 * The sums of a proof by one worker, and by two that have no memory in common: the quotient and C
 * in one, A and both of B in the other. Each loads the whole key.
 */

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { fileURLToPath } from 'node:url'
import { measured, medianOf, type Measured } from '../measure.ts'
import { allParts, subjectOf, type Part } from './parts.ts'
import type { Circuit } from './statements.ts'

export interface ThreadFigures {
  readonly circuit: Circuit
  readonly one: Measured
  readonly two: Measured
  /** Of the turn in which others left most of the machine to it. */
  readonly leastWallMs: { readonly one: number; readonly two: number }
  /** Medians of the ratios of the turns, two to one. */
  readonly wallRatio: number
  readonly cpuRatio: number
}

const child = fileURLToPath(new URL('threadsChild.ts', import.meta.url))
const runner = fileURLToPath(new URL('../../scripts/run.js', import.meta.url))

type Sums = Readonly<Record<string, string>>

export async function measureThreads(circuit: Circuit, runs: number): Promise<ThreadFigures> {
  const { witness } = await subjectOf(circuit)
  const workers = [start(circuit), start(circuit)] as const
  const sum = async (worker: Worker, parts: readonly Part[]): Promise<Sums> => {
    worker.postMessage({ witness, parts })
    const [sums] = (await once(worker, 'message')) as [Sums]
    return sums
  }
  const [first, second] = workers
  const ways = {
    one: () => sum(first, allParts),
    two: async () => {
      const [c, others] = await Promise.all([sum(first, ['c']), sum(second, ['a', 'b1', 'b2'])])
      return { ...others, ...c }
    },
  }
  const times: Record<keyof typeof ways, Measured[]> = { one: [], two: [] }
  await Promise.all([ways.one(), sum(second, allParts)])
  for (let run = -2; run < runs; run += 1) {
    const made: Sums[] = []
    for (const way of ['one', 'two'] as const) {
      const time = await measured(async () => void made.push(await ways[way]()))
      if (run >= 0) times[way].push(time)
    }
    if (allParts.some((part) => made[0]?.[part] !== made[1]?.[part])) {
      throw new Error('two workers give other sums')
    }
  }
  await Promise.all(workers.map((worker) => worker.terminate()))
  const ratio = (figure: keyof Measured): number =>
    medianOf(times.two.map((time, run) => time[figure] / (times.one[run]?.[figure] ?? NaN)))
  return {
    circuit,
    one: median(times.one),
    two: median(times.two),
    leastWallMs: { one: least(times.one), two: least(times.two) },
    wallRatio: ratio('wallMs'),
    cpuRatio: ratio('cpuMs'),
  }
}

function start(circuit: Circuit): Worker {
  return new Worker(runner, { argv: [child, circuit] })
}

function median(times: readonly Measured[]): Measured {
  return {
    wallMs: medianOf(times.map(({ wallMs }) => wallMs)),
    cpuMs: medianOf(times.map(({ cpuMs }) => cpuMs)),
  }
}

function least(times: readonly Measured[]): number {
  return Math.min(...times.map(({ wallMs }) => wallMs))
}

export function threadsTable(figures: ThreadFigures): readonly string[] {
  const { circuit, one, two, leastWallMs, wallRatio, cpuRatio } = figures
  const text = ({ wallMs, cpuMs }: Measured): string =>
    `${wallMs.toFixed(0)} ms of wall time, ${cpuMs.toFixed(0)} of processor time`
  return [
    `quotient and sums of ${circuit} by one worker: ${text(one)}; by two: ${text(two)}`,
    `least wall time: ${leastWallMs.one.toFixed(0)} ms and ${leastWallMs.two.toFixed(0)} ms`,
    `two to one: wall time ${wallRatio.toFixed(2)}, processor time ${cpuRatio.toFixed(2)}`,
  ]
}
