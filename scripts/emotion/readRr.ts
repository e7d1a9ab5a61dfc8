/** Intervals between beats from a file: milliseconds, one a line or a column of a CSV (HRV-1). */

import { InputError } from './inputError.ts'
import { columnIndex, numberAt, readTable, type Row, type Table, type Value } from './readTable.ts'
import type { Interval, Recording } from './recording.ts'

export type RrUnit = 'ms' | 's' | 'ticks'

const names = ['rr_ms', 'rr', 'rri', 'rr-interval', 'ibi_ms', 'ibi', 'nn', 'interval']
/** Clause 1 of the statement: what else is no interval of a heart. */
const rrMsMin = 300
const rrMsMax = 2000
/** Beyond this a value is no interval, whatever was missed. */
const anyMsMax = 60_000
const intervalsMax = 1_000_000
const toMs: Readonly<Record<RrUnit, number>> = { ms: 1, s: 1000, ticks: 1000 / 1024 }

export function readRr(
  path: string,
  options: { readonly column?: string | undefined; readonly unit?: RrUnit | undefined },
): Recording {
  const { values, notes } = valuesOf(readTable(path), options.column)
  if (values.length > intervalsMax) {
    throw new InputError('FILE_TOO_LARGE', `${path} has more than a million intervals.`)
  }
  if (values.length < 3) {
    const text = `${path} has ${values.length} intervals: three are the least.`
    throw new InputError('TOO_SHORT', text)
  }
  checkUnit(values, options.unit)
  return intervalsFrom(values, toMs[options.unit ?? 'ms'], notes)
}

interface Values {
  readonly values: readonly Value[]
  readonly notes: readonly string[]
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
    return { values, notes: [] }
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
  return { values: full.map((row) => valueOf(row, index, name)), notes }
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

function checkUnit(values: readonly Value[], unit: RrUnit | undefined): void {
  if (unit !== undefined) return
  const sorted = values.map(({ value }) => value).sort((one, other) => one - other)
  const median = sorted[sorted.length >> 1] ?? 0
  const line = values[0]?.line
  if (median < 5) {
    throw new InputError('UNIT_WRONG', `A median of ${median} looks like seconds: --unit s.`, line)
  }
  if (median < rrMsMin * 0.8) {
    const text = `A median of ${median} looks like heart rates, not intervals in milliseconds.`
    throw new InputError('UNIT_WRONG', text, line)
  }
  if (median > 1.25 * rrMsMax) {
    const text = `A median of ${median} is too long for a heart in milliseconds: say --unit.`
    throw new InputError('UNIT_WRONG', text, line)
  }
}

function intervalsFrom(
  values: readonly Value[],
  factor: number,
  firstNotes: readonly string[],
): Recording {
  const intervals: Interval[] = []
  const notes = [...firstNotes]
  let series = 1
  let timeMs = 0
  for (const { line, value } of values) {
    const rrMs = value * factor
    if (rrMs > anyMsMax) {
      const text = `line ${line}: ${value} is longer than a minute: cut the recording there.`
      throw new InputError('UNIT_WRONG', text, line)
    }
    timeMs += rrMs
    if (rrMs < rrMsMin || rrMs > rrMsMax) {
      notes.push(`line ${line}: ${value} is no interval of a heart (300..2000 ms): a gap.`)
      series += 1
      continue
    }
    intervals.push({ series, timeMs, rrMs, isDoubtful: false, isOutlier: false })
  }
  return { kind: 'rr', durationMs: timeMs, intervals, signalReasons: [], notes }
}
