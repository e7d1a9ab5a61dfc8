/**
 * The largest resident set of a process that proves one statement, ours and stock snarkjs, each in
 * a process of its own that loads, proves twice and checks; with what such a process has before it
 * loads anything.
 */

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Circuit } from './statements.ts'

export const memorySides = ['ours', 'snarkjs'] as const

export type MemorySide = (typeof memorySides)[number]

export interface PeakMemory {
  readonly circuit: Circuit
  readonly side: MemorySide
  readonly bytesBefore: number
  readonly bytesPeak: number
}

const child = fileURLToPath(new URL('peakMemoryChild.ts', import.meta.url))
const runner = fileURLToPath(new URL('../../scripts/run.js', import.meta.url))

export async function measurePeakMemory(circuit: Circuit): Promise<readonly PeakMemory[]> {
  const figures: PeakMemory[] = []
  for (const side of memorySides) {
    const { stdout } = await promisify(execFile)(process.execPath, [runner, child, side, circuit])
    const { before, peak } = JSON.parse(stdout) as {
      readonly before: number
      readonly peak: number
    }
    figures.push({ circuit, side, bytesBefore: before, bytesPeak: peak })
  }
  return figures
}

export function peakMemoryTable(figures: readonly PeakMemory[]): readonly string[] {
  return figures.map(({ circuit, side, bytesBefore, bytesPeak }) => {
    const [peak, before] = [bytesPeak, bytesBefore].map((bytes) => (bytes / 1e6).toFixed(0))
    return `peak memory in Node, ${circuit}, ${side}: ${peak ?? ''} MB (${before ?? ''} before)`
  })
}
