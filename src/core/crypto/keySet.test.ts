import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ok } from '../base/result.ts'
import { decodeKeySet, encodeKeySet, type KeySet } from './keySet.ts'

const secret = fc.uint8Array({ minLength: 32, maxLength: 32 })

const keySets: fc.Arbitrary<KeySet> = fc
  .tuple(secret, secret, secret, secret, fc.uint8Array({ maxLength: 4096 }))
  .map(([identitySeed, vrfSeed, networkSeed, proofSecret, enrolment]) => ({
    identitySeed,
    vrfSeed,
    networkSeed,
    proofSecret,
    ...(enrolment.length === 0 ? {} : { enrolment }),
  }))

describe('SIG-1: the secrets of a validator', () => {
  it('come back as they were written', () => {
    fc.assert(
      fc.property(keySets, (keys) => {
        expect(decodeKeySet(encodeKeySet(keys))).toEqual(ok(keys))
      }),
    )
  })

  it('have one encoding: what decodes encodes to the same bytes', () => {
    const some = encodeKeySet({
      identitySeed: new Uint8Array(32).fill(1),
      vrfSeed: new Uint8Array(32).fill(2),
      networkSeed: new Uint8Array(32).fill(3),
      proofSecret: new Uint8Array(32).fill(4),
      enrolment: Uint8Array.of(5, 6),
    })
    fc.assert(
      fc.property(
        fc.nat({ max: some.length + 2 }),
        fc.integer({ min: 0, max: 255 }),
        (at, value) => {
          const changed = at < some.length ? some.slice() : new Uint8Array([...some, value])
          if (at < some.length) changed[at] = value
          const decoded = decodeKeySet(changed)
          if (decoded.ok) expect(encodeKeySet(decoded.value)).toEqual(changed)
          else expect(decoded.error.code).toBe('KEY_SET_INVALID')
        },
      ),
    )
  })

  it.each([
    ['nothing', new Uint8Array(0)],
    ['a newer version', new Uint8Array(131).fill(2, 0, 1)],
    ['too little', Uint8Array.of(1, ...new Uint8Array(129))],
    ['too much', Uint8Array.of(1, ...new Uint8Array(131))],
    ['an enrolment over the limit', Uint8Array.of(1, ...new Uint8Array(128), 0x10, 1)],
  ])('refuses %s', (_name, bytes) => {
    expect(decodeKeySet(bytes).ok).toBe(false)
  })
})
