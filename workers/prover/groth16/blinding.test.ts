import { describe, expect, it } from 'vitest'
import { fieldOrder, integerToBytes } from '../../../src/core/emotion/field.ts'
import { randomScalar } from './blinding.ts'

describe('RAND-1 scalars that blind a proof', () => {
  it('are what the generator gives, without its two highest bits', () => {
    const high = 3n << 254n
    expect(randomScalar({ bytes: () => integerToBytes(high | 12_345n) })).toBe(12_345n)
  })

  it('are drawn again when they are not below r', () => {
    const draws = [fieldOrder, 2n ** 254n - 1n, fieldOrder - 1n, 7n].map(integerToBytes)
    const scalar = randomScalar({ bytes: () => draws.shift() ?? new Uint8Array() })
    expect(scalar).toBe(fieldOrder - 1n)
    expect(draws).toHaveLength(1)
  })
})
