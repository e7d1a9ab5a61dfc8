/**
 * All ways to flip two-valued unknowns so that linear equations over the field still hold (ZK-8):
 * Σ kᵢ·sᵢ = 0 with sᵢ = 1 for a flipped one. Flipping nothing is always one of them.
 *
 * Each equation is scaled so that its weights are small integers; where they can still add up to a
 * multiple of the order, unknowns that stand for such multiples are added. Then bounds decide most
 * unknowns and the rest is tried (Davis, Logemann, Loveland 1962).
 */

import { fieldOrder } from '../../src/core/emotion/field.ts'
import { inverse, modulo } from './system.ts'

/** Weights by unknown; none is 0. */
export type Equation = ReadonlyMap<number, bigint>

export type Flips = ReadonlySet<number>

interface Weighted {
  readonly unknowns: readonly number[]
  readonly weights: readonly bigint[]
}

/** Undefined when there are more than `solutionsMax`, or it took more than `stepsMax` tries. */
export function allFlips(
  equations: readonly Equation[],
  stepsMax: number,
  solutionsMax = 256,
): readonly Flips[] | undefined {
  const places = new Map<number, number>()
  const place = (unknown: number): number => {
    const known = places.get(unknown)
    if (known !== undefined) return known
    places.set(unknown, places.size)
    return places.size - 1
  }
  const weighted = equations.map((equation) => scaled(equation, place))
  let multiples = 0
  const closed = weighted.map((each) => {
    const reach = each.weights.reduce((sum, weight) => sum + (weight < 0n ? -weight : weight), 0n)
    if (reach < fieldOrder) return each
    const count = Number(reach / fieldOrder)
    if (count > 64) return undefined
    const extra = Array.from({ length: 2 * count }, (_, index) => ({
      unknown: places.size + multiples + index,
      weight: index % 2 === 0 ? fieldOrder : -fieldOrder,
    }))
    multiples += extra.length
    return {
      unknowns: [...each.unknowns, ...extra.map(({ unknown }) => unknown)],
      weights: [...each.weights, ...extra.map(({ weight }) => weight)],
    }
  })
  if (closed.some((each) => each === undefined)) return undefined
  const search = new Search(
    closed.flatMap((each) => each ?? []),
    places.size + multiples,
    stepsMax,
    solutionsMax,
  )
  const found = search.run()
  const names = [...places.keys()]
  return found?.map((values) => new Set(names.filter((_, index) => values[index] === 1)))
}

/** By the one of its weights that makes the others smallest when it becomes 1. */
function scaled(equation: Equation, place: (unknown: number) => number): Weighted {
  const weights = [...equation.values()]
  let best: readonly bigint[] = []
  let least: bigint | undefined
  for (const unit of new Set(weights.slice(0, 300))) {
    const scale = inverse(unit)
    const tried = weights.map((weight) => centred(modulo(weight * scale)))
    const reach = tried.reduce((sum, weight) => sum + (weight < 0n ? -weight : weight), 0n)
    if (least === undefined || reach < least) [best, least] = [tried, reach]
    if (reach < fieldOrder / 2n) break
  }
  return { unknowns: [...equation.keys()].map(place), weights: best }
}

function centred(value: bigint): bigint {
  return value > fieldOrder / 2n ? value - fieldOrder : value
}

const open = 2

class Search {
  readonly #equations: readonly Weighted[]
  readonly #solutionsMax: number
  readonly #count: number
  readonly #order: readonly number[]
  readonly #found: Int8Array[] = []
  #stepsLeft: number

  constructor(
    equations: readonly Weighted[],
    count: number,
    stepsMax: number,
    solutionsMax: number,
  ) {
    this.#equations = equations
    this.#count = count
    this.#stepsLeft = stepsMax
    this.#solutionsMax = solutionsMax
    const size = new Map<number, bigint>()
    for (const { unknowns, weights } of equations) {
      for (const [at, unknown] of unknowns.entries()) {
        const weight = weights[at] ?? 0n
        const absolute = weight < 0n ? -weight : weight
        if (absolute > (size.get(unknown) ?? 0n)) size.set(unknown, absolute)
      }
    }
    this.#order = [...size.entries()]
      .sort(([, left], [, right]) => (left > right ? -1 : left < right ? 1 : 0))
      .map(([unknown]) => unknown)
  }

  run(): readonly Int8Array[] | undefined {
    return this.#try(new Int8Array(this.#count).fill(open)) ? this.#found : undefined
  }

  /** False: given up. */
  #try(values: Int8Array): boolean {
    this.#stepsLeft -= 1
    if (this.#stepsLeft < 0) return false
    if (!this.#bound(values)) return true
    const next = this.#order.find((unknown) => values[unknown] === open)
    if (next === undefined) {
      this.#found.push(values)
      return this.#found.length <= this.#solutionsMax
    }
    for (const value of [0, 1]) {
      const branch = values.slice()
      branch[next] = value
      if (!this.#try(branch)) return false
    }
    return true
  }

  /** Sets what has one value left; false when something has none. */
  #bound(values: Int8Array): boolean {
    for (let changed = true; changed;) {
      changed = false
      for (const equation of this.#equations) {
        const outcome = boundOne(equation, values)
        if (outcome === 'impossible') return false
        changed ||= outcome === 'changed'
      }
    }
    return true
  }
}

function boundOne(
  { unknowns, weights }: Weighted,
  values: Int8Array,
): 'impossible' | 'changed' | 'same' {
  let [low, high] = [0n, 0n]
  for (const [at, unknown] of unknowns.entries()) {
    const weight = weights[at] ?? 0n
    const value = values[unknown]
    if (value === 1 || (value === open && weight < 0n)) low += weight
    if (value === 1 || (value === open && weight > 0n)) high += weight
  }
  if (low > 0n || high < 0n) return 'impossible'
  let outcome: 'changed' | 'same' = 'same'
  for (const [at, unknown] of unknowns.entries()) {
    if (values[unknown] !== open) continue
    const weight = weights[at] ?? 0n
    const mustStay = weight > 0n ? low + weight > 0n : high + weight < 0n
    const mustFlip = weight > 0n ? high - weight < 0n : low - weight > 0n
    if (!mustStay && !mustFlip) continue
    if (mustStay && mustFlip) return 'impossible'
    values[unknown] = mustFlip ? 1 : 0
    // An open one stood in `low` if negative, in `high` if positive; now it stands in both or none.
    if (mustFlip && weight > 0n) low += weight
    if (mustFlip && weight < 0n) high += weight
    if (mustStay && weight > 0n) high -= weight
    if (mustStay && weight < 0n) low -= weight
    outcome = 'changed'
  }
  return outcome
}
