/**
 * Text to columns of numbers, each with the line it stood on. Files are hostile: bounded in size,
 * every field must be a finite number, and every error names its line.
 */

import { InputError } from './inputError.ts'
import { readText } from './readText.ts'

export interface Table {
  /** Lower case, `name_unit`; empty where the file has no header. */
  readonly names: readonly string[]
  readonly rows: readonly Row[]
}

export interface Row {
  readonly line: number
  readonly fields: readonly string[]
}

export function readTable(path: string): Table {
  const rows = linesOf(readText(path))
  const [first, ...rest] = rows
  if (first === undefined) throw new InputError('FILE_EMPTY', `${path} holds no values.`)
  if (!first.fields.some(isName)) return { names: [], rows }
  if (rest.length === 0) {
    const text = `${path} has a header, or a line that is no number, and no values.`
    throw new InputError('FILE_EMPTY', text, first.line)
  }
  return { names: first.fields.map(nameOf), rows: rest }
}

/** What stands for a missing value, or begins as a number does, names no column. */
function isName(field: string): boolean {
  return /^[^\d.+-].*$/.test(field) && /[a-z]/i.test(field) && !missing.test(field)
}

const missing = /^(nan|na|n\/a|null|none|undefined|inf|infinity)$/i

/** `Time (ms)` and `time [ms]` are `time_ms`, `R mean` is `r_mean`. */
function nameOf(field: string): string {
  const plain = field.toLowerCase().replace(/[()[\]]/g, ' ')
  return plain.trim().replace(/\s+/g, '_')
}

/** Lines with something on them. A Polar .hrm file has its intervals after [HRData]. */
function linesOf(text: string): readonly Row[] {
  const lines = text.split(/\r\n|\n|\r/)
  const section = lines.findIndex((line) => line.trim() === '[HRData]')
  return lines.flatMap((text, index) => {
    const trimmed = text.trim()
    if (index <= section || trimmed === '' || trimmed.startsWith('#')) return []
    // Where fields are parted by semicolons a comma is a decimal one, and refused as a number.
    const separator = /;/.test(trimmed) ? /;/ : /,/.test(trimmed) ? /,/ : /\s+/
    const fields = trimmed.split(separator).map((field) => field.trim().replace(/^"(.*)"$/, '$1'))
    return [{ line: index + 1, fields }]
  })
}

/** Decimal alone: what else `Number` reads (`0x10`, `Infinity`) is no measured value. */
const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i

function isNumber(field: string): boolean {
  return decimal.test(field) && Number.isFinite(Number(field))
}

export interface Value {
  readonly line: number
  readonly value: number
}

/** The column that the user named, by name or by number from 1; else the first that is known. */
export function columnIndex(
  { names, rows }: Table,
  asked: string | undefined,
  known: readonly string[],
): number {
  const width = rows[0]?.fields.length ?? 0
  if (asked !== undefined) {
    const index = /^\d+$/.test(asked) ? Number(asked) - 1 : names.indexOf(nameOf(asked))
    if (index >= 0 && index < width) return index
    throw new InputError(
      'COLUMN_UNKNOWN',
      `There is no column ${asked}. ${columnsOf(names, width)}`,
    )
  }
  const index = names.findIndex((name) => known.includes(name))
  if (index >= 0) return index
  if (width === 1) return 0
  const wanted = known.join(', ')
  const comma = isCommaPair(rows)
    ? ' If the comma is a decimal one, write a point.'
    : ' Use --column.'
  const text = `Which column? None is called ${wanted}. ${columnsOf(names, width)}${comma}`
  throw new InputError('COLUMN_UNKNOWN', text, rows[0]?.line)
}

/** `0,812`: two whole numbers, the second as long as decimals are. */
function isCommaPair(rows: readonly Row[]): boolean {
  return rows.every(({ fields }) => fields.length === 2 && fields.every((one) => /^\d+$/.test(one)))
}

function columnsOf(names: readonly string[], width: number): string {
  const count = width === 1 ? 'one column' : `${width} columns`
  return names.length > 0 ? `The file has: ${names.join(', ')}.` : `The file has ${count}.`
}

/** One field as a number; `undefined` where it is empty. */
export function numberAt(row: Row, index: number, name: string): number | undefined {
  const field = row.fields[index]
  if (field === undefined) {
    const text = `line ${row.line} has ${row.fields.length} fields: ${name} is missing.`
    throw new InputError('COLUMN_COUNT', text, row.line)
  }
  if (field === '') return undefined
  if (isNumber(field)) return Number(field)
  const quoted = JSON.stringify(field.slice(0, 40))
  const why = /^-?\d+,\d+$/.test(field) ? 'has a comma: write a point' : 'is not a number'
  const text = `line ${row.line}: ${name}, ${quoted}, ${why}.`
  throw new InputError('NOT_A_NUMBER', text, row.line)
}

/** A column without holes. */
export function fullColumn(table: Table, index: number, name: string): readonly Value[] {
  return table.rows.map((row) => {
    const value = numberAt(row, index, name)
    if (value !== undefined) return { line: row.line, value }
    const text = `line ${row.line}: ${name} is empty. Cut the file there, or fill nothing in.`
    throw new InputError('NOT_A_NUMBER', text, row.line)
  })
}
