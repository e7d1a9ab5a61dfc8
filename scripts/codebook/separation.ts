/**
 * How much alike two codewords are (LIVE-1): the largest share of the variance of a response to
 * one that the other explains, whatever the phase of the response, with the second shifted by up
 * to 4 s. Responses are taken as sines of the breath, detrended as the detector does.
 *
 * Floating point, but only + − × ÷ and √, which IEEE 754 rounds the same in every engine.
 */

import { phasesAt, type Codeword } from '../../src/core/liveness/codeword.ts'
import { cosineOf, sineOf } from '../../src/core/liveness/cosine.ts'
import { ticksPerSecond } from '../../src/core/emotion/window.ts'

const samplesPerSecond = 4
const sampleTicks = ticksPerSecond / samplesPerSecond
const lagStepTicks = ticksPerSecond / 2
const lagSteps = 8

type Pair = readonly [Float64Array, Float64Array]

export interface Spans {
  readonly own: Pair
  /** At each lag from −4 s to 4 s; made when first asked for: most draws need only `own`. */
  readonly lagged: () => readonly Pair[]
}

export function spansOf(codeword: Codeword, seconds: number): Spans {
  const trend = trendOf(seconds * samplesPerSecond)
  const at = (lagTicks: number): Pair => {
    const times = Array.from(
      { length: seconds * samplesPerSecond },
      (_, index) => index * sampleTicks + sampleTicks / 2 - lagTicks,
    )
    const phases = phasesAt(codeword, times)
    const cosine = orthonormal(Float64Array.from(phases, cosineOf), trend)
    return [cosine, orthonormal(Float64Array.from(phases, sineOf), [...trend, cosine])]
  }
  const lags = Array.from({ length: 2 * lagSteps + 1 }, (_, index) => index - lagSteps)
  let made: readonly Pair[] | undefined
  const lagged = (): readonly Pair[] => (made ??= lags.map((lag) => at(lag * lagStepTicks)))
  return { own: at(0), lagged }
}

/** The largest R² of a response to `left` at any phase, explained by `right` at any lag. */
export function mutualR2(left: Spans, right: Spans): number {
  return Math.max(...right.lagged().map((lagged) => canonicalR2(left.own, lagged)))
}

/** Whether `mutualR2` of the two, in this order, is below `bound`. */
export function isSeparate(left: Spans, right: Spans, bound: number): boolean {
  return right.lagged().every((lagged) => canonicalR2(left.own, lagged) < bound)
}

/** The square of the largest canonical correlation of two planes. */
function canonicalR2([c, s]: Pair, [u, v]: Pair): number {
  const [cu, cv, su, sv] = [dot(c, u), dot(c, v), dot(s, u), dot(s, v)]
  const trace = cu * cu + cv * cv + su * su + sv * sv
  const determinant = cu * sv - cv * su
  const spread = Math.max(0, trace * trace - 4 * determinant * determinant)
  return (trace + Math.sqrt(spread)) / 2
}

/** Mean, line and parabola, orthonormal. */
function trendOf(length: number): readonly Float64Array[] {
  const trend: Float64Array[] = []
  const centred = Float64Array.from({ length }, (_, index) => 2 * index + 1 - length)
  trend.push(orthonormal(new Float64Array(length).fill(1), trend))
  trend.push(orthonormal(centred, trend))
  trend.push(
    orthonormal(
      centred.map((value) => value * value),
      trend,
    ),
  )
  return trend
}

/** Gram and Schmidt, twice, which is enough for full precision. */
function orthonormal(values: Float64Array, to: readonly Float64Array[]): Float64Array {
  const rest = Float64Array.from(values)
  for (let pass = 0; pass < 2; pass += 1) {
    for (const base of to) {
      const share = dot(base, rest)
      for (let index = 0; index < rest.length; index += 1) {
        rest[index] = (rest[index] ?? 0) - share * (base[index] ?? 0)
      }
    }
  }
  const norm = Math.sqrt(dot(rest, rest))
  return rest.map((value) => value / norm)
}

function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0
  for (let index = 0; index < left.length; index += 1) {
    sum += (left[index] ?? 0) * (right[index] ?? 0)
  }
  return sum
}
