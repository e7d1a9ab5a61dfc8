import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AssertionError, assert, unreachable } from './assert.ts'
import {
  compareBytes,
  concat,
  equalBytes,
  hex,
  mapKey,
  readU64be,
  u32be,
  u64be,
  unhex,
  utf8,
} from './bytes.ts'
import { err, ok } from './result.ts'

describe('base: hex', () => {
  it('agrees with the platform and comes back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(hex(bytes)).toBe(Buffer.from(bytes).toString('hex'))
        expect(unhex(hex(bytes))).toEqual(ok(bytes))
      }),
    )
  })

  it.each(['0', 'zz', 'AB', '0x00', ' 0', '0g'])('refuses %j', (text) => {
    expect(unhex(text)).toEqual(err({ code: 'HEX_INVALID' }))
  })
})

describe('base: order and concatenation', () => {
  it('orders as the platform does', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (left, right) => {
        expect(Math.sign(compareBytes(left, right))).toBe(Buffer.compare(left, right))
        expect(equalBytes(left, right)).toBe(Buffer.compare(left, right) === 0)
      }),
    )
  })

  it('keeps every part in its place', () => {
    expect(concat()).toEqual(new Uint8Array(0))
    expect(concat(Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2, 3))).toEqual(
      Uint8Array.of(1, 2, 3),
    )
  })
})

describe('base: UTF-8', () => {
  it('agrees with the platform, lone surrogates included', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(utf8(text)).toEqual(new TextEncoder().encode(text))
      }),
    )
    for (const text of ['', 'a', 'ß', '€', '💓', '\ud800', '\udc00a', 'a\ud800']) {
      expect(utf8(text)).toEqual(new TextEncoder().encode(text))
    }
  })
})

describe('base: integers', () => {
  it('writes and reads every 64-bit integer', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => {
        expect(readU64be(u64be(value))).toBe(value)
      }),
    )
    expect(u64be(258)).toEqual(Uint8Array.of(0, 0, 0, 0, 0, 0, 1, 2))
  })

  it('writes 32-bit integers', () => {
    fc.assert(
      fc.property(fc.nat({ max: 0xffff_ffff }), (value) => {
        expect(new DataView(u32be(value).buffer).getUint32(0)).toBe(value)
      }),
    )
  })

  it.each([-1, 0.5, 2 ** 53, Number.NaN])('u64be refuses %j', (value) => {
    expect(() => u64be(value)).toThrow(AssertionError)
  })

  it('refuses what does not fit', () => {
    expect(() => u64be(2n ** 64n)).toThrow(AssertionError)
    expect(() => u64be(-1n)).toThrow(AssertionError)
    expect(() => u32be(2 ** 32)).toThrow(AssertionError)
    expect(() => u32be(-1)).toThrow(AssertionError)
    expect(() => readU64be(new Uint8Array(7))).toThrow(AssertionError)
  })
})

describe('base: map keys', () => {
  it('are different for different bytes, however many there are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 3_000 }), fc.nat(), (bytes, at) => {
        const key = mapKey(bytes)
        const codes = Array.from(key, (character) => character.charCodeAt(0))
        expect(codes).toEqual(Array.from(bytes))
        const index = at % bytes.length
        const changed = bytes.with(index, (bytes[index] ?? 0) ^ 1)
        expect(mapKey(changed)).not.toBe(key)
      }),
    )
  })
})

describe('base: assertions', () => {
  it('fires on a false condition only', () => {
    expect(() => {
      assert(true, 'holds')
    }).not.toThrow()
    expect(() => {
      assert(false, 'three seats')
    }).toThrow('three seats')
    expect(() => unreachable('x' as never)).toThrow('unreachable: x')
  })
})
