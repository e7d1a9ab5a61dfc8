/**
 * The tables that a rhythm is compared with (LIVE-1): for each codeword and lag, cosine and sine
 * of the breath in the middle of each half second, without mean, line and parabola, orthonormal,
 * scaled and rounded. Integers, the same in chain, page and circuit: the build of the circuit
 * writes them into its source.
 */

import { ticksPerSecond } from '../emotion/window.ts'
import { phasesAt, type Codebook, type Codeword } from './codeword.ts'
import { cosineOf, sineOf } from './cosine.ts'
import { orthonormal, roundFixed, trendOf, type FixedColumn } from './orthonormal.ts'

/** The length of each table as a vector. */
export const tableScale = 1024

export const samplesPerSecond = 2

/**
 * A response comes after the guide: the person follows late, straps report up to 2.6 s late. Tried
 * in whole seconds: the phase within a breath is free, and takes up what is left.
 */
const lagStepTicks = ticksPerSecond
export const lagCount = 5

/** One integer for each sample; they add up to 0, so that the mean of a rhythm drops out. */
export type ShareTable = readonly number[]

export interface ShareTables {
  readonly sampleCount: number
  readonly line: ShareTable
  readonly parabola: ShareTable
  /** By codeword and lag: cosine and sine. */
  readonly breaths: readonly (readonly (readonly [ShareTable, ShareTable])[])[]
}

const made = new WeakMap<Codebook, ShareTables>()

export function shareTablesOf(book: Codebook): ShareTables {
  const known = made.get(book)
  if (known !== undefined) return known
  const sampleCount = samplesPerSecond * book.seconds
  const trend = trendOf(sampleCount)
  const lags = Array.from({ length: lagCount }, (_, lag) => lag * lagStepTicks)
  const tables = {
    sampleCount,
    line: tableOf(trend[1]),
    parabola: tableOf(trend[2]),
    breaths: book.codewords.map((codeword) =>
      lags.map((lagTicks) => breathTables(codeword, lagTicks, trend)),
    ),
  }
  made.set(book, tables)
  return tables
}

function breathTables(
  codeword: Codeword,
  lagTicks: number,
  trend: readonly FixedColumn[],
): readonly [ShareTable, ShareTable] {
  const sampleTicks = ticksPerSecond / samplesPerSecond
  const times = Array.from(
    { length: trend[0]?.length ?? 0 },
    (_, index) => index * sampleTicks + sampleTicks / 2 - lagTicks,
  )
  const phases = phasesAt(codeword, times)
  const cosine = orthonormal(phases.map(cosineOf).map(BigInt), trend)
  const sine = orthonormal(phases.map(sineOf).map(BigInt), [...trend, cosine])
  return [tableOf(cosine), tableOf(sine)]
}

/** Rounded; what rounding adds to the sum is taken off again, one from each of some entries. */
function tableOf(column: FixedColumn): ShareTable {
  const table = column.map((value) => roundFixed(value, tableScale))
  const sum = table.reduce((total, value) => total + value, 0)
  const [count, step] = [Math.abs(sum), Math.sign(sum)]
  for (let index = 0; index < count; index += 1) {
    const at = Math.floor((index * table.length) / count)
    table[at] = (table[at] ?? 0) - step
  }
  return table
}
