/** The three columns of colour in a table, by name or by place, and whether they are levels. */

import { InputError } from './inputError.ts'
import { fullColumn, type Table, type Value } from './readTable.ts'

/** Rounding may go a little beyond. */
const levelMax = 255.5

type Colour = readonly Value[]
type Channel = 'red' | 'green' | 'blue'

/**
 * By name where there are names (`R`, `red`, `mean_r`), else the last three of three or four
 * columns.
 */
export function colourColumns(table: Table): readonly [Colour, Colour, Colour] {
  const { names, rows } = table
  const width = rows[0]?.fields.length ?? 0
  const line = rows[0]?.line
  if (names.length === 0 && width !== 3 && width !== 4) {
    const text = `${width} columns without names: time,R,G,B is expected, or R,G,B.`
    throw new InputError('COLUMN_UNKNOWN', text, line)
  }
  const column = (channel: Channel, at: number): Colour =>
    fullColumn(table, names.length > 0 ? named(table, channel) : width - 3 + at, channel)
  return [column('red', 0), column('green', 1), column('blue', 2)]
}

/** `R` or `red`; else the only one that has it as a part of its name. */
function named({ names, rows }: Table, channel: Channel): number {
  const isIt = (part: string): boolean => part === channel || part === channel.charAt(0)
  const exact = names.findIndex(isIt)
  if (exact >= 0) return exact
  const having = names.flatMap((name, index) => (name.split(/[_.-]/).some(isIt) ? [index] : []))
  const [only] = having
  if (only !== undefined && having.length === 1) return only
  const what = having.length > 1 ? 'There are several columns' : 'There is no column'
  const text = `${what} ${channel.charAt(0).toUpperCase()}: time,R,G,B is expected.`
  throw new InputError('COLUMN_UNKNOWN', text, rows[0]?.line)
}

/** Levels of eight bits: dark and bright mean something only on that scale. */
export function checkLevels(colours: readonly Colour[]): void {
  let highest: Value | undefined
  for (const column of colours) {
    for (const each of column) {
      if (each.value < 0 || each.value > levelMax) {
        const text = `line ${each.line}: a level of ${each.value}; levels are 0 to 255.`
        throw new InputError('UNIT_WRONG', text, each.line)
      }
      if (each.value > (highest?.value ?? -Infinity)) highest = each
    }
  }
  if (highest === undefined || highest.value > 1.5) return
  const text = `No level is above ${highest.value}, as of shares: levels are 0 to 255.`
  throw new InputError('UNIT_WRONG', text, highest.line)
}
