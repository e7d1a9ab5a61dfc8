import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ok } from '../base/result.ts'
import { decodeKeySet, encodeKeySet, type KeySet } from './keySet.ts'

const secret = fc.uint8Array({ minLength: 32, maxLength: 32 })

const keySets: fc.Arbitrary<KeySet> = fc
  .tuple(secret, secret, secret, secret, fc.uint8Array({ maxLength: 4096, size: 'max' }))
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

  const frame = new Uint8Array(128)
  it.each([
    ['nothing', new Uint8Array(0), 'unknown version'],
    ['a newer version', new Uint8Array(131).fill(2, 0, 1), 'unknown version'],
    ['too little', Uint8Array.of(1, ...new Uint8Array(129)), 'too short'],
    ['too much', Uint8Array.of(1, ...new Uint8Array(131)), 'wrong length'],
    ['an enrolment over the limit', Uint8Array.of(1, ...frame, 0x10, 1), 'enrolment too long'],
    ['an enrolment that is not all here', Uint8Array.of(1, ...frame, 0x10, 0), 'wrong length'],
  ])('refuses %s, and says why', (_name, bytes, reason) => {
    const error = { code: 'KEY_SET_INVALID', reason }
    expect(decodeKeySet(bytes)).toEqual({ ok: false, error })
  })

  it('have a place each: version, four secrets, the length of the enrolment', () => {
    const fixed = Uint8Array.of(
      1,
      ...[1, 2, 3, 4].flatMap((value) => Array<number>(32).fill(value)),
    )
    const keys = {
      identitySeed: new Uint8Array(32).fill(1),
      vrfSeed: new Uint8Array(32).fill(2),
      networkSeed: new Uint8Array(32).fill(3),
      proofSecret: new Uint8Array(32).fill(4),
    }
    expect(encodeKeySet(keys)).toEqual(Uint8Array.of(...fixed, 0, 0))
    const enrolment = new Uint8Array(4096).fill(5)
    expect(encodeKeySet({ ...keys, enrolment })).toEqual(
      Uint8Array.of(...fixed, 16, 0, ...enrolment),
    )
  })
})
