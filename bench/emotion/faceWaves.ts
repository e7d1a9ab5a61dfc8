/**
 * Waves of real faces (`vitallens` fixtures 3 and 5): the package's network made them from videos
 * that are not at hand, and a tool that is not ours (NeuroKit2) gave the variability beside them.
 * Ours is beats, marks and figures; skin and colours are not part of it.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { evaluate } from '../../scripts/emotion/evaluate.ts'
import { readPpg } from '../../scripts/emotion/readWave.ts'
import { textOf } from './recordings.ts'

export interface FaceWave {
  readonly name: string
  readonly accepted: boolean
  readonly markedShareBp: number
  /** Ours and theirs, milliseconds. */
  readonly rmssdMs: readonly [number, number]
  readonly sdnnMs: readonly [number, number]
  /** Of windows that answer, and theirs of the whole, breaths a minute. */
  readonly breaths: readonly [readonly number[], number]
}

interface Fixture {
  readonly fps: number
  readonly source: string
  readonly waveforms: { readonly ppg_waveform: { readonly data: readonly number[] } }
  readonly vitals: Readonly<
    Record<'hrv_rmssd' | 'hrv_sdnn' | 'respiratory_rate', { readonly value: number }>
  >
}

/** The others state no variability. */
const numbers = [3, 5]

export function faceWaves(): readonly FaceWave[] {
  const folder = mkdtempSync(join(tmpdir(), 'faces-'))
  try {
    return numbers.map((number) => faceWave(number, join(folder, 'wave.csv')))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function faceWave(number: number, path: string): FaceWave {
  const text = textOf(`vitallens/core-fixtures/sample_video_${number}.json`)
  const { fps, waveforms, vitals } = JSON.parse(text) as Fixture
  writeFileSync(path, waveforms.ppg_waveform.data.join('\n'))
  const { overall, windows } = evaluate(readPpg(path, { hz: fps }))
  const { rmssdMs = NaN, sdnnMs = NaN } = overall.normal
  const breaths = windows.flatMap(({ respiration }) => respiration?.breathsPerMinute ?? [])
  return {
    name: `face ${number}`,
    accepted: overall.accepted,
    markedShareBp: overall.markedShareBp,
    rmssdMs: [rmssdMs, vitals.hrv_rmssd.value],
    sdnnMs: [sdnnMs, vitals.hrv_sdnn.value],
    breaths: [breaths, vitals.respiratory_rate.value],
  }
}
