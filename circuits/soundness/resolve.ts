/**
 * Whether the inputs of a witness leave another one (ZK-8): every wire but the inputs is unknown,
 * and is solved again, all of them at once.
 *
 * Unknowns are deviations from the witness: 0 is the witness itself. A constraint in which one wire
 * deviates leaves 0 alone, or 0 and a second value; one whose two factors deviate alike leaves two
 * values of that combination. A constraint with a factor that does not deviate is linear. Linear
 * ones are solved for the wires that may take any value, and what is left over two-valued ones goes
 * to `flips.ts`, group by group. Those that change only together become one unknown, and a product
 * of two of its multiples is linear: so a number with two forms in bits is followed through what is
 * computed of the bits to the check that refuses one of them.
 *
 * A wire that is not named in the outcome has no second value: that is a proof, for these inputs.
 */

import type { Constraint, Term } from '../setup/r1cs.ts'
import { Deviations, type Loose, type Row } from './deviations.ts'
import { inverse, modulo, valueOf, type System } from './system.ts'

export function looseWires(system: System): readonly Loose[] {
  return new Resolver(system).run()
}

interface Sides {
  readonly a: Row
  readonly b: Row
  readonly c: Row
  readonly aValue: bigint
  readonly bValue: bigint
}

class Resolver {
  readonly #system: System
  readonly #deviations: Deviations
  readonly #users: (number[] | undefined)[] = []
  /** Unknown wires of A and of B, by constraint. */
  readonly #unknownA: number[] = []
  readonly #unknownB: number[] = []
  readonly #isDone: boolean[] = []
  readonly #queue: number[] = []

