import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Transfer } from './chain.ts'

/** The definition of a varint, written out. */
function varint(value: bigint): number[] {
  return value < 128n ? [Number(value)] : [Number(value & 127n) | 128, ...varint(value >> 7n)]
}

describe('ENC-1 64-bit amounts', () => {
  const widths = fc.integer({ min: 0, max: 64 })
  const amounts = widths.chain((bits) => fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n }))
  const edges = Array.from({ length: 64 }, (_, bits) => 1n << BigInt(bits)).flatMap((power) => [
    power - 1n,
    power,
    power + 1n,
  ])

  it.each(edges.filter((value) => value > 0n))('%d is a varint and comes back', (value) => {
    const bytes = Transfer.encode({ recipient: new Uint8Array(0), amountMicro: value })
    expect([...bytes]).toEqual([0x10, ...varint(value)])
    expect(Transfer.decode(bytes).amountMicro).toBe(value)
  })

  it('every amount comes back, with bytes before and after it', () => {
    fc.assert(
      fc.property(amounts, fc.uint8Array({ maxLength: 5 }), (amountMicro, recipient) => {
        const bytes = Transfer.encode({ recipient, amountMicro })
        expect(Transfer.decode(bytes)).toEqual({ recipient, amountMicro })
      }),
    )
  })
})
