import { blake3 } from '@noble/hashes/blake3.js'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { concat, hex, utf8 } from '../base/bytes.ts'
import type * as chunks from './blake3Chunk.ts'
import { hash, hashContexts, type HashDomain } from './hash.ts'

const domains = Object.keys(hashContexts) as HashDomain[]

describe('HASH-1: BLAKE3-256 in derive-key mode', () => {
  it('stands on a BLAKE3 that gives the published derive-key digests', () => {
    const context = utf8('BLAKE3 2019-12-27 16:29:52 test vectors context')
    expect(hex(blake3(new Uint8Array(0), { context }))).toBe(
      '2cc39783c223154fea8dfb7c1b1660f2ac2dcbd1c1de8277b0b0dd39b7e50d7d',
    )
  })

  it('is that function with the context of the use, whatever the parts', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...domains),
        fc.array(fc.uint8Array({ maxLength: 3000, size: 'max' }), { maxLength: 4 }),
        (domain, parts) => {
          const expected = blake3(concat(...parts), { context: utf8(hashContexts[domain]) })
          expect(hex(hash(domain, ...parts))).toBe(hex(expected))
        },
      ),
      { numRuns: 60 },
    )
  })

  it.each([1023, 1024, 1025, 2048, 2049, 5000])('is that function of %i bytes', (sizeBytes) => {
    const bytes = Uint8Array.from({ length: sizeBytes }, (_, index) => index % 251)
    const context = utf8(hashContexts.body)
    const expected = hex(blake3(bytes, { context }))
    expect(hex(hash('body', bytes))).toBe(expected)
    expect(hex(hash('body', bytes.subarray(0, 700), bytes.subarray(700)))).toBe(expected)
  })

  it.each([1, 3000])('of %i bytes is the same at the first use of a context', async (sizeBytes) => {
    vi.resetModules()
    const fresh = await import('./hash.ts')
    const bytes = new Uint8Array(sizeBytes)
    for (const domain of domains) {
      const expected = hex(blake3(bytes, { context: utf8(hashContexts[domain]) }))
      const uses = [1, 2, 3].map(() => hex(fresh.hash(domain, bytes)))
      expect(uses).toEqual([expected, expected, expected])
    }
  })

  it('derives each context once, and hashes what fits one chunk without the library', async () => {
    vi.resetModules()
    const calls = { contextKey: 0, create: 0, chunk: 0 }
    vi.doMock('./blake3Chunk.ts', async (original) => {
      const real = await original<typeof chunks>()
      return {
        ...real,
        contextKey: (context: Uint8Array) => {
          calls.contextKey += 1
          return real.contextKey(context)
        },
        blake3Chunk: (...args: Parameters<typeof real.blake3Chunk>) => {
          calls.chunk += 1
          return real.blake3Chunk(...args)
        },
      }
    })
    vi.doMock('@noble/hashes/blake3.js', () => ({
      blake3: {
        create: (...args: Parameters<typeof blake3.create>) => {
          calls.create += 1
          return blake3.create(...args)
        },
      },
    }))
    const fresh = await import('./hash.ts')
    for (const sizeBytes of [0, 1, 1024]) {
      for (const domain of domains) fresh.hash(domain, new Uint8Array(sizeBytes))
    }
    expect(calls).toEqual({ contextKey: domains.length, create: 0, chunk: 3 * domains.length })
    for (const sizeBytes of [1025, 1025, 3000]) {
      for (const domain of domains) fresh.hash(domain, new Uint8Array(sizeBytes))
    }
    expect(calls).toEqual({
      contextKey: domains.length,
      create: domains.length,
      chunk: 3 * domains.length,
    })
    vi.doUnmock('./blake3Chunk.ts')
    vi.doUnmock('@noble/hashes/blake3.js')
    vi.resetModules()
  })

  it('has a unique context for every use', () => {
    const contexts = Object.values(hashContexts)
    expect(new Set(contexts).size).toBe(contexts.length)
    for (const context of contexts) expect(context).toMatch(/^emotionalchain\/v1\/[a-z-]+$/)
    const digests = domains.map((domain) => hex(hash(domain, Uint8Array.of(1))))
    expect(new Set(digests).size).toBe(domains.length)
  })

  it('is frozen: a changed digest would be another chain', () => {
    expect(hex(hash('header'))).toBe(
      '6a53720c04528c4245ebe8a46d7ed8b009acc93be24dbc528727da1603a50bd2',
    )
    expect(hex(hash('smtNode', new Uint8Array(64)))).toBe(
      '0eed252755d73468ab8e222fea1f060f128362964e108fc128c8ce6073f839bf',
    )
  })
})
