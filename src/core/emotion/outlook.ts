/**
 * Where the score is going, and where the next proof's will lie, for whoever sits there (FIT-5):
 * from windows that end every half minute. For display: nothing on the chain depends on it.
 *
 * The range of the last windows, a little wider, and no line drawn on: on recordings a line through
 * the last windows foretells worse than their middle does (`npm run bench -- emotion`).
 */

export interface ScoreSample {
  /** End of the window. */
  readonly atMs: number
  /** 0..10000. */
  readonly scoreBp: number
}

export interface Outlook {
  readonly trend: 'rising' | 'falling' | 'steady'
  /** Where a window that begins now will lie: 0..10000. */
  readonly fromBp: number
  readonly toBp: number
}

export const sampleEveryMs = 30_000
/** Windows of the range, and how far it is widened, basis points. */
const rangeSamples = 8
const samplesMin = 5
const widenedBp = 200
/** Of the trend. */
export const trendMs = 600_000

/** Ascending. Undefined while there are under five windows in ten minutes. */
export function outlookOf(samples: readonly ScoreSample[], nowMs: number): Outlook | undefined {
  const recent = samples.filter(({ atMs }) => atMs > nowMs - trendMs && atMs <= nowMs)
  if (recent.length < samplesMin) return undefined
  const scores = recent.slice(-rangeSamples).map(({ scoreBp }) => scoreBp)
  return {
    trend: trendOf(recent),
    fromBp: Math.max(0, Math.min(...scores) - widenedBp),
    toBp: Math.min(10_000, Math.max(...scores) + widenedBp),
  }
}

/**
 * The test of Mann (1945) and Kendall over every second window, which share no beat, at 10 % on
 * both sides: what is no trend is called steady. With 18 times the variance n(n − 1)(2n + 5) and
 * 1.645² = 2.706, in whole numbers.
 */
function trendOf(samples: readonly ScoreSample[]): Outlook['trend'] {
  const apart = samples.filter((_sample, index) => (samples.length - 1 - index) % 2 === 0)
  const count = apart.length
  const sum = apart.reduce(
    (total, later, index) =>
      apart
        .slice(0, index)
        .reduce((part, earlier) => part + Math.sign(later.scoreBp - earlier.scoreBp), total),
    0,
  )
  const excess = Math.abs(sum) - 1
  const variance18 = count * (count - 1) * (2 * count + 5)
  const isTrend = excess > 0 && 18_000 * excess * excess >= 2_706 * variance18
  if (!isTrend) return 'steady'
  return sum > 0 ? 'rising' : 'falling'
}
