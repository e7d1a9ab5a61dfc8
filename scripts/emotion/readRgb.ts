/** Mean skin colour, frame by frame: a face, or a finger on the lens (SENS-2). */

import type { QualityReason, SensorEvent } from '../../src/ports/sensor.ts'
import type { PulseWave } from '../../src/adapters/sensors/hrv/pulseRespiration.ts'
import { fingerMethods, type PulseMethod } from '../../src/adapters/sensors/rppg/estimatePulse.ts'
import { PulseTracker } from '../../src/adapters/sensors/rppg/pulseTracker.ts'
import { readContactPulse } from '../../src/adapters/sensors/rppg/readContactPulse.ts'
import { frameRate, resample, type RgbSample } from '../../src/adapters/sensors/rppg/rgbTrace.ts'
import { ticksToMs } from '../../src/adapters/sensors/ticks.ts'
import { fewNotes } from './fewNotes.ts'
import { InputError } from './inputError.ts'
import { fullColumn, readTable, type Table, type Value } from './readTable.ts'
import type { Interval, Recording, SignalReason } from './recording.ts'
import { checkLevels, colourColumns } from './rgbColumns.ts'
import { timeColumn } from './timeColumn.ts'

export type Place = 'face' | 'finger'

const secondsMin = 10
const framesPerSecondMin = 15
const gapMs = 600
/** Longer without a frame, and it is another recording. */
const stepMsMax = 600_000
const durationMsMax = 24 * 3_600_000

interface RgbOptions {
  /** For files without a column of times. */
  readonly fps?: number | undefined
  /** Told from the colour when left out. */
  readonly place?: Place | undefined
}

export function readRgb(path: string, { fps, place }: RgbOptions): Recording {
  const table = readTable(path)
  const colours = colourColumns(table)
  checkLevels(colours)
  const [red, green, blue] = colours
  const times = timesOf(table, fps)
  const samples = times.map(({ value: timeMs }, index) => ({
    timeMs: timeMs - (times[0]?.value ?? 0),
    r: red[index]?.value ?? 0,
    g: green[index]?.value ?? 0,
    b: blue[index]?.value ?? 0,
  }))
  const durationMs = samples.at(-1)?.timeMs ?? 0
  if (durationMs < 1000 * secondsMin) {
    const seconds = (durationMs / 1000).toFixed(1)
    const text = `${path} spans ${seconds} s: ${secondsMin} s are the least. Times are in ms.`
    throw new InputError('TOO_SHORT', text)
  }
  if (durationMs > durationMsMax) {
    throw new InputError('FILE_TOO_LARGE', `${path} spans more than a day: cut it into parts.`)
  }
  const { framesPerSecond } = frameRate(samples)
  const notes = gapsOf(times)
  const read = (place ?? placeOf(samples)) === 'finger' ? readFinger(samples) : readFace(samples)
  const isSlow = framesPerSecond < framesPerSecondMin * 0.99
  const reasons: readonly SignalReason[] = isSlow ? ['FRAME_RATE_LOW'] : read.signalReasons
  return { ...read, durationMs, signalReasons: reasons, notes }
}

function timesOf(table: Table, fps: number | undefined): readonly Value[] {
  const { names, rows } = table
  const named = timeColumn(names)
  const hasTime = names.length > 0 ? named !== undefined : (rows[0]?.fields.length ?? 0) > 3
  if (!hasTime || fps !== undefined) {
    if (fps === undefined) {
      const text = 'There is no column called time, t or timestamp: say --fps.'
      throw new InputError('TIME_WRONG', text, rows[0]?.line)
    }
    return rows.map(({ line }, index) => ({ line, value: (1000 * index) / fps }))
  }
  const { index = 0, toMs = 1 } = named ?? {}
  const times = fullColumn(table, index, 'the time').map(({ line, value }) => ({
    line,
    value: value * toMs,
  }))
  for (const [index, { line, value }] of times.entries()) {
    if (value < (times[index - 1]?.value ?? -Infinity)) {
      throw new InputError('TIME_WRONG', `line ${line}: the time goes back to ${value}.`, line)
    }
  }
  checkSteps(times)
  for (const [index, { line, value }] of times.entries()) {
    const lostMs = value - (times[index - 1]?.value ?? value)
    if (lostMs <= stepMsMax) continue
    const text = `line ${line}: ${Math.round(lostMs / 1000)} s without a frame. Cut the file there.`
    throw new InputError('TIME_WRONG', text, line)
  }
  return times
}

