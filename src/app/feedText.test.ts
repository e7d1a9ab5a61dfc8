import { describe, expect, it } from 'vitest'
import { scene } from '../../e2e/page/scenes.ts'
import { epochLengthMs } from './browser/feedStart.ts'
import {
  blockOf,
  feedBlockOf,
  feedFromText,
  feedToText,
  parseText,
  validatorOf,
} from './feedText.ts'
import { statusOf } from './status.ts'

const nowMs = 1_795_000_000_000
const { feed } = scene('visitor', nowMs)
const block = { ...feed.blocks[0], parent: '00', isBoundary: false, signerCount: 20 }

describe('UX-4 what a relay says is decoded strictly', () => {
  it('takes a block of the API', () => {
    expect(blockOf(block)).toMatchObject({ height: 48_211, seatCount: 21 })
  })

  it.each([
    ['a height that is no integer', { ...block, height: 1.5 }],
    ['a negative time', { ...block, timeMs: -1 }],
    ['a hash that is no hash', { ...block, hash: '<b>' }],
    ['more signers than any committee has', { ...block, signers: Array(64).fill(1) }],
    ['signers that are no list', { ...block, signers: 'all' }],
    ['nothing', undefined],
    ['a list', [block]],
  ])('refuses %s', (_name, input) => {
    expect(blockOf(input)).toBeUndefined()
  })

  it('drops a signer that cannot be a seat', () => {
    expect(blockOf({ ...block, signers: [0, 'x', 1e9, 3] })?.signers).toEqual([0, 3])
  })

  it('takes a streamed block with its bytes, and refuses one without', () => {
    const streamed = {
      height: 7,
      epoch: 1,
      hash: 'ab',
      header: 'AQI=',
      certificate: 'Aw==',
      path: '',
    }
    expect(feedBlockOf(streamed)).toMatchObject({
      height: 7,
      header: Uint8Array.of(1, 2),
      certificate: Uint8Array.of(3),
    })
    expect(feedBlockOf({ ...streamed, header: '***' })).toBeUndefined()
    expect(feedBlockOf({ ...streamed, certificate: undefined })).toBeUndefined()
  })

  it('refuses text that is no JSON or larger than any answer', () => {
    expect(parseText('{')).toBeUndefined()
    expect(parseText(`"${'x'.repeat(600_000)}"`)).toBeUndefined()
  })

  it('reads a validator without believing that it is seated', () => {
    const input = { id: 'ab', bondedMicro: '1', jailedUntilEpoch: 0, seated: true }
    expect(validatorOf(input, new Set())).toMatchObject({
      seated: false,
      jailedUntilEpoch: undefined,
    })
    expect(validatorOf({ ...input, bondedMicro: 1 }, new Set())).toBeUndefined()
  })
})

describe('UX-4 the last known state', () => {
  it('comes back from this browser as not yet live', () => {
    const known = feedFromText(feedToText(feed))
    expect(known?.connection).toBe('connecting')
    expect(known?.blocks).toHaveLength(12)
    expect(known?.blocks[0]).toEqual(feed.blocks[0])
    expect(known?.epoch?.epoch).toBe(feed.epoch?.epoch)
    expect(known?.chain).toEqual(feed.chain)
  })

  it.each([undefined, '', '[]', '{"blocks":3}', '{"blocks":[],"receivedMs":"x"}'])(
    'is nothing when it is %j',
    (text) => {
      expect(feedFromText(text)).toBeUndefined()
    },
  )

  it('finds the length of an epoch from those that have begun', () => {
    expect(epochLengthMs([61_900, 30_600, 100])).toBe(30_000)
    expect(epochLengthMs([1000])).toBe(30_000)
    expect(epochLengthMs([6200, undefined, 100, 50])).toBe(1000)
  })
})

describe('UX-4 the badge', () => {
  const said = (check: typeof feed.check, connection: typeof feed.connection = 'live') =>
    statusOf({ fromNode: false, snapshot: undefined, feed: { ...feed, check, connection } })

  it('says checking until a certificate was checked here', () => {
    expect(said('checking')).toMatchObject({ text: 'checking', tone: 'checking' })
    expect(said('verified')).toMatchObject({ text: 'final in 0.44 s', tone: 'final' })
  })

  it('never says final of what does not hold or is gone', () => {
    expect(said('failed').text).toBe('not proven')
    expect(said('unavailable').text).toBe('not checked')
    expect(said('verified', 'lost')).toMatchObject({ text: 'offline', tone: 'act' })
  })
})
