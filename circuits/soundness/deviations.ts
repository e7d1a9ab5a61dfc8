/** What is known of deviations from a witness: linear equations and two-valued ones (ZK-8). */

import { fieldOrder } from '../../src/core/emotion/field.ts'
import type { Term } from '../setup/r1cs.ts'
import { allFlips, type Equation, type Flips } from './flips.ts'
import { inverse, modulo } from './system.ts'

/**
 * Coefficients by unknown: a wire, or a two-valued combination, whose number is the count of wires
 * or above and whose deviation is 0 or 1.
 */
export type Row = Map<number, bigint>

/** Wires that the inputs do not decide. */
export interface Loose {
  readonly wires: readonly number[]
  /**
   * Forms that these wires can have at most, the given one included: those that every equation of
   * theirs leaves. Undefined when that was not decided.
   */
  readonly forms: number | undefined
}

/** Tries for a whole group; more is not decided. */
const stepsMax = 300
const pairsMax = 300
const whole = 1n << 128n

export class Deviations {
  readonly #wireCount: number
  readonly #onKnown: (wire: number) => void
  readonly #onLinked: (wire: number) => void
  readonly #isKnown: boolean[] = []
  /** Deviation of a two-valued unknown that is flipped. */
  readonly #second = new Map<number, bigint>()
  /** Wires that are a sum of other unknowns. */
  readonly #defined = new Map<number, Row>()
  /** Of those, the ones whose row has an unknown. */
  readonly #usedIn = new Map<number, Set<number>>()
  /** Equations over two-valued unknowns. */
  #equations: Row[] = []
  /** Equations that wait: they define a wire in fractions alone. */
  #postponed: Row[] = []
  readonly #fresh: number[] = []
  /** Equations that were solved together, by their unknowns. */
  readonly #solved = new Set<string>()
  #next: number
  #hasLinked = false

  constructor(
    wireCount: number,
    onKnown: (wire: number) => void,
    onLinked: (wire: number) => void,
  ) {
    this.#wireCount = wireCount
    this.#onKnown = onKnown
    this.#onLinked = onLinked
    this.#next = wireCount
  }

