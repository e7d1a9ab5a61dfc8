import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seal, unseal } from './seal.ts'

const key = new Uint8Array(32).fill(1)
const nonce = new Uint8Array(12).fill(2)
const context = Uint8Array.of(3)

describe('BFT-10: a secret sealed beside its record', () => {
  it('is AES-256-GCM as the platform computes it', async () => {
    const secret = new Uint8Array(32).fill(9)
    const platformKey = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt'])
    const encrypted = await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv: nonce, additionalData: context },
      platformKey,
      secret,
    )
    expect(seal(key, nonce, secret, context)).toEqual(
      new Uint8Array([...nonce, ...new Uint8Array(encrypted)]),
    )
  })

  it('opens with its key in its place alone', () => {
    const sealed = seal(key, nonce, Uint8Array.of(7), context)
    expect(unseal(key, sealed, context)).toEqual(Uint8Array.of(7))
    expect(unseal(new Uint8Array(32), sealed, context)).toBeUndefined()
    expect(unseal(key, sealed, Uint8Array.of(4))).toBeUndefined()
  })

  it('opens only whole: no beginning of it, however short, and nothing behind it', () => {
    const sealed = seal(key, nonce, Uint8Array.of(7), context)
    for (let length = 0; length < sealed.length; length += 1) {
      expect(unseal(key, sealed.subarray(0, length), context)).toBeUndefined()
    }
    expect(unseal(key, Uint8Array.of(...sealed, 0), context)).toBeUndefined()
    const empty = seal(key, nonce, new Uint8Array(0), context)
    expect(empty).toHaveLength(28)
    expect(unseal(key, empty, context)).toEqual(new Uint8Array(0))
  })

  it('answers on any bytes and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80, size: 'max' }), (bytes) => {
        expect(unseal(key, bytes, context)).toBeUndefined()
      }),
    )
  })
})
