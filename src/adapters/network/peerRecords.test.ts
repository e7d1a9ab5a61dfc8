import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PeerId } from '../../ports/transport.ts'
import { decodeRecords, encodeRecords, peerOfAddress, recordLimits } from './peerRecords.ts'

const peer = '12D3KooWEY3Tao33heuHgW4kzL3MiP8uoCtrVx4PrWARxR4Ki4Rx' as PeerId
const address = `/ip4/192.0.2.1/tcp/9400/ws/p2p/${peer}`
const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

describe('NET-1 peer exchange', () => {
  it('carries peers with their addresses', () => {
    const records = [{ peer, addresses: [address] }]
    expect(decodeRecords(encodeRecords(records))).toEqual({ ok: true, value: records })
  })

  it('finds the peer that an address leads to', () => {
    expect(peerOfAddress(address)).toBe(peer)
    expect(peerOfAddress(`${address}/p2p-circuit`)).toBe(peer)
    expect(peerOfAddress('/ip4/192.0.2.1/tcp/9400/ws')).toBeUndefined()
    expect(peerOfAddress('nonsense')).toBeUndefined()
  })
})

describe('NET-6 bounds on peer exchange', () => {
  it('sends no more than it accepts', () => {
    const addresses = Array.from(
      { length: 20 },
      (_, index) => `${address}/${'x'.repeat(index * 30)}`,
    )
    const records = Array.from({ length: 200 }, () => ({ peer, addresses }))
    const bytes = encodeRecords(records)
    expect(bytes.length).toBeLessThanOrEqual(recordLimits.answerBytesMax)
  })

  it.each([
    ['not JSON', new TextEncoder().encode('{')],
    ['not UTF-8', Uint8Array.of(0xff, 0xfe)],
    ['not a list', json({ peer })],
    ['too many', json(Array.from({ length: 65 }, () => ({ peer, addresses: [] })))],
    ['too long', new Uint8Array(recordLimits.answerBytesMax + 1)],
    ['a peer that is none', json([{ peer: 'someone', addresses: [] }])],
    ['an address that is none', json([{ peer, addresses: ['over there'] }])],
    ['an address too long', json([{ peer, addresses: [`/dns4/${'a'.repeat(500)}`] }])],
    ['too many addresses', json([{ peer, addresses: Array.from({ length: 9 }, () => address) }])],
    ['nothing', json([null])],
  ])('refuses %s', (_, bytes) => {
    expect(decodeRecords(bytes)).toMatchObject({ ok: false })
  })

  it('never throws, whatever arrives', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => new TextEncoder().encode(text)),
        ),
        (bytes) => {
          decodeRecords(bytes)
        },
      ),
    )
  })
})
