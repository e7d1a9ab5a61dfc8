import { expect, it } from 'vitest'
import type { PeerId } from '../ports/transport.ts'
import { TokenBuckets } from './tokenBuckets.ts'

it('NET-6: a peer may send a burst, then what its rate gives, whatever others send', () => {
  let nowMs = 1000
  const clock = { nowMs: () => nowMs, after: () => () => undefined }
  const buckets = new TokenBuckets(clock, { perSecond: 10, burst: 30 })
  const [one, other] = ['one', 'other'] as PeerId[]
  expect(buckets.take(one!, 31)).toBe(false)
  expect(buckets.take(one!, 30)).toBe(true)
  expect(buckets.take(one!, 1)).toBe(false)
  expect(buckets.take(other!, 30)).toBe(true)
  nowMs += 500
  expect(buckets.take(one!, 6)).toBe(false)
  expect(buckets.take(one!, 5)).toBe(true)
  nowMs += 60_000
  expect(buckets.take(one!, 31)).toBe(false)
  expect(buckets.take(one!, 30)).toBe(true)
})

it('NET-6: more peers than are remembered take nobody’s bucket away', () => {
  let nowMs = 0
  const clock = { nowMs: () => nowMs, after: () => () => undefined }
  const buckets = new TokenBuckets(clock, { perSecond: 1, burst: 10 })
  for (let index = 0; index < 1000; index += 1) buckets.take(`peer${String(index)}` as PeerId, 10)
  expect(buckets.take('peer0' as PeerId, 1)).toBe(false)
  nowMs += 10_000
  buckets.take('another' as PeerId, 1)
  expect(buckets.take('peer0' as PeerId, 10)).toBe(true)
})
