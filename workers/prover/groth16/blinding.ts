/** Uniform scalars from the platform's generator: what hides the witness in a proof (RAND-1). */

import { bytesToInteger, fieldBytes, fieldOrder } from '../../../src/core/emotion/field.ts'
import type { Random } from '../../../src/ports/random.ts'
import type { Blinding } from './prove.ts'

/** Below r by rejection: 254 bits are below r with a chance of three in four. */
export function randomScalar(random: Random): bigint {
  for (;;) {
    const value = BigInt.asUintN(254, bytesToInteger(random.bytes(fieldBytes)))
    if (value < fieldOrder) return value
  }
}

export function randomBlinding(random: Random): Blinding {
  return { r: randomScalar(random), s: randomScalar(random) }
}
