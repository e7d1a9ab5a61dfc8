/**
 * What a plain reading of the same colours gives: POS, CHROM or green over the whole recording, one
 * band-pass, the beats as they come, no gate and no marks. Our implementations of the published
 * formulas, under a reading that is not ours: what local methods of camera libraries do.
 */

import { displayHrv } from '../../src/adapters/sensors/hrv/displayHrv.ts'
import { estimatePulse } from '../../src/adapters/sensors/rppg/estimatePulse.ts'
import { findBeats } from '../../src/adapters/sensors/rppg/findBeats.ts'
import { readFileSync } from 'node:fs'

export const plainMethods = ['pos', 'chrom', 'green'] as const
export type PlainMethod = (typeof plainMethods)[number]

interface Plain {
  readonly hrBpm: number
  readonly rmssdMs: number
}

export function plainRates(path: string): Readonly<Record<PlainMethod, Plain>> {
  const lines = readFileSync(path, 'utf8').trim().split('\n').slice(1)
  const samples = lines.map((line) => {
    const [timeMs = 0, r = 0, g = 0, b = 0] = line.split(',').map(Number)
    return { timeMs, r, g, b }
  })
  const read = (method: PlainMethod): Plain => {
    const estimate = estimatePulse(samples, [method])
    const beats = estimate === undefined ? [] : findBeats(estimate)
    const rr = beats.slice(1).map(({ timeMs }, index) => timeMs - (beats[index]?.timeMs ?? 0))
    const { hrBpm = NaN, rmssdMs = NaN } = displayHrv(
      rr,
      rr.map(() => false),
    )
    return { hrBpm, rmssdMs }
  }
  return { pos: read('pos'), chrom: read('chrom'), green: read('green') }
}
