import { blake3 } from '@noble/hashes/blake3.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, hex, utf8 } from '../base/bytes.ts'
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
        fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 4 }),
        (domain, parts) => {
          const expected = blake3(concat(...parts), { context: utf8(hashContexts[domain]) })
          expect(hex(hash(domain, ...parts))).toBe(hex(expected))
        },
      ),
      { numRuns: 60 },
    )
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
