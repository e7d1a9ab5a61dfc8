/** An evaluation as lines for people. */

import type { DisplayHrv } from '../../src/adapters/sensors/hrv/displayHrv.ts'
import type { Evaluation, WindowReport } from './evaluate.ts'
import { wordsOf } from './words.ts'

const heads = ['window', 'HR', 'RMSSD', 'SDNN', 'pNN50', 'LF/HF', 'breaths', 'quality', 'verdict']
const widths = [12, 8, 8, 8, 8, 8, 11, 9, 0]

export function linesOf(evaluation: Evaluation): readonly string[] {
  const { kind, durationMs, windows, overall, notes } = evaluation
  const { accepted, reasons, normal, all, markedShareBp, coverageBp, uncertaintyMs } = overall
  const share = `${percent(markedShareBp)} marked or doubtful, ${percent(coverageBp)} covered`
  const sigma = uncertaintyMs === undefined ? '' : `, interval ± ${uncertaintyMs.toFixed(1)} ms`
  return [
    `${kind}, ${(durationMs / 1000).toFixed(1)} s, ${all.beatCount} intervals, ${share}${sigma}`,
    row(heads),
    ...windows.map(windowRow),
    row([...wholeCells('overall', normal), '', accepted ? 'accepted' : reasons.join(' ')]),
    row([...wholeCells('uncorrected', all), '', '']),
    'HR in 1/min; RMSSD, SDNN in ms; pNN50, quality in %; breaths in 1/min with confidence',
    ...notes.map((note) => `note: ${note}`),
    ...reasons.map((reason) => {
      const { meaning, advice } = wordsOf(reason)
      return `${reason}: ${meaning} ${advice}`
    }),
  ]
}

function windowRow(report: WindowReport): string {
  const { startMs, endMs, hrBpm, rmssdMs, sdnnMs, pnn50, lfHf, respiration } = report
  return row([
    `${startMs / 1000}..${endMs / 1000} s`,
    ...[hrBpm, rmssdMs, sdnnMs, pnn50, lfHf].map((value) => number(value)),
    breaths(respiration),
    percent(report.qualityBp),
    report.accepted ? 'accepted' : report.reasons.join(' '),
  ])
}

function wholeCells(name: string, hrv: DisplayHrv): readonly string[] {
  const { hrBpm, rmssdMs, sdnnMs, pnn50, lfHf, respiration } = hrv
  const numbers = [hrBpm, rmssdMs, sdnnMs, pnn50, lfHf].map((value) => number(value))
  return [name, ...numbers, breaths(respiration)]
}

function row(cells: readonly string[]): string {
  const [first = '', ...rest] = cells
  const aligned = rest.map((cell, index) => {
    const width = widths[index + 1] ?? 0
    return width === 0 ? `  ${cell}` : cell.padStart(width)
  })
  return `${first.padEnd(widths[0] ?? 0)}${aligned.join('')}`.trimEnd()
}

function number(value: number | undefined): string {
  return value === undefined ? '–' : value.toFixed(2)
}

function percent(basisPoints: number): string {
  return `${(basisPoints / 100).toFixed(0)} %`
}

function breaths(respiration: DisplayHrv['respiration']): string {
  if (respiration === undefined) return '–'
  return `${respiration.breathsPerMinute.toFixed(1)}/${respiration.confidence.toFixed(2)}`
}
