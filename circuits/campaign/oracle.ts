/**
 * The score and the bounds of a window, written a second time from docs/spec/emotion.md alone
 * (HRV-1, HRV-3, FIT-1, FIT-3): whole numbers of any size, tables from the logarithm that they
 * stand for. It shares no code with `src/core/emotion`, so that a mistake there is not made here as
 * well.
 */

export interface OracleWindow {
  readonly ticks: readonly number[]
  readonly marks: readonly boolean[]
  readonly firstOffsetTicks: number
}

export interface OracleBaseline {
  readonly restHrCentiBpm: number
  readonly hrSigmaCentiBpm: number
  readonly lnRmssdQ16: number
  readonly lnRmssdSigmaQ16: number
}

/** Whether clauses 1 and 3 of the statement hold. */
export function oracleAccepts({ ticks, marks, firstOffsetTicks }: OracleWindow): boolean {
  const end = ticks.reduce((total, tick) => total + tick, firstOffsetTicks)
  const missing = 60 * 1024 - end
  const isShape =
    ticks.length <= 128 &&
    ticks.every((tick) => tick >= 308 && tick <= 2048) &&
    firstOffsetTicks >= 0 &&
    firstOffsetTicks <= 2048 &&
    missing >= 0 &&
    missing <= 2048 &&
    marks.filter((mark) => mark).length <= 8
  return (
    isShape &&
    !isIrregular(ticks) &&
    pairsOf({ ticks, marks }).every(([left, right]) => {
      return 2 * Math.max(left, right) <= 3 * Math.min(left, right)
    })
  )
}

/** More than 15 % of the neighbours with more than a fifth of their mean between them. */
function isIrregular(ticks: readonly number[]): boolean {
  let [neighbours, jumps] = [0, 0]
  for (const [index, right] of ticks.entries()) {
    const left = ticks[index - 1]
    if (left === undefined) continue
    const mean = (left + right) / 2
    neighbours += 1
    if (5 * Math.abs(left - right) > mean) jumps += 1
  }
  return 100 * jumps > 15 * neighbours
}

/** What counts and what is left of a score behind a level, missed epoch by missed epoch. */
export function oracleFollowed(
  score: number,
  before: { readonly levelBp: number; readonly missed: number } | undefined,
): { readonly countedBp: number; readonly levelBp: number } {
  let level = before === undefined || before.missed > 93 ? 9400 : before.levelBp
  for (let epoch = 0; epoch < (before?.missed ?? 0); epoch += 1) {
    if (level > 9400) level = Math.max(9400, level - 100)
    else level = Math.min(9400, level + 100)
  }
  const countedBp = score > level + 1000 ? level + 1000 : score
  return { countedBp, levelBp: countedBp < level - 1000 ? level - 1000 : countedBp }
}

/** Basis points; undefined for a window without a pair, which has no score. */
export function oracleScore(
  window: Pick<OracleWindow, 'ticks' | 'marks'>,
  baseline: OracleBaseline,
  isCamera: boolean,
): number | undefined {
  const { ticks, marks } = window
  const pairs = pairsOf(window)
  if (pairs.length === 0) return undefined
  const unmarked = ticks.flatMap((tick, index) => {
    return marks[index] === true ? [] : [[BigInt(index), BigInt(tick)] as const]
  })
  const count = BigInt(unmarked.length)
  const total = sum(unmarked.map(([, tick]) => tick))
  const squares = sum(pairs.map(([left, right]) => BigInt((left - right) ** 2)))

  const hr = (6_144_000n * count) / total
  const ln = halfLog(1n + (256n * squares) / BigInt(pairs.length))
  const [sigmaHr, sigmaLn] = [BigInt(baseline.hrSigmaCentiBpm), BigInt(baseline.lnRmssdSigmaQ16)]
  const zHr = deviation(BigInt(baseline.restHrCentiBpm) - hr, sigmaHr)
  const zLn = deviation(ln - BigInt(baseline.lnRmssdQ16), sigmaLn)
  const z2 = isCamera ? 2n * zHr : zHr + zLn
  const lines = [7n * z2 + 420_000n, 4n * z2 + 360_000n, 2n * z2 + 360_000n]
  const calm = lines.reduce((least, line) => (line < least ? line : least)) / 40n

  const indices = sum(unmarked.map(([index]) => index))
  const slope = count * sum(unmarked.map(([index, tick]) => index * tick)) - indices * total
  const spread = count * sum(unmarked.map(([index]) => index * index)) - indices * indices
  const drift =
    (10_000n * (slope < 0n ? -slope : slope) * BigInt(ticks.length) * count) / (spread * total)
  const stability = 10_000n - 5n * (drift > 2000n ? 2000n : drift)
  const coverage = (625n * total) / 3840n
  return Number((6n * calm + 3n * stability + coverage) / 10n)
}

function deviation(difference: bigint, sigma: bigint): bigint {
  const most = 40_000n * sigma
  const shifted = 10_000n * difference + 30_000n * sigma
  return (shifted < 0n ? 0n : shifted > most ? most : shifted) / sigma - 30_000n
}

/** Neighbours that are both unmarked. */
function pairsOf({
  ticks,
  marks,
}: Pick<OracleWindow, 'ticks' | 'marks'>): readonly (readonly [number, number])[] {
  return ticks.flatMap((right, index) => {
    const left = ticks[index - 1]
    const isPair = left !== undefined && marks[index - 1] !== true && marks[index] !== true
    return isPair ? [[left, right] as const] : []
  })
}

/** 65536·½·ln of a whole number below 2^27, by the rule of FIT-4: 64 steps, straight between. */
function halfLog(value: bigint): bigint {
  const exponent = value.toString(2).length - 1
  const mantissa = value << BigInt(26 - exponent)
  const step = Number((mantissa >> 20n) & 63n)
  const fraction = mantissa & 0xf_ffffn
  const entry = (at: number): bigint => BigInt(Math.round(32_768 * Math.log(1 + at / 64)))
  const octave = BigInt(Math.round(32_768 * exponent * Math.log(2)))
  return octave + entry(step) + (((entry(step + 1) - entry(step)) * fraction) >> 20n)
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n)
}
