import { describe, expect, it } from 'vitest'
import type { PeerId } from '../../ports/transport.ts'
import { bookLimits, PeerBook } from './peerBook.ts'
import { ManualClock, seededRandom } from './testPlatform.ts'

const named = (index: number): PeerId => `peer ${String(index)}` as PeerId
const newBook = (): PeerBook => new PeerBook(new ManualClock(), seededRandom(1))

describe('NET-5 the peer book', () => {
  it('keeps the newest addresses of a peer, and not too many', () => {
    const book = newBook()
    for (let index = 0; index < 20; index += 1) book.learn(named(1), [`/a/${String(index)}`])
    expect(book.get(named(1))?.addresses[0]).toBe('/a/19')
    expect(book.get(named(1))?.addresses).toHaveLength(8)
  })

  it('is bounded, and a flood of strangers drives out neither relays nor kept peers', () => {
    const book = newBook()
    book.learn(named(-1), ['/relay'], true)
    book.keep(new Set([named(-2)]))
    for (let index = 0; index < 2 * bookLimits.peersMax; index += 1) book.learn(named(index), [])
    expect(book.entries()).toHaveLength(bookLimits.peersMax)
    expect(book.get(named(-1))?.isBootstrap).toBe(true)
    expect(book.get(named(-2))?.isKept).toBe(true)
  })

  it('dials a kept peer at once, and lets go of it when it is kept no longer', () => {
    const book = newBook()
    const entry = book.learn(named(1), [])
    entry.nextDialMs = Number.MAX_SAFE_INTEGER
    book.keep(new Set([named(1)]))
    expect(entry).toMatchObject({ isKept: true, nextDialMs: 0 })
    book.keep(new Set())
    expect(entry.isKept).toBe(false)
  })
})
