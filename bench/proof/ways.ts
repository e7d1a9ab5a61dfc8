/** The four sums of a proof with its quotient, by whole scalars and by halves, in turns. */

import { measured, medianOf } from '../measure.ts'
import { allParts, subjectOf, sumParts, type Way } from './parts.ts'
import type { Circuit } from './statements.ts'

const names: readonly Way[] = ['whole', 'halves']

export interface WayFigures {
  readonly circuit: Circuit
  readonly medianCpuMs: Readonly<Record<Way, number>>
  /** Median of the ratios of the turns, halves to whole. */
  readonly ratio: number
}

export async function measureWays(circuit: Circuit, runs: number): Promise<WayFigures> {
  const subject = await subjectOf(circuit)
  const times: Record<Way, number[]> = { whole: [], halves: [] }
  let expected: string | undefined
  // Two turns on cold code are not counted.
  for (let run = -2; run < runs; run += 1) {
    for (const way of names) {
      const { cpuMs } = await measured(() => {
        const sums = JSON.stringify(sumParts(subject, way, allParts))
        expected ??= sums
        if (sums !== expected) throw new Error(`${circuit}: ${way} scalars give another sum`)
        return Promise.resolve()
      })
      if (run >= 0) times[way].push(cpuMs)
    }
  }
  const ratios = times.halves.map((ms, run) => ms / (times.whole[run] ?? NaN))
  return {
    circuit,
    medianCpuMs: { whole: medianOf(times.whole), halves: medianOf(times.halves) },
    ratio: medianOf(ratios),
  }
}

export function waysTable(figures: readonly WayFigures[]): readonly string[] {
  return figures.map(({ circuit, medianCpuMs: { whole, halves }, ratio }) => {
    const times = `whole ${whole.toFixed(0)} ms, in halves ${halves.toFixed(0)} ms`
    return `quotient and sums of ${circuit}, processor time: scalars ${times}, ${ratio.toFixed(3)}`
  })
}
