/** Means and deviations of stretches of a signal. */

export function mean(values: Float64Array, from = 0, to = values.length): number {
  let sum = 0
  for (let index = from; index < to; index += 1) sum += values[index] ?? 0
  return to > from ? sum / (to - from) : 0
}

export function deviation(values: Float64Array, from = 0, to = values.length): number {
  const centre = mean(values, from, to)
  let sum = 0
  for (let index = from; index < to; index += 1) sum += ((values[index] ?? 0) - centre) ** 2
  return to > from ? Math.sqrt(sum / (to - from)) : 0
}
