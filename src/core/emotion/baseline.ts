/**
 * The validator's own resting baseline: data and bounds (FIT-2).
 *
 * It never leaves the device (PRIV-3): the chain sees its salted commitment (`commitments.ts`).
 */

export interface Baseline {
  /** 0.01 bpm. */
  readonly restHrCentiBpm: number
  readonly hrSigmaCentiBpm: number
  /** 65536·ln of the RMSSD in 1/16 ticks. */
  readonly lnRmssdQ16: number
  readonly lnRmssdSigmaQ16: number
}

/** Checked in the circuit. A wide deviation would make every moment look like rest: hence a cap. */
export const baselineBounds = {
  restHrCentiBpm: [3000, 11_000],
  hrSigmaCentiBpm: [300, 600],
  lnRmssdQ16: [196_608, 589_824],
  lnRmssdSigmaQ16: [16_384, 32_768],
} as const satisfies Record<keyof Baseline, readonly [number, number]>

export function isBaseline(baseline: Baseline): boolean {
  return fieldOutOfBounds(baseline) === undefined
}

/** The first field that the circuit would refuse. */
export function fieldOutOfBounds(baseline: Baseline): keyof Baseline | undefined {
  const fields = ['restHrCentiBpm', 'hrSigmaCentiBpm', 'lnRmssdQ16', 'lnRmssdSigmaQ16'] as const
  return fields.find((field) => {
    const [least, most] = baselineBounds[field]
    const value = baseline[field]
    return !Number.isInteger(value) || value < least || value > most
  })
}
