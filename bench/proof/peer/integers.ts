/**
 * The integer arithmetic of `circuits/lib/integers.circom` with the gates of o1js: ranges by its
 * lookups of 12 bits, three to a row.
 */

import type { Field, O1js } from './o1js.ts'

const limbBits = 12
const limb = 1n << BigInt(limbBits)

export class Integers {
  readonly #library: O1js
  readonly #lookups: Field[] = []

  constructor(library: O1js) {
    this.#library = library
  }

  /** A variable that the prover computes; whoever asks for it constrains it. */
  hint(compute: () => bigint): Field {
    const { Field, Provable } = this.#library
    return Provable.witness(Field, () => Field(compute()))
  }

  constant(value: number): Field {
    return this.#library.Field(value)
  }

  /** 0 <= value < 2^bits. */
  below(value: Field, bits: number): void {
    if (bits <= limbBits) {
      const sealed = value.seal()
      this.#lookups.push(sealed)
      const shift = 1 << (limbBits - bits)
      if (shift > 1) this.#lookups.push(sealed.mul(shift).seal())
      return
    }
    const count = Math.ceil(bits / limbBits)
    const limbs = Array.from({ length: count }, (_, index) =>
      this.hint(() => (value.toBigInt() >> BigInt(limbBits * index)) % limb),
    )
    const top = bits - limbBits * (count - 1)
    for (const [index, part] of limbs.entries()) {
      this.below(part, index === count - 1 ? top : limbBits)
    }
    this.sum(limbs.map((part, index) => part.mul(limb ** BigInt(index)))).assertEquals(value)
  }

  /** least <= value <= most. */
  inRange(value: Field, least: number, most: number): void {
    const bits = bitsOf(BigInt(most - least))
    this.below(value.sub(least), bits)
    if (2 ** bits !== most - least + 1) this.below(this.constant(most).sub(value), bits)
  }

  /** 1 when value >= 0; |value| < 2^bits by the caller. */
  isNonNegative(value: Field, bits: number): Field {
    const sign = this.hint(() => (value.toBigInt() < 1n << 200n ? 1n : 0n))
    sign.mul(sign.sub(1)).assertEquals(0)
    // sign ? value : -1 - value
    const magnitude = sign.mul(value.mul(2).add(1)).sub(value).sub(1)
    this.below(magnitude, bits)
    return sign
  }

  /** The floor of numerator / divisor, at most `most`; 0 < divisor < 2^divisorBits. */
  quotient(numerator: Field, divisor: Field, most: number, divisorBits: number): Field {
    const quotient = this.hint(() => numerator.toBigInt() / divisor.toBigInt())
    const remainder = this.hint(() => numerator.toBigInt() % divisor.toBigInt())
    quotient.mul(divisor).add(remainder).assertEquals(numerator)
    this.inRange(quotient, 0, most)
    this.below(remainder, divisorBits)
    this.below(divisor.sub(1).sub(remainder), divisorBits)
    return quotient
  }

  /** The same, with the numerator clipped to 0..most · divisor first. */
  clampedQuotient(
    numerator: Field,
    numeratorBits: number,
    divisor: Field,
    most: number,
    divisorBits: number,
  ): Field {
    const largest = divisor.mul(most).seal()
    const excessBits = Math.max(numeratorBits, divisorBits + bitsOf(BigInt(most))) + 1
    const isPositive = this.isNonNegative(numerator, numeratorBits)
    const isAbove = this.isNonNegative(numerator.sub(largest).sub(1), excessBits)
    const below = numerator.add(isAbove.mul(largest.sub(numerator)))
    return this.quotient(isPositive.mul(below).seal(), divisor, most, divisorBits)
  }

  sum(terms: readonly Field[]): Field {
    return terms.reduce<Field>((total, term) => total.add(term), this.constant(0)).seal()
  }

  select(isFirst: Field, first: Field, second: Field): Field {
    return isFirst.mul(first.sub(second)).add(second).seal()
  }

  /** Writes the lookups, three to a row: once, when all is stated. */
  flush(): void {
    const { Gadgets, Field } = this.#library
    // Proving fails without a gate of range checks beside: none else brings the table of 12 bits
    // into the circuit (o1js 2.15.0, 'the lookup failed to find a match in the table').
    if (this.#lookups[0] !== undefined) Gadgets.rangeCheck64(this.#lookups[0])
    for (let at = 0; at < this.#lookups.length; at += 3) {
      const [first, second = Field(0), third = Field(0)] = this.#lookups.slice(at, at + 3)
      if (first !== undefined) Gadgets.rangeCheck3x12(first, second, third)
    }
  }
}

function bitsOf(value: bigint): number {
  return value.toString(2).length
}
