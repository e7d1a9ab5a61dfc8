/**
 * Real hearts that were asked nothing (LIVE-8): published recordings of intervals, in windows that
 * do not overlap. `test/compliance/recordings.ts` says where they lie.
 */

import { artefactMarks } from '../../src/core/emotion/artefacts.ts'
import { isHeartInterval, ticksPerSecond } from '../../src/core/emotion/window.ts'
import type { BreathWindow } from '../../src/core/liveness/window.ts'
import { hasRecording, readRecording } from '../../test/compliance/recordings.ts'

export interface Recording {
  readonly name: string
  /** Intervals in ms, in runs without a gap. */
  readonly runs: readonly (readonly number[])[]
}

export const hasHearts = hasRecording('heart')

const welltorySubjects = ['01', '03', '05', '07', '09', '11', '13', '15', '17', '19', '21']
const stressSubjects = Array.from({ length: 17 }, (_, index) => String(index + 1).padStart(2, '0'))

/** One for each person or arrangement; `polar-h10-detectPVC` has bigeminy, `mitdb100` ectopics. */
export function unpacedRecordings(): readonly Recording[] {
  const rhenan = 'heart/hrv-rhenanbartels/'
  return [
    ...['rest_rri.txt', 'real_rri.txt', '08012805.txt'].map((file) => ({
      name: file,
      runs: [numbers(readRecording(rhenan + file)).filter((rr) => rr > 0)],
    })),
    ...['exercise_rri.hrm', 'noisy_rri.hrm'].map((file) => ({
      name: file,
      runs: [numbers(readRecording(rhenan + file).split('[HRData]')[1] ?? '')],
    })),
    ...welltorySubjects.map((subject) => ({
      name: `welltory ${subject}`,
      runs: [numbers(readRecording(`heart/welltory-ppg/data/subject_${subject}/RR.txt`))],
    })),
    { name: 'mitdb100', runs: [column('heart/mitdb100/100_beats.csv', 1).filter((rr) => rr > 0)] },
    {
      name: 'neurokit',
      runs: [intervalsOf(column('heart/neurokit/bio_resting_5min_100hz_rpeaks_s.csv', 0))],
    },
    {
      name: 'polar bigeminy',
      runs: [column('heart/polar-h10-detectPVC/polar_h10_rr.csv', 2).filter((rr) => rr > 0)],
    },
    ...stressSubjects.map((subject) => ({
      name: `stress-predict ${subject}`,
      runs: wristRuns(`heart/stress-predict/S${subject}/IBI.csv`),
    })),
  ]
}

/**
 * The one paced recording at hand: a face on video whose breath was held at 4 a minute, which is no
 * codeword. Beats of its camera signal, in ms.
 */
export function pacedAtFour(): readonly number[] {
  const path = 'heart/vitallens/core-fixtures/sample_video_3.json'
  const video = JSON.parse(readRecording(path)) as {
    readonly fps: number
    readonly waveforms: { readonly ppg_waveform: { readonly peak_indices: readonly number[] } }
  }
  return video.waveforms.ppg_waveform.peak_indices.map((frame) => (1000 * frame) / video.fps)
}

/** Whole windows of a recording, one after the other, artefacts marked. */
export function windowsOf({ runs }: Recording, seconds: number): readonly BreathWindow[] {
  return runs.flatMap((run) => {
    const windows: BreathWindow[] = []
    const ticks = run.map((rr) => Math.round((rr * ticksPerSecond) / 1000))
    let window: number[] = []
    let total = 0
    for (const rr of ticks) {
      if (!isHeartInterval(rr)) {
        window = []
        total = 0
        continue
      }
      if (total + rr > seconds * ticksPerSecond) {
        windows.push({ ticks: window, marks: artefactMarks(window), firstOffsetTicks: 0 })
        window = []
        total = 0
      }
      window.push(rr)
      total += rr
    }
    return windows
  })
}

function numbers(text: string): readonly number[] {
  return text.trim().split(/\s+/).map(Number)
}

function column(path: string, index: number): readonly number[] {
  const lines = readRecording(path).trim().split('\n').slice(1)
  return lines.map((line) => Number(line.split(',')[index]))
}

function intervalsOf(seconds: readonly number[]): readonly number[] {
  return seconds.slice(1).map((at, index) => 1000 * (at - (seconds[index] ?? at)))
}

/** A wrist sensor leaves out what it is not sure of: a run ends where times do not add up. */
function wristRuns(path: string): readonly (readonly number[])[] {
  const runs: number[][] = []
  let lastSeconds = -Infinity
  for (const line of readRecording(path).trim().split('\n').slice(1)) {
    const [atSeconds = 0, interval = 0] = line.split(',').map(Number)
    if (Math.abs(atSeconds - lastSeconds - interval) > 0.05) runs.push([])
    runs.at(-1)?.push(1000 * interval)
    lastSeconds = atSeconds
  }
  return runs
}