  constructor(system: System) {
    this.#system = system
    const { signalCount, outputCount, publicCount, privateCount, constraints } = system.r1cs
    this.#deviations = new Deviations(
      signalCount,
      (wire) => this.#onKnown(wire),
      (wire) => this.#queue.push(...(this.#users[wire] ?? [])),
    )
    for (const [index, [a, b, c]] of constraints.entries()) {
      this.#unknownA.push(0)
      this.#unknownB.push(0)
      for (const [terms, counts] of [
        [a, this.#unknownA],
        [b, this.#unknownB],
        [c, undefined],
      ] as const) {
        for (const { signal } of terms) {
          const users = (this.#users[signal] ??= [])
          if (users.at(-1) !== index) users.push(index)
          if (counts !== undefined) counts[index] = (counts[index] ?? 0) + 1
        }
      }
    }
    const inputs = Array.from(
      { length: publicCount - outputCount + privateCount },
      (_, at) => outputCount + 1 + at,
    )
    for (const wire of [0, ...inputs]) this.#deviations.setKnown(wire)
    this.#deviations.settle()
  }

  run(): readonly Loose[] {
    const { constraints } = this.#system.r1cs
    for (const index of constraints.keys()) this.#look(index, 'single')
    for (const index of constraints.keys()) this.#look(index, 'any')
    for (const kind of ['any', 'last'] as const) {
      if (kind === 'last') for (const index of constraints.keys()) this.#look(index, kind)
      do this.#drain()
      while (this.#deviations.solveGroups())
    }
    return this.#deviations.loose()
  }

  #drain(): void {
    this.#deviations.settle()
    for (let index = this.#queue.pop(); index !== undefined; index = this.#queue.pop()) {
      this.#look(index, 'any')
      this.#deviations.settle()
    }
  }

  #onKnown(wire: number): void {
    for (const index of this.#users[wire] ?? []) {
      const [a, b, c] = this.#system.r1cs.constraints[index] ?? []
      const has = (terms: readonly Term[] = []): boolean =>
        terms.some(({ signal }) => signal === wire)
      if (has(a)) this.#unknownA[index] = (this.#unknownA[index] ?? 0) - 1
      if (has(b)) this.#unknownB[index] = (this.#unknownB[index] ?? 0) - 1
      const isLinear = this.#unknownA[index] === 0 || this.#unknownB[index] === 0
      if (isLinear || (has(c) && (c?.length ?? 0) < 4) || (this.#unknownA[index] ?? 0) < 3) {
        this.#queue.push(index)
      }
    }
  }

  /** Takes from a constraint what it says by itself. */
  #look(index: number, kind: 'single' | 'any' | 'last'): void {
    const constraint = this.#system.r1cs.constraints[index]
    if (constraint === undefined || this.#isDone[index] === true) return
    const sides = this.#sidesOf(constraint)
    const { a, b, c, aValue, bValue } = sides
    const square = this.#squareOf(sides)
    if (a.size === 0 || b.size === 0 || square !== undefined) {
      if (kind === 'single' && new Set([...a.keys(), ...b.keys(), ...c.keys()]).size > 1) return
      const row: Row = new Map()
      addRow(row, a, bValue)
      addRow(row, b, aValue)
      addRow(row, c, -1n)
      addRow(row, square ?? new Map<number, bigint>(), 1n)
      // Two wires of any value say nothing of one another yet: what follows them is solved first.
      const free = [...row.keys()].filter(
        (unknown) => this.#deviations.secondOf(unknown) === undefined,
      )
      if (free.length > 1 && kind !== 'last') return
      this.#isDone[index] = true
      this.#deviations.addEquation(row)
      return
    }
    this.#isDone[index] = kind === 'single' && a.size > 1 ? false : this.#twoValued(sides)
  }

  /**
   * Both factors deviate by multiples of one two-valued unknown δ, α·δ and β·δ: the product αβ·δ²
   * of the two is linear in it, since δ is 0 or d and δ² = d·δ.
   */
  #squareOf({ a, b }: Sides): Row | undefined {
    const [[unknown, alpha] = [], [other, beta] = []] = [[...a][0], [...b][0]]
    if (a.size !== 1 || b.size !== 1 || unknown === undefined || unknown !== other) return undefined
    const second = this.#deviations.secondOf(unknown)
    if (second === undefined || alpha === undefined || beta === undefined) return undefined
    return new Map([[unknown, modulo(alpha * beta * second)]])
  }

  /**
   * Both factors deviate. When A, B and C deviate by α, κ·α and μ·α, then
   * (a + α)(b + κα) = c + μα: α is 0 or μ/κ − a − b/κ.
   */
  #twoValued({ a, b, c, aValue, bValue }: Sides): boolean {
    const kappa = ratio(b, a)
    const mu = c.size === 0 ? 0n : ratio(c, a)
    if (kappa === undefined || mu === undefined) return false
    const other = modulo((mu - bValue) * inverse(kappa) - aValue)
    if (other === 0n) this.#deviations.addEquation(a)
    else this.#deviations.addTwoValued(a, other)
    return true
  }

  #sidesOf([a, b, c]: Constraint): Sides {
    const { witness } = this.#system
    return {
      a: this.#deviations.rowOf(a),
      b: this.#deviations.rowOf(b),
      c: this.#deviations.rowOf(c),
      aValue: valueOf(a, witness),
      bValue: valueOf(b, witness),
    }
  }
}

function addRow(target: Row, row: Row, factor: bigint): void {
  for (const [unknown, coefficient] of row) {
    const value = modulo((target.get(unknown) ?? 0n) + coefficient * factor)
    if (value === 0n) target.delete(unknown)
    else target.set(unknown, value)
  }
}

/** k with row = k · base; undefined when there is none. */
function ratio(row: Row, base: Row): bigint | undefined {
  if (row.size !== base.size) return undefined
  let factor: bigint | undefined
  for (const [unknown, coefficient] of row) {
    const below = base.get(unknown)
    if (below === undefined) return undefined
    factor ??= modulo(coefficient * inverse(below))
    if (modulo(factor * below - coefficient) !== 0n) return undefined
  }
  return factor
}
