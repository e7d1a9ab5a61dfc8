/** Both searches for another witness on one circuit, in words (ZK-8). */

import type { Loose } from './deviations.ts'
import { brokenConstraint, modulo, type System } from './system.ts'
import { looseWires } from './resolve.ts'
import { movingWires } from './tangent.ts'

export interface Findings {
  readonly wireCount: number
  /** Names of wires that can move with the public signals and the hashed inputs held. */
  readonly moving: readonly string[]
  /** Of those, and of the loose ones: inverses of 0, which stand nowhere else. */
  readonly inverses: readonly string[]
  /** Two forms of a range check, which say the same of what is checked. */
  readonly twoForms: readonly string[]
  /** Wires that the inputs do not decide, of any other kind. */
  readonly loose: readonly {
    readonly wires: readonly string[]
    readonly forms: number | undefined
  }[]
}

/** Public signals in no constraint: a proof would say nothing of them. */
export function unboundSignals({ r1cs, names }: System): readonly string[] {
  const bound = new Set(
    r1cs.constraints.flatMap((sides) => sides.flat()).map((term) => term.signal),
  )
  return names.slice(1, r1cs.publicCount + 1).filter((_, index) => !bound.has(index + 1))
}

/** Bits of `InRange` and nothing else: they stand in no other constraint. */
const rangeCheckBit = /(^|\.)InRange_\d+_\d+(\[\d+\])?\.bits\[\d+\]$/

/**
 * The hint of circomlib's `IsZero` in `IsEqual` and `ForceEqualIfEnabled`: of a difference that is
 * 0 any number will do, since in · inv = 1 − out holds with out = 1 whatever it is.
 */
const inverseOfZero = /\.isz\.inv$/

/** `hashed`: names of inputs of the main component, without index. */
export function searched(system: System, hashed: readonly string[]): Findings {
  const { names, r1cs } = system
  const isHashed = (name: string): boolean =>
    hashed.includes(name.replace(/^main\./, '').replace(/\[\d+\]$/, ''))
  const held = new Set(names.flatMap((name, wire) => (isHashed(name) ? [wire] : [])))
  const nameOf = (wire: number): string => names[wire] ?? ''
  const found = looseWires(system)
  const isRangeCheck = ({ wires, forms }: Loose): boolean =>
    forms !== undefined && wires.every((wire) => rangeCheckBit.test(nameOf(wire)))
  const isInverse = (name: string): boolean => inverseOfZero.test(name)
  const isInverses = ({ wires }: Loose): boolean => wires.map(nameOf).every(isInverse)
  const moving = movingWires(system, held).map(nameOf)
  return {
    wireCount: r1cs.signalCount,
    moving: moving.filter((name) => !isInverse(name)),
    inverses: [
      ...new Set([...moving, ...found.flatMap(({ wires }) => wires.map(nameOf))].filter(isInverse)),
    ],
    twoForms: found.filter(isRangeCheck).flatMap(({ wires }) => wires.map(nameOf)),
    loose: found
      .filter((group) => !isRangeCheck(group) && !isInverses(group))
      .map(({ wires, forms }) => ({ wires: wires.map(nameOf), forms })),
  }
}

/**
 * Wires of which a witness with one other value passes, every other wire as it is: the values tried
 * are one more, one less, 0, 1, the negative and the complement to 1.
 */
export function changedAlone(system: System): readonly string[] {
  const { r1cs, witness, names } = system
  const users: number[][] = names.map(() => [])
  for (const [index, sides] of r1cs.constraints.entries()) {
    for (const wire of new Set(sides.flat().map(({ signal }) => signal))) users[wire]?.push(index)
  }
  const changed = [...witness]
  return names.filter((_, wire) => {
    if (wire <= r1cs.publicCount) return false
    const value = witness[wire] ?? 0n
    const own = (users[wire] ?? []).flatMap((index) => {
      const constraint = r1cs.constraints[index]
      return constraint === undefined ? [] : [constraint]
    })
    const tried = [value + 1n, value - 1n, 0n, 1n, -value, 1n - value].map(modulo)
    const passes = tried.some((other) => {
      if (other === value) return false
      changed[wire] = other
      return brokenConstraint({ ...r1cs, constraints: own }, changed) < 0
    })
    changed[wire] = value
    return passes
  })
}
