import { describe, expect, it } from 'vitest'
import type { BlsBackend } from './bls.ts'
import { blsNoble } from './blsNoble.ts'
import { rememberHeld } from './blsRemembered.ts'

const secrets = [1, 2, 3].map((value) => new Uint8Array(32).fill(value))
const keys = secrets.map((secret) => blsNoble.publicKey(secret))
const message = Uint8Array.of(7, 7, 7)
const signatures = secrets.map((secret) => blsNoble.sign(secret, message))
const sum = blsNoble.aggregateSignatures(signatures) ?? new Uint8Array(96)

function counting(): { readonly bls: BlsBackend; readonly asked: () => number } {
  let count = 0
  const bls: BlsBackend = {
    ...blsNoble,
    fastAggregateVerify(...args) {
      count += 1
      return blsNoble.fastAggregateVerify(...args)
    },
  }
  return { bls: rememberHeld(bls), asked: () => count }
}

describe('SIG-1: remembered aggregates', () => {
  it('pays for a pairing once when the aggregate held', () => {
    const { bls, asked } = counting()
    expect(bls.fastAggregateVerify(keys, message, sum)).toBe(true)
    expect(bls.fastAggregateVerify(keys, message, sum)).toBe(true)
    expect(asked()).toBe(1)
  })

  it('asks anew for another message, another set of keys, another signature', () => {
    const { bls, asked } = counting()
    expect(bls.fastAggregateVerify(keys, message, sum)).toBe(true)
    expect(bls.fastAggregateVerify(keys, Uint8Array.of(7, 7), sum)).toBe(false)
    expect(bls.fastAggregateVerify(keys.slice(1), message, sum)).toBe(false)
    expect(bls.fastAggregateVerify(keys, message, signatures[0] ?? sum)).toBe(false)
    expect(asked()).toBe(4)
  })

  it('asks anew for the same bytes cut elsewhere', () => {
    const { bls, asked } = counting()
    const [key] = keys
    const [signature] = signatures
    expect(bls.fastAggregateVerify([key!], message, signature!)).toBe(true)
    const all = Uint8Array.of(...message, ...signature!, ...key!)
    const cut = (end: number): readonly [Uint8Array[], Uint8Array, Uint8Array] => [
      [all.slice(end + signature!.length)],
      all.slice(0, end),
      all.slice(end, end + signature!.length),
    ]
    expect(bls.fastAggregateVerify(...cut(message.length))).toBe(true)
    expect(asked()).toBe(1)
    expect(bls.fastAggregateVerify(...cut(message.length + 1))).toBe(false)
    expect(bls.fastAggregateVerify(...cut(message.length - 1))).toBe(false)
    expect(asked()).toBe(3)
  })

  it('remembers no refusal', () => {
    const { bls, asked } = counting()
    for (let turn = 0; turn < 2; turn += 1) {
      expect(bls.fastAggregateVerify(keys.slice(1), message, sum)).toBe(false)
    }
    expect(asked()).toBe(2)
  })

  /** Answers at once, so that hundreds of questions cost nothing. */
  function quick(): { readonly bls: BlsBackend; readonly asked: () => number } {
    let count = 0
    const fastAggregateVerify = (): boolean => {
      count += 1
      return true
    }
    return { bls: rememberHeld({ ...blsNoble, fastAggregateVerify }), asked: () => count }
  }

  const keyOf = (value: number): Uint8Array => new Uint8Array(48).fill(value)

  it('tells sets of any size apart, the thousands of a checkpoint too (CKPT-1)', () => {
    for (const size of [31, 32, 33, 100]) {
      const { bls, asked } = quick()
      const many = Array.from({ length: size }, (_none, index) => keyOf(index))
      const other = [...many.slice(1), keyOf(255)]
      for (const set of [many, other, many, other]) bls.fastAggregateVerify(set, message, sum)
      expect(asked()).toBe(2)
    }
  })

  it('keeps 256 of them, the least recently used goes', () => {
    const { bls, asked } = quick()
    const ask = (number: number): boolean =>
      bls.fastAggregateVerify(keys, Uint8Array.of(number >> 8, number & 255), sum)
    for (let number = 0; number < 256; number += 1) ask(number)
    ask(0)
    expect(asked()).toBe(256)
    ask(256)
    ask(0)
    expect(asked()).toBe(257)
    ask(1)
    expect(asked()).toBe(258)
  })

  it('is the backend that it stands on in all else', () => {
    expect(quick().bls).toMatchObject({ name: blsNoble.name, verify: blsNoble.verify })
  })
})
