import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../seededRandom.ts'
import { findRPeaks } from './findRPeaks.ts'

/** An ECG of bumps: P, QRS and T about each beat, with baseline sway and noise. */
function ecg(beatsMs: readonly number[], hz: number, seconds: number, sign = 1): Float64Array {
  const random = seededRandom(3)
  const bump = (ms: number, centre: number, width: number): number =>
    Math.exp(-0.5 * ((ms - centre) / width) ** 2)
  return Float64Array.from({ length: seconds * hz }, (_, index) => {
    const timeMs = (1000 * index) / hz
    let value = 0.3 * Math.sin(timeMs / 700) + 0.04 * (random() - 0.5)
    for (const beat of beatsMs) {
      const ms = timeMs - beat
      if (ms < -300 || ms > 500) continue
      value += 0.12 * bump(ms, -160, 25) + 0.35 * bump(ms, 280, 45)
      value += bump(ms, 0, 11) - 0.25 * bump(ms, 28, 10)
    }
    return sign * value
  })
}

describe('SENS-1 beats of an ECG', () => {
  it.each([
    [130, 1],
    [250, -1],
    [1000, 1],
  ])('at %i samples a second, upright or not (%i)', (hz, sign) => {
    const beatsMs: number[] = []
    for (let ms = 700; ms < 59_000; ms += 620 + 300 * Math.sin(ms / 3000) ** 2) beatsMs.push(ms)
    const found = findRPeaks(ecg(beatsMs, hz, 60, sign), hz)
    expect(found).toHaveLength(beatsMs.length)
    for (const [index, { timeMs }] of found.entries()) {
      expect(Math.abs(timeMs - (beatsMs[index] ?? 0))).toBeLessThan(5)
    }
  })

  it('finds nothing in a second of signal', () => {
    expect(findRPeaks(new Float64Array(130), 130)).toEqual([])
  })
})

const root = new URL('../../../../../shared/data/heart/', import.meta.url)
const isAbsent = !existsSync(root)
const note = isAbsent ? ' (skipped: no recordings beside the project)' : ''
const column = (path: string): number[] => {
  const lines = readFileSync(new URL(path, root), 'utf8').trim().split('\n').slice(1)
  return lines.map((line) => Number(line.split(',')[0]))
}

describe.skipIf(isAbsent)(`SENS-1 beats of recorded ECG${note}`, () => {
  it('every labelled beat of five minutes of MIT-BIH 100, and no other', () => {
    const samples = column('mitdb100/100_ecg_mlii_360hz_5min.csv')
    const labels = column('mitdb100/100_beats.csv').filter((second) => second < 300)
    const found = findRPeaks(Float64Array.from(samples), 360)
    expect(found).toHaveLength(labels.length)
    for (const [index, { timeMs }] of found.entries()) {
      expect(Math.abs(timeMs - 1000 * (labels[index] ?? 0))).toBeLessThan(20)
    }
  })
})
