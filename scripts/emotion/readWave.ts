/** Samples of an ECG or a contact pulse wave from a file, at an even rate (SENS-1, SENS-2). */

import { findRPeaks } from '../../src/adapters/sensors/ecg/findRPeaks.ts'
import { judgeIntervals } from '../../src/adapters/sensors/judgeIntervals.ts'
import { contactSamples } from '../../src/adapters/sensors/rppg/contactSamples.ts'
import { likenessMin } from '../../src/adapters/sensors/rppg/judgeBeats.ts'
import { readContactPulse } from '../../src/adapters/sensors/rppg/readContactPulse.ts'
import { InputError } from './inputError.ts'
import { columnIndex, fullColumn, readTable, type Table } from './readTable.ts'
import type { Recording } from './recording.ts'
import { timeColumn } from './timeColumn.ts'

const ecgNames = ['ecg', 'ecg_mv', 'ecg_uv', 'mlii', 'lead', 'voltage']
const ppgNames = ['ppg', 'bvp', 'pleth', 'pulse']
const secondsMin = 10
const samplesMax = 20_000_000
/** Packets of a strap come late by some samples: more is a hole. */
const holeSteps = 50
/** Times beside a wave and `--hz` may differ by this share: clocks of sensors drift by far less. */
const rateSpreadMax = 0.05

interface WaveOptions {
  readonly hz: number
  readonly column?: string | undefined
}

export function readEcg(path: string, { hz, column }: WaveOptions): Recording {
  const samples = samplesOf(path, hz, column, ecgNames)
  const beats = findRPeaks(samples, hz).map(({ timeMs, likeness }) => ({
    timeMs,
    isDoubtful: likeness !== undefined && likeness < likenessMin,
  }))
  const intervals = judgeIntervals(beats).map((interval) => ({
    ...interval,
    series: 1,
    // An ectopic beat has a shape of its own and is a beat: what it does to the rhythm, the marks
    // of the window say.
    isOutlier: false,
  }))
  const durationMs = (1000 * samples.length) / hz
  return {
    kind: 'ecg',
    durationMs,
    intervals,
    signalReasons: isFlat(samples) ? ['FLAT'] : [],
    notes: [],
  }
}

export function readPpg(path: string, { hz, column }: WaveOptions): Recording {
  const samples = samplesOf(path, hz, column, ppgNames)
  const { intervals } = readContactPulse(contactSamples(samples, hz), ['red'])
  const durationMs = (1000 * samples.length) / hz
  return {
    kind: 'ppg',
    durationMs,
    intervals,
    wave: { startMs: 0, sampleRateHz: hz, values: samples },
    signalReasons: isFlat(samples) ? ['FLAT'] : [],
    notes: [],
  }
}

function samplesOf(
  path: string,
  hz: number,
  column: string | undefined,
  known: readonly string[],
): Float64Array {
  const table = readTable(path)
  const index = columnIndex(table, column, known)
  const values = fullColumn(table, index, table.names[index] ?? 'the sample')
  checkEven(table, index, hz)
  if (values.length > samplesMax) {
    throw new InputError('FILE_TOO_LARGE', `${path} has more than 20 million samples.`)
  }
  const numbers = withoutStamp(
    values.map(({ value }) => value),
    hz,
  )
  if (numbers.length < secondsMin * hz) {
    const seconds = (numbers.length / hz).toFixed(1)
    const span = `${seconds} s at ${hz} Hz`
    const text = `${path} has ${span}: ${secondsMin} s are the least. Is --hz right?`
    throw new InputError('TOO_SHORT', text)
  }
  return Float64Array.from(numbers)
}

/**
 * Samples are taken at an even rate; where the file has times beside them, a hole in those is named
 * and not closed.
 */
function checkEven(table: Table, wave: number, hz: number): void {
  const column = timeColumn(table.names)
  if (column === undefined || column.index === wave) return
  const times = fullColumn(table, column.index, 'the time')
  const steps = times.slice(1).map(({ value }, index) => value - (times[index]?.value ?? 0))
  const median = [...steps].sort((one, other) => one - other)[steps.length >> 1] ?? 0
  const at = steps.findIndex((step) => step < 0 || step > holeSteps * median)
  const rounded = (step: number): number => Number(step.toPrecision(3))
  const line = times[at + 1]?.line
  if (at < 0 || median <= 0 || line === undefined) {
    const spanMs = ((times.at(-1)?.value ?? 0) - (times[0]?.value ?? 0)) * (column.toMs ?? 0)
    const saidHz = (1000 * steps.length) / spanMs
    if (spanMs <= 0 || Math.abs(saidHz / hz - 1) <= rateSpreadMax) return
    const text = `The times say ${rounded(saidHz)} Hz, and --hz says ${hz}.`
    throw new InputError('UNIT_WRONG', text, times[0]?.line)
  }
  const jump = `the time jumps by ${rounded(steps[at] ?? 0)}, others by ${rounded(median)}`
  throw new InputError('TIME_WRONG', `line ${line}: ${jump}. Cut the file there.`, line)
}

/** Empatica files begin with a Unix time and the rate. */
function withoutStamp(values: readonly number[], hz: number): readonly number[] {
  const [first = 0, second = 0] = values
  if (first < 1e9 || first > 1e10) return values
  if (second === hz) return values.slice(2)
  throw new InputError('UNIT_WRONG', `line 2 says ${second} Hz, and --hz says ${hz}.`, 2)
}

function isFlat(samples: Float64Array): boolean {
  let moves = 0
  for (let index = 1; index < samples.length; index += 1) {
    if (samples[index] !== samples[index - 1]) moves += 1
  }
  return moves < samples.length / 20
}
