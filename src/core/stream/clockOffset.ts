/**
 * How far the clock of the phone is ahead of this one (SENS-6), from probes and their answers as in
 * NTP (RFC 5905, section 8): of the newest ones that with the shortest way counts, and its error is
 * at most half of that way.
 */

import { streamLimits } from './limits.ts'

const samplesMax = 16
/** Timers and the grain of clocks. */
const toleranceUs = 20_000

/** Unix times in µs: `sent` and `back` by this clock, `received` and `answered` by the phone's. */
export interface ProbeTimes {
  readonly sentUs: number
  readonly receivedUs: number
  readonly answeredUs: number
  readonly backUs: number
}

interface Sample {
  readonly offsetUs: number
  readonly delayUs: number
}

export class ClockOffset {
  #samples: Sample[] = []

  /** `undefined` before the first answer. */
  get known(): { readonly offsetUs: number; readonly errorUs: number } | undefined {
    const best = this.#best()
    return best && { offsetUs: best.offsetUs, errorUs: Math.ceil(best.delayUs / 2) }
  }

  /** `stepped`: one of the clocks was set, and what was known is forgotten. */
  take({ sentUs, receivedUs, answeredUs, backUs }: ProbeTimes): 'taken' | 'refused' | 'stepped' {
    const delayUs = backUs - sentUs - (answeredUs - receivedUs)
    const isOrdered = backUs >= sentUs && answeredUs >= receivedUs
    if (!isOrdered || delayUs < 0 || delayUs > streamLimits.probeDelayUsMax) return 'refused'
    const sample = {
      offsetUs: Math.floor((receivedUs - sentUs + (answeredUs - backUs)) / 2),
      delayUs,
    }
    const best = this.#best()
    const isStep = best !== undefined && !agree(best, sample)
    if (isStep) this.#samples = []
    this.#samples.push(sample)
    if (this.#samples.length > samplesMax) this.#samples.shift()
    return isStep ? 'stepped' : 'taken'
  }

  #best(): Sample | undefined {
    let best: Sample | undefined
    for (const sample of this.#samples) {
      if (best === undefined || sample.delayUs <= best.delayUs) best = sample
    }
    return best
  }
}

/** Whether one offset is within the errors of both. */
function agree(left: Sample, right: Sample): boolean {
  const apartUs = Math.abs(left.offsetUs - right.offsetUs)
  return 2 * apartUs <= left.delayUs + right.delayUs + 2 * toleranceUs
}
