import { expect, it } from 'vitest'
import { HeldSignatures } from './heldSignatures.ts'

const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value)
const [key, signature] = [bytes(32, 1), bytes(64, 2)]

it('holds one signature a message, of one key', () => {
  const held = new HeldSignatures(4)
  expect(held.has(key, bytes(32, 9), signature)).toBe(false)
  held.hold(key, bytes(32, 9), signature)
  expect(held.has(key, bytes(32, 9), signature)).toBe(true)
  expect(held.has(bytes(32, 3), bytes(32, 9), signature)).toBe(false)
  expect(held.has(key, bytes(32, 8), signature)).toBe(false)
  const other = signature.slice()
  other[63] = 0
  expect(held.has(key, bytes(32, 9), other)).toBe(false)
  held.hold(key, bytes(32, 9), other)
  expect(held.has(key, bytes(32, 9), other)).toBe(true)
  expect(held.has(key, bytes(32, 9), signature)).toBe(false)
})

it('forgets what came first, and keeps what was said again', () => {
  const held = new HeldSignatures(4)
  for (const message of [0, 1, 0, 2, 3]) held.hold(key, bytes(32, message), signature)
  // The first word about message 0 is gone, the second is not.
  const known = [0, 1, 2, 3].map((message) => held.has(key, bytes(32, message), signature))
  expect(known).toEqual([true, true, true, true])
  held.hold(key, bytes(32, 4), signature)
  expect(held.has(key, bytes(32, 1), signature)).toBe(false)
  expect(held.has(key, bytes(32, 0), signature)).toBe(true)
})

it('copies what it holds, and keeps nothing of another length', () => {
  const held = new HeldSignatures(4)
  const body = bytes(200, 2)
  held.hold(key, bytes(32, 9), body.subarray(100, 164))
  body.fill(0)
  expect(held.has(key, bytes(32, 9), signature)).toBe(true)
  held.hold(bytes(33, 1), bytes(32, 7), signature)
  held.hold(key, bytes(32, 6), bytes(63, 2))
  expect(held.has(bytes(33, 1), bytes(32, 7), signature)).toBe(false)
  expect(held.has(key, bytes(32, 6), bytes(63, 2))).toBe(false)
})
