import { describe, expect, it } from 'vitest'
import { signAhead } from './blsAhead.ts'
import { blsNoble } from './blsNoble.ts'

const secret = new Uint8Array(32).fill(3)
const [first, second] = [Uint8Array.of(1), Uint8Array.of(2)]

function counting() {
  let count = 0
  const ahead = signAhead((message) => {
    count += 1
    return blsNoble.sign(secret, message)
  })
  return { ahead, asked: () => count }
}

describe('SIG-1: a signature made ahead', () => {
  it('is the one that would be made later, and is made once', () => {
    const { ahead, asked } = counting()
    ahead.prepare(first)
    ahead.prepare(first)
    expect(asked()).toBe(1)
    expect(ahead.sign(first)).toEqual(blsNoble.sign(secret, first))
    expect(asked()).toBe(1)
  })

  it('is of its message alone, also when whoever gave it writes into it', () => {
    const { ahead } = counting()
    const given = first.slice()
    ahead.prepare(given)
    given.set(second)
    expect(ahead.sign(second)).toEqual(blsNoble.sign(secret, second))
    ahead.sign(first).fill(0)
    expect(ahead.sign(first)).toEqual(blsNoble.sign(secret, first))
  })

  it('makes room for the next', () => {
    const { ahead, asked } = counting()
    ahead.prepare(first)
    ahead.prepare(second)
    expect(ahead.sign(second)).toEqual(blsNoble.sign(secret, second))
    expect(asked()).toBe(2)
    expect(ahead.sign(first)).toEqual(blsNoble.sign(secret, first))
    expect(asked()).toBe(3)
  })
})
