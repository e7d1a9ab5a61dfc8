/**
 * The main path in figures, each against its budget: `npm start` on an empty folder, then four tabs
 * in a real Chromium that are the whole network. Takes about a quarter of an hour.
 */

import { provideChromium } from '../scripts/lib/chromium.ts'
import type { Bench } from './bench.ts'
import { machineNow } from './machine.ts'
import { measureFourTabs } from './mainPath/fourTabs.ts'
import type { Row } from './mainPath/row.ts'
import { measureStartUp } from './mainPath/startUp.ts'
import { medianOf } from './measure.ts'

export const benchMainPath: Bench = async ({ runs }) => {
  process.env['EMO_CHROMIUM'] = (await provideChromium()).path
  const before = machineNow()
  const startUp = await measureStartUp(runs)
  const between = machineNow()
  const fourTabs = await measureFourTabs(runs)
  const loads = [before, between, machineNow()].map(({ loadAverage }) => loadAverage)
  const rows = [...startUp, ...fourTabs].map((row) => ({ ...row, median: medianOf(row.values) }))
  return {
    data: { bench: 'main-path', machine: before, loadAverages: loads, rows },
    table: [
      `${before.cpu}, ${before.coreCount} cores, node ${before.node}`,
      `load before, between and after: ${loads.map((one) => text(one, 1)).join(' | ')}`,
      `${'figure'.padEnd(34)}${'median'.padStart(9)}${'budget'.padStart(9)}   each`,
      ...rows.map((row) => lineOf(row, row.median)),
    ],
  }
}

function lineOf({ name, unit, values, budget }: Row, median: number): string {
  const digits = unit === 's' ? 2 : 0
  const cells = [median.toFixed(digits), String(budget)].map((cell) => cell.padStart(9)).join('')
  const verdict = median <= budget ? '' : '  over'
  return `${`${name}, ${unit}`.padEnd(34)}${cells}   ${text(values, digits)}${verdict}`
}

function text(values: readonly number[], digits: number): string {
  return values.map((value) => value.toFixed(digits)).join(' ')
}
