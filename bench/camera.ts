/**
 * What the camera costs (SENS-2): processor time a frame of its worker and of the page's own
 * thread, in a real Chromium whose camera sees a portrait of 640 × 480 with a pulse. Medians over
 * windows of four seconds, two for each of `--runs`; processor time is counted by thread, so
 * that a busy machine makes frames fewer and hardly dearer.
 */

import type { Bench } from './bench.ts'
import { measureCamera, type CameraWindow } from './camera/browser.ts'
import type { RegionTimes } from './camera/page/regionsWorker.ts'
import { machineNow } from './machine.ts'
import { medianOf } from './measure.ts'

const windowsPerRun = 2

interface Row {
  readonly name: string
  readonly medianMs: number
  readonly goalMs?: number
  readonly frames: number
}

export const benchCamera: Bench = async ({ runs }) => {
  const before = machineNow()
  const { browser, oval, face, landmarks, regions } = await measureCamera(windowsPerRun * runs)
  const { loadAverage } = machineNow()
  const rows: readonly Row[] = [
    rowOf('worker, no landmarks', oval, ({ workersMs }) => workersMs, 10),
    rowOf('worker, landmarks each frame', landmarks, ({ workersMs }) => workersMs, 60),
    rowOf('worker, landmarks twice a second', face, ({ workersMs }) => workersMs),
    rowOf('main thread, no landmarks', oval, ({ mainMs }) => mainMs, 2),
    rowOf('main thread, landmarks twice a second', face, ({ mainMs }) => mainMs, 2),
    rowOf('all threads of the tab, no landmarks', oval, ({ allMs }) => allMs),
    rowOf('all threads, landmarks twice a second', face, ({ allMs }) => allMs),
  ]
  return {
    data: {
      bench: 'camera',
      machine: before,
      loadAverages: [before.loadAverage, loadAverage],
      browser,
      rows,
      windows: { oval, face, landmarks },
      regions,
    },
    table: [
      `${before.cpu}, ${before.coreCount} cores, node ${before.node}, Chromium ${browser}`,
      `load before and after: ${text(before.loadAverage)} | ${text(loadAverage)}`,
      `${'processor time a frame'.padEnd(40)}    median    goal   frames`,
      ...rows.map(lineOf),
      ...regionLines(regions),
    ],
  }
}

/** The same skin of the same frames, by the processor and by a GPU (decision 0052). */
function regionLines(regions: readonly RegionTimes[]): readonly string[] {
  const last = regions.at(-1)
  if (last === undefined) return ['no WebGPU adapter: the skin is read by the processor alone']
  const median = (of: (times: RegionTimes) => number): string =>
    `${medianOf(regions.map(of)).toFixed(2)} ms`.padStart(10)
  const apart = Math.max(...regions.map(({ levelsApart }) => levelsApart)).toFixed(2)
  const byGpu = `by WebGPU (${last.adapter}, ${last.way})`.padEnd(40)
  return [
    `from a frame to its skin’s colour, ${String(regions.length)} frames, ${apart} levels apart`,
    `${'by the processor, as the product does'.padEnd(40)}${median(({ cpuMs }) => cpuMs)}`,
    `${byGpu}${median(({ gpuMs }) => gpuMs)}`,
  ]
}

function rowOf(
  name: string,
  windows: readonly CameraWindow[],
  of: (window: CameraWindow) => number,
  goalMs?: number,
): Row {
  const frames = Math.round(windows.reduce((sum, window) => sum + window.frames, 0))
  const row = { name, medianMs: medianOf(windows.map(of)), frames }
  return goalMs === undefined ? row : { ...row, goalMs }
}

function lineOf({ name, medianMs, goalMs, frames }: Row): string {
  const goal = (goalMs === undefined ? '' : String(goalMs)).padStart(8)
  const verdict = goalMs !== undefined && medianMs > goalMs ? '  over' : ''
  const median = `${medianMs.toFixed(2)} ms`.padStart(10)
  return `${name.padEnd(40)}${median}${goal}   ${frames}${verdict}`
}

function text(values: readonly number[]): string {
  return values.map((value) => value.toFixed(1)).join(' ')
}
