/** The scores of the last minutes at this device, half a minute apart, for its outlook (FIT-5). */
import {
  outlookOf,
  sampleEveryMs,
  trendMs,
  type Outlook,
  type ScoreSample,
} from '../../core/emotion/outlook.ts'
import type { SensorSummary } from '../api.ts'

export class ScoreOutlook {
  #samples: readonly ScoreSample[] = []
  #provenance: SensorSummary['provenance'] | undefined

  /** Now and then; a window without a score is left out, another kind of sensor begins anew. */
  look(sensor: SensorSummary | undefined, nowMs: number): void {
    if (sensor === undefined) return
    if (sensor.provenance !== this.#provenance) this.#samples = []
    this.#provenance = sensor.provenance
    const lastMs = this.#samples.at(-1)?.atMs
    // A clock that was set back begins anew, too.
    if (lastMs !== undefined && lastMs > nowMs) this.#samples = []
    const isDue = lastMs === undefined || lastMs > nowMs || nowMs - lastMs >= sampleEveryMs
    if (!isDue || sensor.score === undefined) return
    const kept = this.#samples.filter(({ atMs }) => atMs > nowMs - trendMs)
    this.#samples = [...kept, { atMs: nowMs, scoreBp: sensor.score }]
  }

  /** Of a sensor that gives a score now. */
  describe(sensor: SensorSummary | undefined, nowMs: number): Outlook | undefined {
    return sensor?.score === undefined ? undefined : outlookOf(this.#samples, nowMs)
  }
}
