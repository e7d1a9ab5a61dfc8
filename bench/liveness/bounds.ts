/** What k of n says about a rate: the one-sided 95 % bound of Clopper and Pearson (LIVE-8). */

export interface Rate {
  readonly count: number
  readonly of: number
  readonly share: number
  /** With 95 % confidence the rate is no higher. 0 of n gives about 3 / n. */
  readonly upper95: number
}

const alpha = 0.05

export function rateOf(count: number, of: number): Rate {
  return { count, of, share: count / of, upper95: upperBound(count, of) }
}

/** The rate at which `count` or fewer of `of` come with a chance of 5 %. */
function upperBound(count: number, of: number): number {
  if (count >= of) return 1
  let low = 0
  let high = 1
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2
    if (chanceOfAtMost(count, of, middle) > alpha) low = middle
    else high = middle
  }
  return high
}

function chanceOfAtMost(count: number, of: number, rate: number): number {
  let logTerm = of * Math.log(1 - rate)
  let sum = Math.exp(logTerm)
  for (let hits = 1; hits <= count; hits += 1) {
    logTerm += Math.log((of - hits + 1) / hits) + Math.log(rate / (1 - rate))
    sum += Math.exp(logTerm)
  }
  return sum
}
