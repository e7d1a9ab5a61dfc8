/**
 * At most so many seats for one operator (COM-3): of the candidates in the order of the draw, those
 * above it stand behind all others, and are marked.
 *
 * A label says who runs a validator, and its operator countersigned it. Who has none is alone.
 */
import { hex } from '../base/bytes.ts'

export interface Limited<C> {
  readonly entry: C
  /** It serves only where the bound of COM-5 would not be reached without it. */
  readonly overLimit: boolean
}

export function limitOperators<C>(
  ordered: readonly C[],
  /** Empty for none. */
  operatorOf: (entry: C) => Uint8Array,
  limits: { readonly count: number; readonly seatsMax: number },
): readonly Limited<C>[] {
  const seatsOf = new Map<string, number>()
  const marked = ordered.map((entry) => {
    const operator = hex(operatorOf(entry))
    if (operator === '') return { entry, overLimit: false }
    const seats = (seatsOf.get(operator) ?? 0) + 1
    seatsOf.set(operator, seats)
    return { entry, overLimit: seats > limits.seatsMax }
  })
  const within = marked.filter(({ overLimit }) => !overLimit).slice(0, limits.count)
  const above = marked.filter(({ overLimit }) => overLimit)
  return [...within, ...above.slice(0, limits.count - within.length)]
}
