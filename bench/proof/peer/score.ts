/** Clause 4 in o1js: `circuits/lib/score.circom` and `ln_sqrt.circom`, equal to the last bit. */

import { lnExponentTable, lnMantissaTable } from '../../../src/core/emotion/lnSqrt.ts'
import type { Integers } from './integers.ts'
import type { Bit, Field } from './o1js.ts'
import type { WindowSums } from './window.ts'

export interface BaselineInput {
  readonly restHrCentiBpm: Field
  readonly hrSigmaCentiBpm: Field
  readonly lnRmssdQ16: Field
  readonly lnRmssdSigmaQ16: Field
}

export function stateScore(
  integers: Integers,
  sums: WindowSums,
  baseline: BaselineInput,
  isCamera: Field,
): Field {
  const { restHrCentiBpm, hrSigmaCentiBpm, lnRmssdQ16, lnRmssdSigmaQ16 } = baseline
  integers.inRange(restHrCentiBpm, 3000, 11_000)
  integers.inRange(hrSigmaCentiBpm, 300, 600)
  integers.inRange(lnRmssdQ16, 196_608, 589_824)
  integers.inRange(lnRmssdSigmaQ16, 16_384, 32_768)

  const rate = sums.unmarkedCount.mul(6_144_000).seal()
  const hr = integers.quotient(rate, sums.unmarkedTicks, 32_767, 16)
  const hrZ = zScore(integers, restHrCentiBpm.sub(hr), hrSigmaCentiBpm, 29, 10)
  const squares = sums.pairSquares.mul(256).seal()
  const meanSquare = integers.quotient(squares, sums.pairCount, 2 ** 27 - 2, 7)
  const ln = lnSqrt(integers, meanSquare.add(1).seal())
  const lnZ = zScore(integers, ln.sub(lnRmssdQ16), lnRmssdSigmaQ16, 34, 16)

  const z2 = hrZ.add(integers.select(isCamera, hrZ, lnZ)).seal()
  const isBelowMinusOne = integers.isNonNegative(z2.mul(-1).sub(20_001), 17)
  const isBelowZero = integers.isNonNegative(z2.mul(-1).sub(1), 17)
  const upper = z2
    .mul(2)
    .add(360_000)
    .add(isBelowZero.mul(z2.mul(2)))
  const lowest = upper.add(isBelowMinusOne.mul(z2.mul(3).add(60_000))).seal()
  const calm = integers.quotient(lowest, integers.constant(40), 10_000, 6)
  const stability = stateStability(integers, sums)
  const share = sums.unmarkedTicks.mul(625).seal()
  const coverage = integers.quotient(share, integers.constant(3840), 10_000, 12)
  const total = calm.mul(6).add(stability.mul(3)).add(coverage).seal()
  return integers.quotient(total, integers.constant(10), 10_000, 4)
}

function zScore(
  integers: Integers,
  difference: Field,
  sigma: Field,
  numeratorBits: number,
  sigmaBits: number,
): Field {
  const numerator = difference.mul(10_000).add(sigma.mul(30_000)).seal()
  return integers.clampedQuotient(numerator, numeratorBits, sigma, 40_000, sigmaBits).sub(30_000)
}

function stateStability(integers: Integers, sums: WindowSums): Field {
  const { beatCount, unmarkedCount, unmarkedTicks, indexSum, indexSquares, indexTicks } = sums
  const covariance = unmarkedCount.mul(indexTicks).sub(indexSum.mul(unmarkedTicks)).seal()
  const variance = unmarkedCount.mul(indexSquares).sub(indexSum.mul(indexSum)).seal()
  const isPositive = integers.isNonNegative(covariance, 30)
  const magnitude = covariance.mul(isPositive.mul(2).sub(1))
  const numerator = magnitude.mul(beatCount.mul(unmarkedCount)).mul(10_000).seal()
  const divisor = variance.mul(unmarkedTicks).seal()
  const drift = integers.clampedQuotient(numerator, 58, divisor, 2000, 43)
  return drift.mul(-5).add(10_000)
}

function lnSqrt(integers: Integers, value: Field): Field {
  const bits = value.toBits(27).map((bit) => bit.toField())
  // clear: no bit at or above is set.
  let clear = integers.constant(1)
  const scales: Field[] = []
  const exponents: Field[] = []
  for (let index = 26; index >= 0; index -= 1) {
    const next = clear.mul(integers.constant(1).sub(bits[index] ?? 0)).seal()
    const isLeading = clear.sub(next).seal()
    scales.push(isLeading.mul(1 << (26 - index)))
    exponents.push(isLeading.mul(lnExponentTable[index] ?? 0))
    clear = next
  }
  clear.assertEquals(0)
  const mantissa = value.mul(integers.sum(scales))
  const parts = mantissa
    .sub(1 << 26)
    .seal()
    .toBits(26)
  const fraction = integers.sum(parts.slice(0, 20).map((bit, at) => bit.toField().mul(1 << at)))
  const [low, high] = [oneHot(integers, parts.slice(20, 23)), oneHot(integers, parts.slice(23))]
  const look = (entry: (step: number) => number): Field =>
    integers.sum(
      high.map((row, i) =>
        row.mul(integers.sum(low.map((column, j) => column.mul(entry(8 * i + j))))),
      ),
    )
  const knot = (step: number): number => lnMantissaTable[step] ?? 0
  const start = look(knot)
  const slope = look((step) => knot(step + 1) - knot(step))
  const rise = slope.mul(fraction).seal()
  const whole = integers.quotient(rise, integers.constant(1 << 20), 511, 20)
  return integers.sum([...exponents, start, whole])
}

/** Eight fields of which one is 1: that of three bits, lowest first. */
function oneHot(integers: Integers, bits: readonly Bit[]): readonly Field[] {
  const [first, second, third] = bits.map((bit) => bit.toField()) as [Field, Field, Field]
  const both = first.mul(second)
  const none = integers.constant(1).sub(first).sub(second).add(both)
  const quarters = [none, first.sub(both), second.sub(both), both].map((field) => field.seal())
  const upper = quarters.map((quarter) => quarter.mul(third))
  const lower = quarters.map((quarter, index) => quarter.sub(upper[index] ?? 0).seal())
  return [...lower, ...upper]
}
