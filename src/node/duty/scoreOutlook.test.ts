import { describe, expect, it } from 'vitest'
import type { SensorSummary } from '../api.ts'
import { ScoreOutlook } from './scoreOutlook.ts'

const live = (score: number | undefined, provenance: 'strap' | 'camera' = 'strap') =>
  ({
    provenance,
    state: 'live',
    heartRateBpm: 60,
    rmssdMs: 40,
    quality: 10_000,
    qualityReason: undefined,
    windowSeconds: 60,
    score,
  }) satisfies SensorSummary

/** One look a second, as the service has it. */
function watched(seconds: number, scoreAt: (second: number) => number | undefined): ScoreOutlook {
  const outlook = new ScoreOutlook()
  for (let second = 0; second <= seconds; second += 1) {
    outlook.look(() => live(scoreAt(second)), second * 1000)
  }
  return outlook
}

describe('FIT-5: the scores of the last minutes', () => {
  it('are taken half a minute apart, and say where the next one will lie', () => {
    const outlook = watched(240, (second) => 8000 + second)
    expect(outlook.describe(live(8240), 240_000)).toEqual({
      trend: 'rising',
      fromBp: 7830,
      toBp: 8440,
    })
    expect(watched(119, () => 8000).describe(live(8000), 119_000)).toBeUndefined()
  })

  it('leave out what gives no score, and are silent while there is none', () => {
    const outlook = watched(400, (second) => (second > 100 && second < 200 ? undefined : 8000))
    expect(outlook.describe(live(8000), 400_000)?.trend).toBe('steady')
    expect(outlook.describe(live(undefined), 400_000)).toBeUndefined()
    expect(outlook.describe(undefined, 400_000)).toBeUndefined()
  })

  it('score a window only when one is due', () => {
    const outlook = watched(300, () => 8000)
    const early = (): never => {
      throw new Error('nothing is due yet')
    }
    outlook.look(early, 301_000)
    expect(outlook.describe(live(8000, 'camera'), 301_000)).toBeUndefined()
  })

  it('begin anew with another kind of sensor, or a clock that was set back', () => {
    const outlook = watched(300, () => 8000)
    outlook.look(() => live(8000, 'camera'), 331_000)
    expect(outlook.describe(live(8000, 'camera'), 331_000)).toBeUndefined()
    const back = watched(300, () => 8000)
    back.look(() => live(8000), 10_000)
    expect(back.describe(live(8000), 300_000)).toBeUndefined()
  })
})
