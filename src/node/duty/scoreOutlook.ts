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

  /**
   * Now and then; the window is scored when one is due. One without a score is left out, another
   * kind of sensor begins anew.
   */
  look(measure: () => SensorSummary | undefined, nowMs: number): void {
    const lastMs = this.#samples.at(-1)?.atMs
    // A clock that was set back begins anew, too.
    if (lastMs !== undefined && lastMs > nowMs) this.#samples = []
    else if (lastMs !== undefined && nowMs - lastMs < sampleEveryMs) return
    const sensor = measure()
    if (sensor?.score === undefined) return
    const isSame = sensor.provenance === this.#provenance
    const kept = isSame ? this.#samples.filter(({ atMs }) => atMs > nowMs - trendMs) : []
    this.#provenance = sensor.provenance
    this.#samples = [...kept, { atMs: nowMs, scoreBp: sensor.score }]
  }

  /** Of a sensor that gives a score now. */
  describe(sensor: SensorSummary | undefined, nowMs: number): Outlook | undefined {
    const isSame = sensor?.provenance === this.#provenance
    return sensor?.score === undefined || !isSame ? undefined : outlookOf(this.#samples, nowMs)
  }
}
