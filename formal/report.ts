/** What was found, against what was expected, as a row and as a verdict. */
import type { NamedModel } from './models.ts'
import type { Simulation } from './quint.ts'
import type { Exploration } from './search.ts'

export interface Row {
  readonly name: string
  readonly seats: string
  readonly views: number
  readonly states: number
  readonly depth: number
  readonly seconds: number
  readonly verdict: string
  readonly asExpected: boolean
  readonly trace: readonly string[]
}

export function rowOf(model: NamedModel, found: Exploration): Row {
  const { states, depth, seconds, trace } = found
  const { name, seats, views } = model
  return { name, seats, views, states, depth, seconds, trace, ...judge(model, found) }
}

function judge(
  { expected }: NamedModel,
  { fault, complete }: Exploration,
): Pick<Row, 'verdict' | 'asExpected'> {
  if (expected === undefined) {
    if (fault !== undefined) return { verdict: `BROKEN: ${fault}`, asExpected: false }
    if (!complete) return { verdict: 'UNFINISHED: too many states', asExpected: false }
    return { verdict: 'holds', asExpected: true }
  }
  if (fault === undefined) return { verdict: `SURVIVES, expected: ${expected}`, asExpected: false }
  if (!fault.startsWith(expected)) return { verdict: `OTHERWISE: ${fault}`, asExpected: false }
  return { verdict: `found: ${fault}`, asExpected: true }
}

export const heading = line(['model', 'committee', 'views', 'states', 'depth', 's', 'verdict'])

export function lineOf(row: Row): string {
  const { name, seats, views, states, depth, seconds, verdict } = row
  return line([name, seats, views, states, depth, seconds.toFixed(1), verdict].map(String))
}

export function simulationLine({ name, seconds, verdict }: Simulation): string {
  return line([name, '', '', '', '', seconds.toFixed(1), verdict])
}

function line(cells: readonly string[]): string {
  const [name = '', seats = '', ...more] = cells
  const verdict = more.pop() ?? ''
  const figures = more.map((cell, index) => cell.padStart(index === 1 ? 9 : 7))
  return `${name.padEnd(52)}${seats.padEnd(21)}${figures.join('')}  ${verdict}`
}