function checkSteps(times: readonly Value[]): void {
  const steps = times.slice(1).map(({ value }, index) => value - (times[index]?.value ?? 0))
  const median = steps.sort((one, other) => one - other)[steps.length >> 1] ?? 0
  if (median > 1 && median <= 1000) return
  const line = times[0]?.line
  if (median === 0) {
    const text = 'Most frames have the time of the one before: leave the times out and say --fps.'
    throw new InputError('TIME_WRONG', text, line)
  }
  const [like, name] = median > 1000 ? ['micro- or nanoseconds', 'time_us'] : ['seconds', 'time_s']
  const apart = Number(median.toPrecision(3))
  const text =
    `Frames are ${apart} apart, as ${like} would be: times are milliseconds, ` +
    `unless the column is called ${name}.`
  throw new InputError('UNIT_WRONG', text, line)
}

function gapsOf(times: readonly Value[]): readonly string[] {
  const notes = times.slice(1).flatMap(({ line, value }, index) => {
    const lost = value - (times[index]?.value ?? value)
    return lost > gapMs ? [`line ${line}: ${Math.round(lost)} ms without a frame.`] : []
  })
  return fewNotes(notes)
}

/** A lit finger is red: skin in a picture reflects more than half as much green as red. */
function placeOf(samples: readonly RgbSample[]): Place {
  const red = samples.reduce((sum, { r }) => sum + r, 0)
  const green = samples.reduce((sum, { g }) => sum + g, 0)
  return red > 2 * green ? 'finger' : 'face'
}

type Read = Pick<Recording, 'kind' | 'intervals' | 'signalReasons' | 'wave'>

function readFinger(samples: readonly RgbSample[]): Read {
  const { intervals, methods } = readContactPulse(samples, fingerMethods)
  return { kind: 'finger', intervals, signalReasons: [], wave: waveOf(samples, methods) }
}

/** The colour in which the pulse was read most often. */
function waveOf(samples: readonly RgbSample[], methods: readonly PulseMethod[]): PulseWave {
  const series = resample(samples)
  const count = (method: PulseMethod): number => methods.filter((one) => one === method).length
  const [colour] = [...fingerMethods].sort((one, other) => count(other) - count(one))
  const values = colour === 'green' ? series.g : colour === 'blue' ? series.b : series.r
  return { startMs: series.startMs, sampleRateHz: series.sampleRateHz, values }
}

/** Frame by frame through the tracker of the page. */
function readFace(samples: readonly RgbSample[]): Read {
  const intervals: Interval[] = []
  const doubts = new Map<QualityReason, number>()
  const hear = (event: SensorEvent): void => {
    if (event.kind === 'quality') doubts.set(event.reason, (doubts.get(event.reason) ?? 0) + 1)
    if (event.kind !== 'beats') return
    for (const { timeMs, rrTicks, uncertaintyMs } of event.beats) {
      intervals.push({
        series: event.series,
        timeMs,
        rrMs: ticksToMs(rrTicks),
        isDoubtful: false,
        isOutlier: false,
        ...(uncertaintyMs !== undefined && { uncertaintyMs: Math.SQRT2 * uncertaintyMs }),
      })
    }
  }
  const tracker = new PulseTracker('face', hear)
  for (const sample of samples) tracker.add(sample, 0)
  const good = doubts.get('GOOD') ?? 0
  const signalReasons = [...doubts]
    .flatMap(([reason, count]) =>
      isSignalReason(reason) && count > good ? [{ reason, count }] : [],
    )
    .sort((one, other) => other.count - one.count)
    .map(({ reason }) => reason)
  return { kind: 'face', intervals, signalReasons }
}

function isSignalReason(reason: QualityReason): reason is QualityReason & SignalReason {
  const known: readonly string[] = ['PULSE_WEAK', 'MOVE_TO_LIGHT', 'TOO_BRIGHT', 'HOLD_STILL']
  return known.includes(reason)
}