  setKnown(unknown: number): void {
    if (this.#isKnown[unknown] === true) return
    this.#isKnown[unknown] = true
    this.#fresh.push(unknown)
  }

  /** The one value that it may deviate by; undefined where any is left. */
  secondOf(unknown: number): bigint | undefined {
    return this.#second.get(unknown)
  }

  /** Follows what became known until nothing new comes of it. */
  settle(): void {
    for (let unknown = this.#fresh.pop(); unknown !== undefined; unknown = this.#fresh.pop()) {
      if (unknown < this.#wireCount) this.#onKnown(unknown)
      const definition = this.#defined.get(unknown)
      if (definition !== undefined) {
        this.#forget(unknown, definition)
        this.addEquation(definition)
      }
      for (const wire of this.#usedIn.get(unknown) ?? []) {
        const row = this.#defined.get(wire)
        row?.delete(unknown)
        if (row?.size === 0) this.setKnown(wire)
      }
      this.#usedIn.delete(unknown)
    }
  }

  /** The deviation of a sum of wires, in unknowns that have no definition. */
  rowOf(terms: readonly Term[]): Row {
    const row: Row = new Map()
    for (const { signal, coefficient } of terms) this.#add(row, signal, coefficient)
    return row
  }

  /** The row is 0. */
  addEquation(given: Row, isForced = false): void {
    const row: Row = new Map()
    for (const [unknown, coefficient] of given) this.#add(row, unknown, coefficient)
    if (row.size === 0) return
    const [only] = row.keys()
    if (row.size === 1 && only !== undefined) {
      this.setKnown(only)
      return
    }
    const definition = this.#definitionOf(row, isForced)
    if (definition !== undefined) this.#define(...definition)
    else if ([...row.keys()].every((unknown) => this.#second.has(unknown)))
      this.#equations.push(row)
    else this.#postponed.push(row)
  }

  /**
   * One of its wires as the sum of the others, in whole numbers: a range check defines its input,
   * and a multiple of it elsewhere does not. If forced, in fractions too.
   */
  #definitionOf(row: Row, isForced: boolean): readonly [number, Row] | undefined {
    for (const [wire, coefficient] of row) {
      if (this.#second.has(wire)) continue
      const scale = modulo(-inverse(coefficient))
      const rest: Row = new Map()
      for (const [unknown, value] of row) {
        if (unknown !== wire) rest.set(unknown, modulo(value * scale))
      }
      const isWhole = [...rest.values()].every(
        (value) => value < whole || value > -whole + fieldOrder,
      )
      if (isForced || isWhole) return [wire, rest]
    }
    return undefined
  }

  /** The row is 0 or `other`. */
  addTwoValued(row: Row, other: bigint): void {
    const [wire, coefficient] = row.size === 1 ? ([...row][0] ?? []) : []
    if (wire !== undefined && coefficient !== undefined && !this.#second.has(wire)) {
      this.#second.set(wire, modulo(other * inverse(coefficient)))
      return
    }
    const choice = this.#next
    this.#next += 1
    this.#second.set(choice, 1n)
    const equation = new Map(row)
    equation.set(choice, modulo(-other))
    this.addEquation(equation)
  }

  /**
   * Solves equations that belong together; true when something came of it. First each alone and
   * each with one that shares an unknown: a floor is two equations, and what follows from it would
   * only multiply its forms. Then whole groups.
   */
  solveGroups(): boolean {
    this.#hasLinked = false
    this.#simplify()
    if (this.#hasNews()) return true
    const groups = groupsOf(this.#equations)
    const small = groups.flatMap((group) => [...group.map((row) => [row]), ...pairsOf(group)])
    for (const some of small) this.#solve(some, 400)
    if (this.#hasNews()) return true
    for (const group of groups) this.#solve(group, stepsMax)
    if (this.#hasNews()) return true
    const [waiting, ...others] = this.#postponed
    this.#postponed = others
    if (waiting !== undefined) this.addEquation(waiting, true)
    return waiting !== undefined
  }

  #hasNews(): boolean {
    return this.#fresh.length > 0 || this.#hasLinked
  }

  loose(): readonly Loose[] {
    const open = (wire: number): boolean => wire < this.#wireCount && this.#isKnown[wire] !== true
    const seen = new Set<number>()
    const groups = this.#openGroups().flatMap(({ unknowns, forms }) => {
      const users = [...unknowns].flatMap((unknown) => [...(this.#usedIn.get(unknown) ?? [])])
      const wires = [...new Set([...unknowns, ...users])].filter((wire) => {
        const row = this.#defined.get(wire)
        const isInside = row === undefined || [...row.keys()].every((part) => unknowns.has(part))
        return open(wire) && isInside && !seen.has(wire)
      })
      for (const wire of wires) seen.add(wire)
      return wires.length > 0 ? [{ wires, forms }] : []
    })
    const rest = Array.from({ length: this.#wireCount }, (_, wire) => wire).filter(
      (wire) => open(wire) && !seen.has(wire),
    )
    return rest.length > 0 ? [...groups, { wires: rest, forms: undefined }] : groups
  }

  /** What shares equations, and each two-valued unknown that no equation is left of: two forms. */
  #openGroups(): readonly {
    readonly unknowns: ReadonlySet<number>
    readonly forms: number | undefined
  }[] {
    const groups = groupsOf(this.#equations).map((group) => ({
      unknowns: unknownsOf(group),
      forms: allFlips(
        group.map((row) => this.#weights(row)),
        stepsMax,
      )?.length,
    }))
    const inGroups = unknownsOf([...this.#equations, ...this.#postponed])
    const alone = [...this.#second.keys()].filter(
      (unknown) =>
        this.#isKnown[unknown] !== true && !this.#defined.has(unknown) && !inGroups.has(unknown),
    )
    return [...groups, ...alone.map((unknown) => ({ unknowns: new Set([unknown]), forms: 2 }))]
  }

  #simplify(): void {
    const waiting = this.#postponed
    this.#postponed = []
    for (const row of waiting) this.addEquation(row)
    this.#equations = this.#equations.flatMap((given) => {
      const row: Row = new Map()
      for (const [unknown, coefficient] of given) this.#add(row, unknown, coefficient)
      const [only] = row.keys()
      if (row.size === 1 && only !== undefined) this.setKnown(only)
      return row.size > 1 ? [row] : []
    })
  }

  #solve(group: readonly Row[], steps: number): void {
    const unknowns = unknownsOf(group)
    const key = `${group.length}:${[...unknowns].sort((left, right) => left - right).join()}`
    if (this.#solved.has(key)) return
    this.#solved.add(key)
    const found = allFlips(
      group.map((row) => this.#weights(row)),
      steps,
    )
    if (found !== undefined) this.#take(unknowns, found)
  }

  /** What no solution flips does not deviate, nor a sum that is 0 in all of them. */
  #take(unknowns: ReadonlySet<number>, found: readonly Flips[]): void {
    for (const unknown of unknowns) {
      if (!found.some((flips) => flips.has(unknown))) this.setKnown(unknown)
    }
    const wires = new Set(
      [...unknowns].flatMap((unknown) => [...(this.#usedIn.get(unknown) ?? [])]),
    )
    for (const wire of wires) {
      const row = [...(this.#defined.get(wire) ?? [])]
      if (row.length === 0 || !row.every(([unknown]) => unknowns.has(unknown))) continue
      const isZero = found.every((flips) => {
        const sum = row.reduce(
          (total, [unknown, coefficient]) =>
            flips.has(unknown) ? total + coefficient * (this.#second.get(unknown) ?? 0n) : total,
          0n,
        )
        return modulo(sum) === 0n
      })
      if (isZero) this.setKnown(wire)
    }
    this.#link(unknowns, found)
  }

  /**
   * Unknowns that all solutions flip together are one: the first takes the place of the others. So
   * a number with two forms in bits is one choice, and what is computed from the bits is a sum of
   * it (`Resolver`), until a check of them decides the choice.
   */
  #link(unknowns: ReadonlySet<number>, found: readonly Flips[]): void {
    const firsts = new Map<string, number>()
    for (const unknown of unknowns) {
      if (this.#isKnown[unknown] === true || this.#defined.has(unknown)) continue
      const pattern = found.map((flips) => (flips.has(unknown) ? '1' : '0')).join('')
      const first = firsts.get(pattern)
      if (first === undefined) {
        firsts.set(pattern, unknown)
        continue
      }
      const ratio = (this.#second.get(unknown) ?? 0n) * inverse(this.#second.get(first) ?? 0n)
      const users = [...(this.#usedIn.get(unknown) ?? [])]
      this.#define(unknown, new Map([[first, modulo(ratio)]]))
      this.#hasLinked = true
      for (const wire of [unknown, ...users]) if (wire < this.#wireCount) this.#onLinked(wire)
    }
  }

  #weights(row: Row): Equation {
    return new Map(
      [...row].map(([unknown, coefficient]) => [
        unknown,
        modulo(coefficient * (this.#second.get(unknown) ?? 0n)),
      ]),
    )
  }

  #define(wire: number, row: Row): void {
    // Others that have it get its row in its place.
    for (const user of this.#usedIn.get(wire) ?? []) {
      const target = this.#defined.get(user)
      const factor = target?.get(wire)
      if (target === undefined || factor === undefined) continue
      target.delete(wire)
      for (const [unknown, coefficient] of row) this.#add(target, unknown, coefficient * factor)
      for (const unknown of target.keys()) this.#use(unknown, user)
      if (target.size === 0) this.setKnown(user)
    }
    this.#usedIn.delete(wire)
    this.#defined.set(wire, row)
    for (const unknown of row.keys()) this.#use(unknown, wire)
  }

  #forget(wire: number, row: Row): void {
    this.#defined.delete(wire)
    for (const unknown of row.keys()) this.#usedIn.get(unknown)?.delete(wire)
  }

  #add(row: Row, unknown: number, coefficient: bigint): void {
    if (this.#isKnown[unknown] === true) return
    const definition = this.#defined.get(unknown)
    if (definition !== undefined) {
      for (const [part, factor] of definition) this.#add(row, part, coefficient * factor)
      return
    }
    const value = modulo((row.get(unknown) ?? 0n) + coefficient)
    if (value === 0n) row.delete(unknown)
    else row.set(unknown, value)
  }

  #use(unknown: number, wire: number): void {
    const users = this.#usedIn.get(unknown)
    if (users === undefined) this.#usedIn.set(unknown, new Set([wire]))
    else users.add(wire)
  }
}

function unknownsOf(rows: readonly Row[]): ReadonlySet<number> {
  return new Set(rows.flatMap((row) => [...row.keys()]))
}

/** Two equations each that share an unknown. */
function pairsOf(group: readonly Row[]): readonly (readonly Row[])[] {
  const users = new Map<number, number[]>()
  for (const [index, row] of group.entries()) {
    for (const unknown of row.keys()) {
      const list = users.get(unknown)
      if (list === undefined) users.set(unknown, [index])
      else list.push(index)
    }
  }
  const pairs = new Set<string>()
  for (const list of users.values()) {
    for (const [at, first] of list.entries()) {
      for (const second of list.slice(at + 1)) {
        if (pairs.size < pairsMax) pairs.add(`${first} ${second}`)
      }
    }
  }
  return [...pairs].map((pair) => pair.split(' ').flatMap((index) => group[Number(index)] ?? []))
}

/** Equations that share unknowns, directly or by others. */
function groupsOf(equations: readonly Row[]): readonly (readonly Row[])[] {
  const groups = new Set<{ rows: Row[]; unknowns: Set<number> }>()
  const groupOf = new Map<number, { rows: Row[]; unknowns: Set<number> }>()
  for (const row of equations) {
    const touched = new Set([...row.keys()].flatMap((unknown) => groupOf.get(unknown) ?? []))
    const merged = { rows: [row], unknowns: new Set(row.keys()) }
    for (const group of touched) {
      merged.rows.push(...group.rows)
      for (const unknown of group.unknowns) merged.unknowns.add(unknown)
      groups.delete(group)
    }
    for (const unknown of merged.unknowns) groupOf.set(unknown, merged)
    groups.add(merged)
  }
  return [...groups].map(({ rows }) => rows)
}
