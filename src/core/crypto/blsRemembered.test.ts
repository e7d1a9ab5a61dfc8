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

  it('remembers no refusal', () => {
    const { bls, asked } = counting()
    for (let turn = 0; turn < 2; turn += 1) {
      expect(bls.fastAggregateVerify(keys.slice(1), message, sum)).toBe(false)
    }
    expect(asked()).toBe(2)
  })
})
