/**
 * How much each beat looks like the typical one: the correlation of its stretch of signal with a
 * template, the mean of the beats that are most alike. After Orphanidou et al., "Signal-quality
 * indices for the electrocardiogram and photoplethysmogram", IEEE JBHI 19 (2015).
 *
 * Deviation: the template is made twice, the second time of the better half only, so that a burst
 * of motion does not shape it.
 */

export interface Reach {
  /** Samples before and after the beat that belong to its shape. */
  readonly before: number
  readonly after: number
}

/** Positions in samples, between samples too. Undefined where the signal ends inside the shape. */
export function likenessOf(
  signal: Float64Array,
  positions: readonly number[],
  reach: Reach,
): readonly (number | undefined)[] {
  const shapes = positions.map((position) => shapeAt(signal, position, reach))
  const whole = shapes.filter((shape) => shape !== undefined)
  const first = typicalShape(whole)
  if (first === undefined) return positions.map(() => undefined)
  const scores = whole.map((shape) => product(shape, first))
  const middle = [...scores].sort((one, other) => one - other)[scores.length >> 1] ?? 0
  const template = typicalShape(whole.filter((_, index) => (scores[index] ?? 0) >= middle))
  return shapes.map((shape) =>
    shape === undefined || template === undefined ? undefined : product(shape, template),
  )
}

/** Freed of its mean and of length one; undefined at the ends and where nothing moves. */
function shapeAt(
  signal: Float64Array,
  position: number,
  { before, after }: Reach,
): Float64Array | undefined {
  const from = Math.floor(position)
  const share = position - from
  if (from - before < 0 || from + after + 1 >= signal.length) return undefined
  const shape = Float64Array.from({ length: before + after + 1 }, (_, index) => {
    const left = signal[from - before + index] ?? 0
    return left + share * ((signal[from - before + index + 1] ?? 0) - left)
  })
  return normalised(shape)
}

function typicalShape(shapes: readonly Float64Array[]): Float64Array | undefined {
  const first = shapes[0]
  if (first === undefined) return undefined
  const sum = new Float64Array(first.length)
  for (const shape of shapes) {
    for (const [index, value] of shape.entries()) sum[index] = (sum[index] ?? 0) + value
  }
  return normalised(sum)
}

function normalised(shape: Float64Array): Float64Array | undefined {
  const mean = shape.reduce((sum, value) => sum + value, 0) / shape.length
  const centred = shape.map((value) => value - mean)
  const length = Math.sqrt(centred.reduce((sum, value) => sum + value * value, 0))
  return length > 0 ? centred.map((value) => value / length) : undefined
}

function product(one: Float64Array, other: Float64Array): number {
  return one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0)
}
