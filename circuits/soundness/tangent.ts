/**
 * Directions in which a witness can move (ZK-8): the kernel of the constraints' derivative at the
 * witness, over the field. (A·w)(B·w) = C·w becomes (A·w)·B·δ + (B·w)·A·δ = C·δ for the wires that
 * may move. A kernel of 0 says that no other witness lies on a curve through this one: a hint, an
 * output or an input that nothing holds shows here. It says nothing about witnesses apart from it,
 * such as the other value of a bit: that is `resolve.ts`.
 */

import { fieldOrder } from '../../src/core/emotion/field.ts'
import type { Term } from '../setup/r1cs.ts'
import { inverse, modulo, valueOf, type System } from './system.ts'

/** Coefficients by wire. */
type Row = Map<number, bigint>

/** Wires that can move, with those in `held`, the constant and public ones held in place. */
export function movingWires(system: System, held: ReadonlySet<number>): readonly number[] {
  const { r1cs } = system
  const mayMove = (wire: number): boolean => wire > r1cs.publicCount && !held.has(wire)
  const matrix = new Elimination(derivativeRows(system, mayMove))
  const solved = matrix.run()
  const pivots = new Set(solved.map(({ pivot }) => pivot))
  const delta = new Map<number, bigint>()
  let seed = 1n
  for (let wire = r1cs.publicCount + 1; wire < r1cs.signalCount; wire += 1) {
    if (held.has(wire) || pivots.has(wire)) continue
    // A vector of the kernel in general position: fixed numbers without a pattern.
    seed = modulo(seed * 0x9e3779b97f4a7c15f39cc0605cedc835n + 0x2545f4914f6cdd1dn)
    delta.set(wire, seed)
  }
  if (delta.size === 0) return []
  for (const { pivot, rest } of solved.toReversed()) {
    let sum = 0n
    for (const [wire, coefficient] of rest) sum += coefficient * (delta.get(wire) ?? 0n)
    if (modulo(sum) !== 0n) delta.set(pivot, modulo(-sum))
  }
  return [...delta.keys()].sort((left, right) => left - right)
}

function derivativeRows({ r1cs, witness }: System, mayMove: (wire: number) => boolean): Row[] {
  return r1cs.constraints.map(([a, b, c]) => {
    const row: Row = new Map()
    const add = (terms: readonly Term[], factor: bigint): void => {
      if (factor === 0n) return
      for (const { signal, coefficient } of terms) {
        if (!mayMove(signal)) continue
        row.set(signal, ((row.get(signal) ?? 0n) + coefficient * factor) % fieldOrder)
      }
    }
    add(a, valueOf(b, witness))
    add(b, valueOf(a, witness))
    add(c, fieldOrder - 1n)
    for (const [wire, coefficient] of row) if (coefficient === 0n) row.delete(wire)
    return row
  })
}

interface Solved {
  readonly pivot: number
  /** The pivot is minus the sum of these. */
  readonly rest: Row
}

/** Gauss on sparse rows, the shortest row first; rows of one wire go first of all. */
class Elimination {
  readonly #rows: (Row | undefined)[]
  readonly #users = new Map<number, Set<number>>()
  readonly #byLength: number[][] = []

  constructor(rows: readonly Row[]) {
    this.#rows = [...rows]
    for (const [index, row] of rows.entries()) {
      for (const wire of row.keys()) this.#use(wire, index)
      this.#queue(index, row.size)
    }
  }

  run(): readonly Solved[] {
    const solved: Solved[] = []
    for (let index = this.#next(); index !== undefined; index = this.#next()) {
      solved.push(this.#eliminate(index, this.#rows[index] ?? new Map<number, bigint>()))
    }
    return solved
  }

  #eliminate(index: number, row: Row): Solved {
    // The wire that the fewest other rows have.
    let [pivot, fewest] = [-1, Infinity]
    for (const wire of row.keys()) {
      const count = this.#users.get(wire)?.size ?? 0
      if (count < fewest) [pivot, fewest] = [wire, count]
    }
    const scale = inverse(row.get(pivot) ?? 0n)
    row.delete(pivot)
    for (const [wire, coefficient] of row) row.set(wire, modulo(coefficient * scale))
    this.#rows[index] = undefined
    for (const wire of row.keys()) this.#users.get(wire)?.delete(index)
    const users = this.#users.get(pivot) ?? new Set()
    users.delete(index)
    for (const user of users) {
      const target = this.#rows[user]
      if (target === undefined) continue
      const factor = target.get(pivot) ?? 0n
      target.delete(pivot)
      for (const [wire, coefficient] of row) {
        const value = modulo((target.get(wire) ?? 0n) - factor * coefficient)
        if (value === 0n) {
          target.delete(wire)
          this.#users.get(wire)?.delete(user)
        } else {
          target.set(wire, value)
          this.#use(wire, user)
        }
      }
      this.#queue(user, target.size)
    }
    this.#users.delete(pivot)
    return { pivot, rest: row }
  }

  /** The shortest row that is not empty; entries of the queue may be out of date. */
  #next(): number | undefined {
    for (let length = 1; length < this.#byLength.length; length += 1) {
      const waiting = this.#byLength[length] ?? []
      for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
        if (this.#rows[index]?.size === length) return index
      }
    }
    return undefined
  }

  #queue(index: number, length: number): void {
    const waiting = (this.#byLength[length] ??= [])
    waiting.push(index)
  }

  #use(wire: number, index: number): void {
    const users = this.#users.get(wire)
    if (users === undefined) this.#users.set(wire, new Set([index]))
    else users.add(index)
  }
}
