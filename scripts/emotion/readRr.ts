/** Intervals between beats from a file: milliseconds, one a line or a column of a CSV (HRV-1). */

import { fewNotes } from './fewNotes.ts'
import { InputError } from './inputError.ts'
import { columnIndex, numberAt, readTable, type Row, type Table, type Value } from './readTable.ts'
import type { Interval, Recording } from './recording.ts'
import { missingMs } from './rrTimes.ts'
import { timeColumn } from './timeColumn.ts'

export type RrUnit = 'ms' | 's' | 'ticks'

const names = [
  ...['rr_ms', 'rr', 'rri', 'rr-interval', 'rr_interval', 'rr-interval_ms', 'rr_interval_ms'],
  ...['ibi_ms', 'ibi', 'nn', 'nn_ms', 'interval', 'interval_ms'],
]
/** Clause 1 of the statement: what else is no interval of a heart. */
const rrMsMin = 300
const rrMsMax = 2000
/** Beyond this a value is no interval, whatever was missed. */
const anyMsMax = 60_000
const intervalsMax = 1_000_000
/** So many values in a row, each greater, up to twice the first, are times and no intervals. */
const risingMin = 10
const risingShareMin = 2
const toMs: Readonly<Record<RrUnit, number>> = { ms: 1, s: 1000, ticks: 1000 / 1024 }

export function readRr(
  path: string,
  options: { readonly column?: string | undefined; readonly unit?: RrUnit | undefined },
): Recording {
  const { values, times, notes } = valuesOf(readTable(path), options.column)
  if (values.length > intervalsMax) {
    throw new InputError('FILE_TOO_LARGE', `${path} has more than a million intervals.`)
  }
  if (values.length < 3) {
    const text = `${path} has ${values.length} intervals: three are the least.`
    throw new InputError('TOO_SHORT', text)
  }
  const { unit = 'ms' } = options
  checkUnit(values, unit, options.unit !== undefined)
  const rows = values.map(({ line, value }, index) => ({
    line,
    value,
    rrMs: value * toMs[unit],
    time: times?.values[index] ?? 0,
  }))
  const missing = times === undefined ? undefined : missingMs(rows, times.toMs)
  return intervalsFrom(rows, missing ?? [], notes)
}

interface Values {
  readonly values: readonly Value[]
  /** Beside each value, where the table has a column of them. */
  readonly times: Times | undefined
  readonly notes: readonly string[]
}

interface Times {
  readonly values: readonly number[]
  readonly toMs: number | undefined
}

/**
 * Values of the column; without a header and with one row, of that row (space separated). Logs with
 * a row for each packet leave the field empty where no beat ended.
 */
function valuesOf(table: Table, column: string | undefined): Values {
  const [first] = table.rows
  const isLine = table.names.length === 0 && column === undefined
  if (isLine && first !== undefined && first.fields.length > 1 && table.rows.length === 1) {
    const values = first.fields.map((_, index) => valueOf(first, index, `interval ${index + 1}`))
    return { values, times: undefined, notes: [] }
  }
  const index = columnIndex(table, column, names)
  const name = table.names[index] ?? 'the interval'
  // The first beat of a recording ends no interval: some files leave it empty, some write 0.
  const [head, ...rest] = table.rows
  const rows = head !== undefined && endsNone(head, index, name) ? rest : table.rows
  const isLog = (head?.fields.length ?? 0) > 1
  const full = rows.filter((row) => !isLog || numberAt(row, index, name) !== undefined)
  const skipped = rows.length - full.length
  const notes =
    skipped > 0 ? [`${skipped} lines have no ${name}: taken as packets without one.`] : []
  const values = full.map((row) => valueOf(row, index, name))
  return { values, times: timesOf(table, full, index), notes }
}

function timesOf(table: Table, rows: readonly Row[], interval: number): Times | undefined {
  const column = timeColumn(table.names)
  if (column === undefined || column.index === interval) return undefined
  const values = rows.map((row) => {
    const value = numberAt(row, column.index, 'the time')
    if (value !== undefined) return value
    const text = `line ${row.line}: the time is empty. Remove the column, or the line.`
    throw new InputError('NOT_A_NUMBER', text, row.line)
  })
  return { values, toMs: column.toMs }
}

function endsNone(row: Row, index: number, name: string): boolean {
  const value = numberAt(row, index, name)
  return value === undefined || value === 0
}

function valueOf(row: Row, index: number, name: string): Value {
  const value = numberAt(row, index, name)
  if (value !== undefined && value > 0) return { line: row.line, value }
  const what = value === undefined ? 'is empty' : `is ${value}`
  const text = `line ${row.line}: ${name} ${what}; an interval is above 0. Remove the line.`
  throw new InputError('NOT_A_NUMBER', text, row.line)
}

function checkUnit(values: readonly Value[], unit: RrUnit, isSaid: boolean): void {
  const sorted = values.map(({ value }) => value).sort((one, other) => one - other)
  const median = sorted[sorted.length >> 1] ?? 0
  const line = values[0]?.line
  const wrong = (text: string): InputError => new InputError('UNIT_WRONG', text, line)
  if (doOnlyRise(values)) {
    throw wrong('The values only rise, as times of beats do: intervals are their differences.')
  }
  const medianMs = median * toMs[unit]
  if (medianMs >= rrMsMin * 0.8 && medianMs <= rrMsMax * 1.25) return
  if (isSaid) throw wrong(`A median of ${median} is no interval of a heart in ${unit}.`)
  if (median < 5) throw wrong(`A median of ${median} looks like seconds: --unit s.`)
  if (medianMs < rrMsMin) {
    throw wrong(`A median of ${median} looks like heart rates, not intervals in milliseconds.`)
  }
  throw wrong(`A median of ${median} is too long for a heart in milliseconds: say --unit.`)
}

/** From one value to the next for the whole of a recording: no heart slows down so. */
function doOnlyRise(values: readonly Value[]): boolean {
  const first = values[0]?.value ?? 0
  const last = values.at(-1)?.value ?? 0
  const isRising = values.every(({ value }, at) => at === 0 || value > (values[at - 1]?.value ?? 0))
  return isRising && values.length >= risingMin && last > risingShareMin * first
}

interface RrRow {
  readonly line: number
  /** As it stands in the file. */
  readonly value: number
  readonly rrMs: number
}

/** `missing`: milliseconds before each that are in no interval. */
function intervalsFrom(
  rows: readonly RrRow[],
  missing: readonly number[],
  firstNotes: readonly string[],
): Recording {
  const intervals: Interval[] = []
  const gaps: string[] = []
  let series = 1
  let timeMs = 0
  for (const [index, { line, value, rrMs }] of rows.entries()) {
    if (rrMs > anyMsMax) {
      const text = `line ${line}: ${value} is longer than a minute: cut the recording there.`
      throw new InputError('UNIT_WRONG', text, line)
    }
    const lostMs = missing[index] ?? 0
    if (lostMs > 0) {
      gaps.push(`line ${line}: ${Math.round(lostMs)} ms before it are in no interval: a gap.`)
      series += 1
    }
    timeMs += lostMs + rrMs
    if (rrMs < rrMsMin || rrMs > rrMsMax) {
      gaps.push(`line ${line}: ${value} is no interval of a heart (300..2000 ms): a gap.`)
      series += 1
      continue
    }
    intervals.push({ series, timeMs, rrMs, isDoubtful: false, isOutlier: false })
  }
  const notes = [...firstNotes, ...fewNotes(gaps)]
  return { kind: 'rr', durationMs: timeMs, intervals, signalReasons: [], notes }
}
